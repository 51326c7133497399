/** Reads the payload of an alert so that no alert is ever lost to a bad optional field: it is left out, and said so. */
import type { BlueLight } from '../../../contract/alerts.ts'
import type { AlertMessage } from './message.ts'

type Payload = Pick<AlertMessage, 'blue' | 'location' | 'words' | 'imageData' | 'troubles'>
type Fields = Readonly<Record<string, unknown>>

const areaSides = ['x', 'y', 'width', 'height'] as const

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** 0..1; outside is clamped, not a number is left out. */
function readShare(fields: Fields, name: string, troubles: string[]): number | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (!isNumber(value)) {
    troubles.push(`${name} was not a number`)
    return undefined
  }
  if (value >= 0 && value <= 1) return value
  troubles.push(`${name} ${value} was outside 0..1`)
  return value < 0 ? 0 : 1
}

function readDuration(fields: Fields, troubles: string[]): number | undefined {
  const { duration } = fields
  if (duration === undefined || duration === null) return undefined
  if (isNumber(duration) && duration >= 0) return duration
  troubles.push('duration was not a time')
  return undefined
}

function readArea(fields: Fields, troubles: string[]): BlueLight['area'] {
  const area = fields.detectionArea
  if (area === undefined || area === null) return undefined
  if (typeof area === 'object') {
    const sides = new Map(Object.entries(area))
    const [x, y, width, height] = areaSides.map((side) => sides.get(side))
    if (isNumber(x) && isNumber(y) && isNumber(width) && isNumber(height)) return { x, y, width, height }
  }
  troubles.push('detectionArea was not a box')
  return undefined
}

function readText(fields: Fields, name: string, longest: number, troubles: string[]): string | null {
  const value = fields[name]
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value.slice(0, longest)
  troubles.push(`${name} was not text`)
  return null
}

export function readAlert(fields: Fields): Payload {
  const troubles: string[] = []
  const intensity = readShare(fields, 'intensity', troubles)
  const confidence = readShare(fields, 'confidence', troubles)
  const durationS = readDuration(fields, troubles)
  const area = readArea(fields, troubles)
  const blue: BlueLight | null =
    intensity === undefined
      ? null
      : {
          intensity,
          ...(confidence === undefined ? {} : { confidence }),
          ...(durationS === undefined ? {} : { durationS }),
          ...(area === undefined ? {} : { area }),
        }
  return {
    blue,
    location: readText(fields, 'location', 256, troubles),
    words: readText(fields, 'message', 500, troubles) ?? '',
    imageData: readText(fields, 'imageData', 2_000_000, troubles),
    troubles,
  }
}
