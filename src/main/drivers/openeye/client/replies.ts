/** What an OpenEye server answers over HTTP: cameras, faces, people, photos, settings. Pure; a row that cannot be used is left out. */
import type { FaceSettings, PersonPhoto } from '../../../../contract/faces.ts'
import { readInstant } from '../../../io/times.ts'
import { countIn, type Fields, flagIn, isFields, listIn, numberIn, shareIn, textIn } from '../fields.ts'
import { cameraIn, type Edges, edgesIn, personOf, type Zones } from '../messages.ts'

/** `source` is left out on purpose: it may carry the camera's password. */
export interface CameraReply {
  readonly camera: string
  readonly name: string
  readonly location: string | null
  readonly kind: string | null
  readonly isActive: boolean | null
  readonly isRecording: boolean | null
  readonly findsFaces: boolean | null
}

export interface CameraStatus {
  readonly isActive: boolean | null
  readonly isRunning: boolean | null
  readonly fps: number | null
  readonly lastFrameAt: number | null
  readonly trouble: string
}

export interface Detection {
  readonly person: string | null
  readonly confidence: number | null
  readonly at: number
  readonly edges: Edges | null
}

function rows(value: unknown, name: string): readonly Fields[] {
  const list = Array.isArray(value) ? value : isFields(value) ? listIn(value, name) : []
  return list.filter(isFields)
}

export function readCamera(row: Fields): CameraReply | null {
  const camera = cameraIn(row) ?? cameraIn(row, 'id')
  if (camera === null) return null
  return {
    camera,
    name: textIn(row, 'name', 200) ?? camera,
    location: textIn(row, 'location', 200),
    kind: textIn(row, 'camera_type', 64),
    isActive: flagIn(row, 'is_active'),
    isRecording: flagIn(row, 'is_recording'),
    findsFaces: flagIn(row, 'face_detection_enabled'),
  }
}

/** Null when it is no list of cameras at all. */
export function readCameras(value: unknown): readonly CameraReply[] | null {
  if (!Array.isArray(value) && !(isFields(value) && Array.isArray(value.cameras))) return null
  return rows(value, 'cameras').flatMap((row) => readCamera(row) ?? [])
}

export function readStatus(value: unknown, zones: Zones): CameraStatus | null {
  if (!isFields(value)) return null
  return {
    isActive: flagIn(value, 'is_active'),
    isRunning: flagIn(value, 'is_running'),
    fps: numberIn(value, 'fps'),
    lastFrameAt: readInstant(value.last_frame_time, zones.zone),
    trouble: textIn(value, 'error_message', 300) ?? '',
  }
}

function readDetection(row: Fields, zones: Zones): Detection | null {
  const at = readInstant(row.timestamp, zones.recognitionZone)
  if (at === null) return null
  return {
    person: personOf(textIn(row, 'name', 200)),
    confidence: shareIn(row, 'confidence'),
    at,
    edges: edgesIn(row, 'location'),
  }
}

/** By camera, oldest first. Null when the answer is of another kind. */
export function readDetections(
  value: unknown,
  zones: Zones,
): ReadonlyMap<string, readonly Detection[]> | null {
  if (!isFields(value)) return null
  const cameras = new Map<string, readonly Detection[]>()
  for (const [camera, entry] of Object.entries(value)) {
    if (!isFields(entry) || camera === '' || camera.length > 100) continue
    const faces = rows(entry, 'recent_faces').flatMap((row) => readDetection(row, zones) ?? [])
    cameras.set(
      camera,
      faces.toSorted((a, b) => a.at - b.at),
    )
  }
  return cameras
}

export interface PersonReply {
  readonly name: string
  readonly photoCount: number
}

export function readPeople(value: unknown): readonly PersonReply[] | null {
  if (!Array.isArray(value) && !(isFields(value) && Array.isArray(value.people))) return null
  return rows(value, 'people').flatMap((row) => {
    const name = textIn(row, 'name', 200)
    return name === null ? [] : { name, photoCount: countIn(row, 'photo_count') ?? 0 }
  })
}

export function readPhotos(value: unknown, zones: Zones): readonly PersonPhoto[] {
  return rows(value, 'photos').flatMap((row) => {
    const file = textIn(row, 'filename', 255)
    if (file === null) return []
    const addedAt = readInstant(row.uploaded_at, zones.recognitionZone)
    return { file, sizeBytes: countIn(row, 'size_bytes'), addedAt }
  })
}

/** Null when the server's settings are not ones we know. */
export function readSettings(value: unknown): FaceSettings | null {
  if (!isFields(value)) return null
  const { detection_method: detectionMethod } = value
  const recognitionThreshold = shareIn(value, 'recognition_threshold')
  if ((detectionMethod !== 'hog' && detectionMethod !== 'cnn') || recognitionThreshold === null) return null
  return { enabled: flagIn(value, 'enabled') ?? true, detectionMethod, recognitionThreshold }
}

/** The server's own words for an error: text, or a list of what is wrong where. */
export function detailOf(value: unknown): string | null {
  if (!isFields(value)) return null
  const text = textIn(value, 'detail', 300) ?? textIn(value, 'message', 300)
  if (text !== null) return text
  const parts = rows(value, 'detail').flatMap((row) => {
    const what = textIn(row, 'msg', 200)
    const where = listIn(row, 'loc').filter((step) => typeof step === 'string' && step !== 'body')
    return what === null ? [] : [...where, what].join(': ').slice(0, 200)
  })
  return parts.length === 0 ? null : parts.slice(0, 3).join('; ')
}
