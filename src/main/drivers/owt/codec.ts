/** Pictures to messages in either form, and what the server says to what it means. Pure. */
import { readJson } from '../../io/json.ts'
import { readInstant, type Zone } from '../../io/times.ts'
import { type Fields, flagIn, isFields, numberIn, textIn } from './fields.ts'
import type { Dialect } from './profile.ts'

export interface Outgoing {
  /** Ours; only the document's form carries it. */
  readonly frameId: string
  /** Epoch ms. */
  readonly at: number
  readonly widthPx: number
  readonly heightPx: number
}

/** What goes before and after the picture's base64. */
function around(dialect: Dialect, { frameId, at, widthPx, heightPx }: Outgoing): readonly [string, string] {
  if (dialect === 'deployed') return ['{"type":"processFrame","image":"', '"}']
  const timestamp = new Date(at).toISOString()
  return [
    `{"type":"frame","data":{"frameId":"${frameId}","timestamp":"${timestamp}","imageData":"`,
    `","format":"jpeg","width":${widthPx},"height":${heightPx}}}`,
  ]
}

/** The whole message as bytes: base64 is made once, and nothing walks through it again. */
export function writePicture(dialect: Dialect, about: Outgoing, jpeg: Uint8Array): Buffer {
  const [before, after] = around(dialect, about)
  const text = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64')
  const message = Buffer.allocUnsafe(before.length + text.length + after.length)
  message.write(before, 0, 'latin1')
  message.write(text, before.length, 'latin1')
  message.write(after, before.length + text.length, 'latin1')
  return message
}

/** The same for a person who looks: the picture as its size. */
export function shownPicture(dialect: Dialect, about: Outgoing, sizeBytes: number): string {
  const [before, after] = around(dialect, about)
  return `${before}<JPEG, ${sizeBytes.toLocaleString('en')} bytes>${after}`
}

export function writePing(now: number): string {
  return JSON.stringify({ type: 'ping', timestamp: now })
}

/** Long text without a space is a picture in base64: crops and annotated pictures come back so. */
const pictureText = /[A-Za-z0-9+/=]{200,}/g

export function withoutPictures(text: string): string {
  return text.replace(pictureText, (found) => `<${found.length.toLocaleString('en')} characters>`)
}

export interface RawBox {
  /** Which field it stood in: `bbox` and `box` are written by different hands. */
  readonly field: 'bbox' | 'box'
  readonly numbers: readonly [number, number, number, number]
}

export interface SaidFace {
  readonly person: string | null
  readonly confidence: number | null
  readonly box: RawBox | null
  readonly mask: boolean | null
  readonly age: number | null
  readonly gender: string | null
  readonly isCheckedIn: boolean
}

export interface Result {
  readonly is: 'result'
  readonly frameId: string | null
  /** The server's own time of its answer. */
  readonly at: number | null
  readonly faces: readonly SaidFace[]
  /** The server's word: `face_found`, `no_face`, `multiple_faces`, `detecting`. */
  readonly status: string | null
  readonly processingMs: number | null
  /** Faces left out because nothing in them could be read, and those beyond the most there may be. */
  readonly unread: number
}

export type Said =
  | Result
  | { readonly is: 'error'; readonly frameId: string | null; readonly words: string }
  /** Understood, and nothing to act on: `pong`, a welcome, a heartbeat. */
  | { readonly is: 'chatter'; readonly type: string }
  | { readonly is: 'unknown'; readonly type: string }
  | { readonly is: 'bad'; readonly words: string }

const chatter: readonly string[] = ['pong', 'ping', 'heartbeat', 'connection', 'status', 'test', 'welcome']
export const statuses: readonly string[] = ['face_found', 'no_face', 'multiple_faces', 'detecting']
const mostFaces = 50

export function readMessage(bytes: Buffer, isBinary: boolean, zone: Zone): Said {
  if (isBinary) return { is: 'bad', words: 'a binary message' }
  const read = readJson(bytes)
  if (!read.ok) return { is: 'bad', words: read.message }
  if (!isFields(read.value)) return { is: 'bad', words: 'not an object' }
  const type = textIn(read.value, 'type', 60) ?? ''
  const data = isFields(read.value.data) ? read.value.data : null
  if (type === 'frameResult')
    return data === null ? { is: 'bad', words: 'frameResult without data' } : readResult(data, zone)
  if (type === 'error') {
    const from = data ?? read.value
    const words =
      textIn(read.value, 'message', 300) ??
      textIn(read.value, 'error', 300) ??
      textIn(from, 'message', 300) ??
      textIn(from, 'error', 300)
    const frameId = textIn(from, 'frameId', 128) ?? textIn(read.value, 'frameId', 128)
    return { is: 'error', frameId, words: words ?? 'an error without words' }
  }
  return chatter.includes(type) ? { is: 'chatter', type } : { is: 'unknown', type }
}

function readResult(data: Fields, zone: Zone): Said {
  const said = data.faces
  if (said !== undefined && said !== null && !Array.isArray(said))
    return { is: 'bad', words: 'faces is no list' }
  const list: readonly unknown[] = said ?? []
  const faces = list.slice(0, mostFaces).filter(isFields)
  // A check-in is said once for the whole picture, and is about the face the server names first.
  const first = Math.max(
    0,
    faces.findIndex((face) => face.isRecognized === true),
  )
  const isAlone = faces.length === 1
  return {
    is: 'result',
    frameId: textIn(data, 'frameId', 128),
    at: readInstant(data.timestamp, zone),
    faces: faces.map((face, n) =>
      readFace(face, isAlone ? data : {}, n === first && data.isCheckinSent === true),
    ),
    status: textIn(data, 'status', 60),
    processingMs: numberIn(data, 'processingTime'),
    unread: list.length - faces.length,
  }
}

/** `around`: what the message says beside its only face, where some servers put the name. */
function readFace(face: Fields, around: Fields, isCheckedIn: boolean): SaidFace {
  const name =
    textIn(face, 'employeeName', 200) ??
    textIn(around, 'employeeName', 200) ??
    textIn(face, 'personId', 200) ??
    textIn(around, 'personId', 200)
  const isRecognized = flagIn(face, 'isRecognized') ?? name !== null
  const confidence = numberIn(face, 'confidence')
  const age = numberIn(face, 'age')
  return {
    person: isRecognized ? (name ?? textIn(face, 'faceId', 200) ?? 'recognised, no name given') : null,
    confidence: confidence === null ? null : Math.min(1, Math.max(0, confidence)),
    box: readBox(face),
    mask: readMask(face.mask),
    age: age === null || age < 0 || age > 150 ? null : Math.round(age),
    gender: textIn(face, 'gender', 40),
    isCheckedIn: flagIn(face, 'isCheckinSent') ?? isCheckedIn,
  }
}

function readBox(face: Fields): RawBox | null {
  for (const field of ['bbox', 'box'] as const) {
    const value = face[field]
    if (!Array.isArray(value) || value.length !== 4) continue
    const numbers = value.map((one) => (typeof one === 'number' ? one : Number.NaN))
    const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = numbers
    if (numbers.every((one) => Number.isFinite(one) && Math.abs(one) < 1e6))
      return { field, numbers: [a, b, c, d] }
  }
  return null
}

const without = ['no_mask', 'without_mask', 'nomask', 'no', 'none', 'false', 'off', 'unmasked']
const wearing = ['mask', 'with_mask', 'masked', 'yes', 'true', 'on', 'wearing_mask', 'has_mask']

/** The app's model has a boolean, the server's description a word. */
function readMask(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' || value.length > 40) return null
  const word = value
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  if (without.includes(word)) return false
  return wearing.includes(word) ? true : null
}
