/** A session description (RFC 8866) as far as a video track needs it. Tolerant: what cannot be read is left out. */

export interface Track {
  readonly codec: string
  readonly payloadType: number
  readonly clockRate: number
  readonly control: string
  /** Parameter sets from `sprop-…`, NAL units without start codes. */
  readonly sets: readonly Buffer[]
}

export interface Description {
  /** Of the whole session. */
  readonly control: string
  /** The first video of a codec we know, else the first video. */
  readonly video: Track | null
  readonly media: readonly string[]
}

const mostLines = 1000
const mostSetsBytes = 8192
const known = ['H264', 'H265']
/** RFC 3551: types that need no rtpmap. */
const fixedTypes: Readonly<Record<number, string>> = {
  26: 'JPEG',
  31: 'H261',
  32: 'MPV',
  33: 'MP2T',
  34: 'H263',
}

interface Media {
  readonly kind: string
  readonly payloadType: number
  readonly attributes: string[]
}

export function readSdp(text: string): Description {
  const session: string[] = []
  const media: Media[] = []
  for (const line of text.split(/\r\n|\n|\r/, mostLines)) {
    const started = /^m=(\w{1,20}) \d+(?:\/\d+)? [\w/]+ (\d{1,3})/.exec(line)
    if (started !== null)
      media.push({ kind: started[1] ?? '', payloadType: Number(started[2]), attributes: [] })
    else if (line.startsWith('m=')) media.push({ kind: 'unreadable', payloadType: -1, attributes: [] })
    else if (line.startsWith('a=')) (media.at(-1)?.attributes ?? session).push(line.slice(2))
  }
  const videos = media.filter(({ kind }) => kind === 'video').map(trackOf)
  return {
    control: attribute(session, 'control') ?? '*',
    video: videos.find(({ codec }) => known.includes(codec)) ?? videos[0] ?? null,
    media: media.map(({ kind }) => kind),
  }
}

function trackOf({ payloadType, attributes }: Media): Track {
  const map = attributes
    .map((one) => /^rtpmap:(\d{1,3}) +([\w.-]{1,40})\/(\d{1,9})/.exec(one))
    .find((match) => match !== null && Number(match[1]) === payloadType)
  const parameters = attributes.find((one) => one.startsWith(`fmtp:${payloadType} `)) ?? ''
  const rate = Number(map?.[3] ?? 0)
  const name = (map?.[2] ?? fixedTypes[payloadType] ?? 'unknown').toUpperCase()
  return {
    codec: name === 'HEVC' ? 'H265' : name,
    payloadType,
    clockRate: rate > 0 ? rate : 90_000,
    control: attribute(attributes, 'control') ?? '',
    sets: setsOf(parameters),
  }
}

function attribute(attributes: readonly string[], name: string): string | undefined {
  return attributes
    .find((one) => one.startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim()
}

function setsOf(parameters: string): Buffer[] {
  const values = [...parameters.matchAll(/sprop-(?:parameter-sets|vps|sps|pps)=([A-Za-z0-9+/=,]+)/g)]
  return values
    .flatMap(([, value = '']) => value.split(','))
    .map((one) => Buffer.from(one, 'base64'))
    .filter((set) => set.length > 1 && set.length <= mostSetsBytes)
    .slice(0, 16)
}
