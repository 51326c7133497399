/** The form of an OpenEye client: a server to log in to. User and password are asked for beside it and kept elsewhere. */
import { isSeconds, webUrlComplaint } from './address.ts'
import { type Choice, chosen, gathered, inSeconds, type Kind, type ProfileOf, textOf, typed } from './kind.ts'
import { ladderField, ladderOf } from './ladder.ts'

const zones = ['utc', 'local'] as const
const zoneChoices: readonly Choice[] = zones.map((value) => ({ value, label: `zone-${value}` }))

export const openEyeClient: Kind<ProfileOf<'openeye-client'>> = {
  driver: 'openeye-client',
  stem: 'openeye',
  fields: [
    { name: 'url', label: 'url', hint: 'webHint', input: 'text' },
    { name: 'pollS', label: 'poll', hint: 'pollHint', input: 'number' },
    ladderField,
    { name: 'zone', label: 'zone', hint: 'zoneHint', input: zoneChoices },
    { name: 'recognitionZone', label: 'recognitionZone', hint: 'recognitionZoneHint', input: zoneChoices },
    { name: 'keepStreams', label: 'keepStreams', hint: 'keepStreamsHint', input: 'tick' },
  ],
  empty: {
    url: 'http://',
    pollS: '5',
    ladder: 'lan',
    zone: 'utc',
    recognitionZone: 'local',
    keepStreams: '',
  },
  read: ({ url, pollMs, ladder, zone, recognitionZone, keepStreams }) => ({
    url: typed(url),
    pollS: inSeconds(pollMs),
    ladder: ladderOf(ladder),
    zone: chosen(zone, zones, 'utc'),
    recognitionZone: chosen(recognitionZone, zones, 'local'),
    keepStreams: typed(keepStreams === true),
  }),
  complaints: (texts) =>
    gathered([
      ['url', webUrlComplaint(textOf(texts, 'url'))],
      ['pollS', isSeconds(textOf(texts, 'pollS'), 2, 60) ? null : 'poll-range'],
    ]),
  build: (base, texts) => ({
    ...base,
    driver: 'openeye-client',
    url: textOf(texts, 'url'),
    ladder: ladderOf(texts.ladder),
    pollMs: Number(textOf(texts, 'pollS')) * 1000,
    zone: chosen(texts.zone, zones, 'utc'),
    recognitionZone: chosen(texts.recognitionZone, zones, 'local'),
    keepStreams: texts.keepStreams === 'yes',
  }),
  logsIn: true,
}
