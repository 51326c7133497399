/** The form of the vehicle gateway: a port other programs connect to. Its users are managed on the link itself. */
import { hostComplaint, isOrigin, portComplaint } from './address.ts'
import { gathered, type Kind, type ProfileOf, type Texts, textOf, typed } from './kind.ts'

const mostOrigins = 20
const mostMinutes = 525_600

function originsOf(texts: Texts): string[] {
  return textOf(texts, 'origins')
    .split(/\s+/)
    .filter((origin) => origin !== '')
}

export const oht50Gateway: Kind<ProfileOf<'oht50-gateway'>> = {
  driver: 'oht50-gateway',
  stem: 'gateway',
  fields: [
    { name: 'host', label: 'host', hint: 'hostHint', input: 'text' },
    { name: 'port', label: 'port', hint: 'gatewayPortHint', input: 'whole' },
    { name: 'viewersNeedToken', label: 'viewersNeedToken', hint: 'viewersNeedTokenHint', input: 'tick' },
    { name: 'tokenMinutes', label: 'tokenMinutes', hint: 'gatewayTokenHint', input: 'whole' },
    { name: 'origins', label: 'origins', hint: 'originsHint', input: 'lines' },
  ],
  empty: { host: '127.0.0.1', port: '8081', viewersNeedToken: 'yes', tokenMinutes: '30', origins: '' },
  read: ({ host, port, viewersNeedToken, tokenMinutes, origins }) => ({
    host: typed(host),
    port: typed(port),
    viewersNeedToken: typed(viewersNeedToken),
    tokenMinutes: typed(tokenMinutes),
    origins: Array.isArray(origins) ? origins.map(typed).join('\n') : '',
  }),
  complaints(texts, others) {
    const minutes = textOf(texts, 'tokenMinutes')
    const minutesFit = /^\d{1,6}$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= mostMinutes
    const origins = originsOf(texts)
    return gathered([
      ['host', hostComplaint(textOf(texts, 'host'))],
      ['port', portComplaint(textOf(texts, 'port'), others)],
      ['tokenMinutes', minutesFit ? null : 'gateway-token-range'],
      ['origins', origins.length <= mostOrigins && origins.every(isOrigin) ? null : 'origin-odd'],
    ])
  },
  build: (base, texts) => ({
    ...base,
    driver: 'oht50-gateway',
    host: textOf(texts, 'host'),
    port: Number(textOf(texts, 'port')),
    origins: originsOf(texts),
    viewersNeedToken: textOf(texts, 'viewersNeedToken') === 'yes',
    tokenMinutes: Number(textOf(texts, 'tokenMinutes')),
  }),
  listensOn: (texts) => textOf(texts, 'host'),
}
