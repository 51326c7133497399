/** What an OpenEye server says on its socket, as messages with meaning. Pure, tolerant, never throws. */
import { readJson } from '../../io/json.ts'
import { readInstant, type Zone } from '../../io/times.ts'
import { countIn, type Fields, fieldsIn, isFields, noFields, numberIn, shareIn, textIn } from './fields.ts'

/** What times without a zone mean. */
export interface Zones {
  readonly zone: Zone
  /** Of the last recognition, the detections and the photos: the deployed server writes its local time there. */
  readonly recognitionZone: Zone
}

export interface Figures {
  readonly totalPeople: number | null
  readonly recognitionsToday: number | null
  readonly unknownFacesToday: number | null
  readonly lastRecognitionAt: number | null
  readonly totalCameras: number | null
  readonly activeCameras: number | null
  readonly recordingCameras: number | null
}

/** Edges in pixels of the picture the face was found on. */
export interface Edges {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

export interface CameraEvent {
  readonly is: 'camera-event'
  readonly camera: string | null
  readonly kind: string
  /** Undefined: no name was given. Null: a face nobody knows. */
  readonly person: string | null | undefined
  readonly confidence: number | null
  readonly edges: Edges | null
  readonly at: number | null
  readonly words: string | null
}

export interface ServerAlert {
  readonly is: 'alert'
  readonly level: string
  readonly camera: string | null
  readonly words: string | null
  readonly at: number | null
}

export type ServerMessage =
  | { readonly is: 'statistics'; readonly figures: Figures; readonly at: number | null }
  | { readonly is: 'statistics-failed'; readonly reason: string }
  | { readonly is: 'pong' }
  /** The greeting and confirmations: polite, and no proof that anything works. */
  | { readonly is: 'courtesy' }
  | CameraEvent
  | ServerAlert
  | { readonly is: 'unknown'; readonly type: string }
  | { readonly is: 'bad'; readonly reason: string }

/** The name the server writes for nobody. */
export function personOf(name: string | null): string | null {
  return name === null || name.toLowerCase() === 'unknown' ? null : name
}

export function edgesIn(fields: Fields, name: string): Edges | null {
  const location = fieldsIn(fields, name)
  if (location === null) return null
  const [top, right, bottom, left] = ['top', 'right', 'bottom', 'left'].map((side) =>
    numberIn(location, side),
  )
  if (top == null || right == null || bottom == null || left == null) return null
  return { top, right, bottom, left }
}

/** A camera's own id: text in the deployed server, a number in its document. */
export function cameraIn(fields: Fields, name = 'camera_id'): string | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textIn(fields, name, 100)
}

/** Nested as on the socket, or flat as over HTTP. */
export function readFigures(data: Fields, zones: Zones): Figures {
  const faces = fieldsIn(data, 'face_recognition') ?? data
  const cameras = fieldsIn(data, 'cameras') ?? data
  return {
    totalPeople: countIn(faces, 'total_people'),
    recognitionsToday: countIn(faces, 'recognitions_today'),
    unknownFacesToday: countIn(faces, 'unknown_faces_today'),
    lastRecognitionAt: readInstant(faces.last_recognition, zones.recognitionZone),
    totalCameras: countIn(cameras, 'total_cameras'),
    activeCameras: countIn(cameras, 'active_cameras'),
    recordingCameras: countIn(cameras, 'recording_cameras'),
  }
}

function readStatistics(message: Fields, zones: Zones): ServerMessage {
  const data = fieldsIn(message, 'data')
  if (data === null) return { is: 'bad', reason: 'statistics_update without data' }
  if (data.error !== undefined) {
    const reason = textIn(data, 'error', 200) ?? 'no reason given'
    return { is: 'statistics-failed', reason: `the server could not collect its figures: ${reason}` }
  }
  const at = readInstant(message.timestamp, zones.zone) ?? readInstant(data.timestamp, zones.zone)
  return { is: 'statistics', figures: readFigures(data, zones), at }
}

function wordsIn(data: Fields): string | null {
  return (
    textIn(data, 'message', 500) ??
    textIn(data, 'text', 500) ??
    textIn(data, 'description', 500) ??
    textIn(data, 'title', 500)
  )
}

function readEvent(message: Fields, zones: Zones): ServerMessage {
  const kind = textIn(message, 'event_type', 64)
  if (kind === null) return { is: 'bad', reason: 'camera_event without event_type' }
  const data = fieldsIn(message, 'data') ?? noFields
  const name = textIn(data, 'name', 200) ?? textIn(data, 'person_name', 200) ?? textIn(data, 'person', 200)
  return {
    is: 'camera-event',
    camera: cameraIn(message) ?? cameraIn(data),
    kind,
    person: name === null ? undefined : personOf(name),
    confidence: shareIn(data, 'confidence'),
    edges: edgesIn(data, 'location'),
    at: readInstant(message.timestamp, zones.zone),
    words: wordsIn(data),
  }
}

function readAlert(message: Fields, zones: Zones): ServerMessage {
  const data = fieldsIn(message, 'data') ?? noFields
  return {
    is: 'alert',
    level: textIn(message, 'alert_type', 32) ?? '',
    camera: cameraIn(data) ?? cameraIn(message),
    words: wordsIn(data) ?? wordsIn(message),
    at: readInstant(message.timestamp, zones.zone) ?? readInstant(data.timestamp, zones.zone),
  }
}

function readFields(message: Fields, zones: Zones): ServerMessage {
  const { type } = message
  switch (type) {
    case 'statistics_update':
      return readStatistics(message, zones)
    case 'pong':
      return { is: 'pong' }
    case 'connection_status':
    case 'subscription_confirmed':
    case 'unsubscription_confirmed':
      return { is: 'courtesy' }
    case 'camera_event':
      return readEvent(message, zones)
    case 'alert':
      return readAlert(message, zones)
    default:
      if (typeof type === 'string') return { is: 'unknown', type: type.slice(0, 64) }
      return { is: 'bad', reason: 'the message has no type' }
  }
}

export interface Decoded {
  readonly message: ServerMessage
  /** As it came; empty when it was not even text. */
  readonly text: string
}

export function decode(bytes: Buffer, isBinary: boolean, zones: Zones): Decoded {
  if (isBinary) return { message: { is: 'bad', reason: 'messages are text' }, text: '' }
  const read = readJson(bytes)
  if (!read.ok) return { message: { is: 'bad', reason: read.message }, text: '' }
  const { value, text } = read
  if (!isFields(value)) return { message: { is: 'bad', reason: 'a message is a JSON object' }, text }
  return { message: readFields(value, zones), text }
}
