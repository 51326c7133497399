/** The form of an OpenEye server: a port other dashboards connect to. Its users are managed on the link itself. */
import { hostComplaint, isOrigin, isSeconds, portComplaint } from './address.ts'
import { gathered, inSeconds, type Kind, type ProfileOf, type Texts, textOf, typed } from './kind.ts'

const mostOrigins = 20

function originsOf(texts: Texts): string[] {
  return textOf(texts, 'origins')
    .split(/\s+/)
    .filter((origin) => origin !== '')
}

export const openEyeServer: Kind<ProfileOf<'openeye-server'>> = {
  driver: 'openeye-server',
  stem: 'openeye-server',
  fields: [
    { name: 'host', label: 'host', hint: 'hostHint', input: 'text' },
    { name: 'port', label: 'port', hint: 'portHint', input: 'whole' },
    { name: 'broadcastS', label: 'broadcast', hint: 'broadcastHint', input: 'number' },
    { name: 'tokenMinutes', label: 'tokenMinutes', hint: 'tokenMinutesHint', input: 'whole' },
    { name: 'origins', label: 'origins', hint: 'originsHint', input: 'lines' },
  ],
  empty: { host: '127.0.0.1', port: '8000', broadcastS: '5', tokenMinutes: '30', origins: '' },
  read: ({ host, port, broadcastMs, tokenMinutes, origins }) => ({
    host: typed(host),
    port: typed(port),
    broadcastS: inSeconds(broadcastMs),
    tokenMinutes: typed(tokenMinutes),
    origins: Array.isArray(origins) ? origins.map(typed).join('\n') : '',
  }),
  complaints(texts, others) {
    const minutes = textOf(texts, 'tokenMinutes')
    const minutesFit = /^\d{1,4}$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= 1440
    const origins = originsOf(texts)
    return gathered([
      ['host', hostComplaint(textOf(texts, 'host'))],
      ['port', portComplaint(textOf(texts, 'port'), others)],
      ['broadcastS', isSeconds(textOf(texts, 'broadcastS'), 1, 60) ? null : 'broadcast-range'],
      ['tokenMinutes', minutesFit ? null : 'token-range'],
      ['origins', origins.length <= mostOrigins && origins.every(isOrigin) ? null : 'origin-odd'],
    ])
  },
  build: (base, texts) => ({
    ...base,
    driver: 'openeye-server',
    host: textOf(texts, 'host'),
    port: Number(textOf(texts, 'port')),
    origins: originsOf(texts),
    broadcastMs: Number(textOf(texts, 'broadcastS')) * 1000,
    tokenMinutes: Number(textOf(texts, 'tokenMinutes')),
  }),
  listensOn: (texts) => textOf(texts, 'host'),
}
