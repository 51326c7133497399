/** The form of a blue-light hub: a port devices connect to. */
import { hostComplaint, isSeconds, portComplaint } from './address.ts'
import { gathered, inSeconds, type Kind, type ProfileOf, textOf, typed } from './kind.ts'

export const blueLightHub: Kind<ProfileOf<'blue-light-hub'>> = {
  driver: 'blue-light-hub',
  stem: 'hub',
  fields: [
    { name: 'host', label: 'host', hint: 'hostHint', input: 'text' },
    { name: 'port', label: 'port', hint: 'portHint', input: 'whole' },
    { name: 'heartbeatS', label: 'heartbeat', hint: 'heartbeatHint', input: 'number' },
  ],
  empty: { host: '127.0.0.1', port: '8766', heartbeatS: '30' },
  read: ({ host, port, heartbeatMs }) => ({
    host: typed(host),
    port: typed(port),
    heartbeatS: inSeconds(heartbeatMs),
  }),
  complaints: (texts, others) =>
    gathered([
      ['host', hostComplaint(textOf(texts, 'host'))],
      ['port', portComplaint(textOf(texts, 'port'), others)],
      ['heartbeatS', isSeconds(textOf(texts, 'heartbeatS'), 1, 600) ? null : 'heartbeat-range'],
    ]),
  build: (base, texts) => ({
    ...base,
    driver: 'blue-light-hub',
    host: textOf(texts, 'host'),
    port: Number(textOf(texts, 'port')),
    heartbeatMs: Number(textOf(texts, 'heartbeatS')) * 1000,
  }),
  listensOn: (texts) => textOf(texts, 'host'),
}
