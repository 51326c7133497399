/** The form of a blue-light client: a relay or another control center to connect to. */
import { socketUrlComplaint } from './address.ts'
import { gathered, type Kind, type ProfileOf, textOf, typed } from './kind.ts'
import { ladderField, ladderOf } from './ladder.ts'

const longestName = 128

export const blueLightClient: Kind<ProfileOf<'blue-light-client'>> = {
  driver: 'blue-light-client',
  stem: 'relay',
  fields: [
    { name: 'url', label: 'url', hint: 'urlHint', input: 'text' },
    { name: 'group', label: 'group', hint: 'groupHint', input: 'text' },
    { name: 'deviceId', label: 'deviceId', hint: 'deviceIdHint', input: 'text' },
    ladderField,
  ],
  empty: { url: 'ws://', group: '', deviceId: 'watchfloor', ladder: 'lan' },
  read: ({ url, group, deviceId, ladder }) => ({
    url: typed(url),
    group: typed(group),
    deviceId: typed(deviceId),
    ladder: ladderOf(ladder),
  }),
  complaints(texts) {
    const device = textOf(texts, 'deviceId')
    return gathered([
      ['url', socketUrlComplaint(textOf(texts, 'url'))],
      ['group', textOf(texts, 'group').length > longestName ? 'too-long' : null],
      ['deviceId', device === '' ? 'device-missing' : device.length > longestName ? 'too-long' : null],
    ])
  },
  build: (base, texts) => ({
    ...base,
    driver: 'blue-light-client',
    url: textOf(texts, 'url'),
    group: textOf(texts, 'group'),
    deviceId: textOf(texts, 'deviceId'),
    ladder: ladderOf(texts.ladder),
  }),
}
