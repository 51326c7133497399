/** The form of a link to an OWT face server. Its API key is asked for beside it and kept elsewhere. */
import { socketUrlComplaint } from './address.ts'
import {
  type Choice,
  type Complaint,
  chosen,
  gathered,
  type Kind,
  type ProfileOf,
  textOf,
  typed,
} from './kind.ts'
import { ladderField, ladderOf } from './ladder.ts'

const zones = ['utc', 'local'] as const
const zoneChoices: readonly Choice[] = zones.map((value) => ({ value, label: `zone-${value}` }))
const dialects = ['auto', 'deployed', 'document'] as const
const dialectChoices: readonly Choice[] = dialects.map((value) => ({ value, label: `dialect-${value}` }))
const formats = ['auto', 'xywh-px', 'xyxy-px', 'xywh-norm', 'tlbr-px'] as const
const formatChoices: readonly Choice[] = formats.map((value) => ({ value, label: `boxFormat-${value}` }))

/** The same names as the check in main. */
const keyName = /^(?:api_?)?key$|token$/i

function addressComplaint(text: string): Complaint | null {
  const complaint = socketUrlComplaint(text)
  if (complaint !== null) return complaint
  return [...new URL(text).searchParams.keys()].some((name) => keyName.test(name)) ? 'url-key' : null
}

export const owtClient: Kind<ProfileOf<'owt-client'>> = {
  driver: 'owt-client',
  stem: 'owt',
  fields: [
    { name: 'url', label: 'url', hint: 'faceUrlHint', input: 'text' },
    { name: 'dialect', label: 'dialect', hint: 'dialectHint', input: dialectChoices },
    { name: 'boxFormat', label: 'boxFormat', hint: 'boxFormatHint', input: formatChoices },
    ladderField,
    { name: 'zone', label: 'zone', hint: 'faceZoneHint', input: zoneChoices },
  ],
  empty: { url: 'wss://', dialect: 'auto', boxFormat: 'auto', ladder: 'lan', zone: 'utc' },
  read: ({ url, dialect, boxFormat, ladder, zone }) => ({
    url: typed(url),
    dialect: chosen(dialect, dialects, 'auto'),
    boxFormat: chosen(boxFormat, formats, 'auto'),
    ladder: ladderOf(ladder),
    zone: chosen(zone, zones, 'utc'),
  }),
  complaints: (texts) => gathered([['url', addressComplaint(textOf(texts, 'url'))]]),
  build: (base, texts) => ({
    ...base,
    driver: 'owt-client',
    url: textOf(texts, 'url'),
    dialect: chosen(texts.dialect, dialects, 'auto'),
    boxFormat: chosen(texts.boxFormat, formats, 'auto'),
    ladder: ladderOf(texts.ladder),
    zone: chosen(texts.zone, zones, 'utc'),
  }),
  logsIn: 'key',
}
