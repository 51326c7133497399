/** What this installation shows, in OpenEye's words: ids, times, figures, cameras, faces. Pure. */
import type { AlertEntry, Priority } from '../../../../contract/alerts.ts'
import type { Camera, CameraId } from '../../../../contract/cameras.ts'
import type { Box, DetectionEvent } from '../../../../contract/events.ts'
import type { FacesNow, Person } from '../../../../contract/faces.ts'
import { never } from '../../../../contract/fault.ts'
import type { Statistics } from '../../../../contract/statistics.ts'

export interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

/** `<link>:<camera>`: a slash would be a folder in an address. */
export function wireId(id: CameraId): string {
  return id.replace('/', ':')
}

/** Either spelling; a colon may also be part of an id, so the cameras decide. */
export function cameraOf(cameras: Iterable<Camera>, said: string): Camera | undefined {
  for (const camera of cameras) if (camera.id === said || wireId(camera.id) === said) return camera
  return undefined
}

/** Always with its zone. */
export function time(at: number): string {
  return new Date(at).toISOString()
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at)
}

export function nestedFigures(row: Statistics): object {
  return {
    face_recognition: {
      total_people: row.totalPeople,
      recognitions_today: row.recognitionsToday,
      last_recognition: timeOrNull(row.lastRecognitionAt),
      unknown_faces_today: row.unknownFacesToday,
    },
    cameras: {
      total_cameras: row.totalCameras,
      active_cameras: row.activeCameras,
      recording_cameras: row.recordingCameras,
    },
    timestamp: time(row.at),
  }
}

export function flatFigures(row: Statistics, people: Iterable<Person>): object {
  let photos = 0
  for (const { photoCount } of people) photos += photoCount
  return {
    total_people: row.totalPeople,
    total_encodings: photos,
    recognitions_today: row.recognitionsToday,
    last_recognition: timeOrNull(row.lastRecognitionAt),
    unknown_faces_today: row.unknownFacesToday,
    timestamp: time(row.at),
  }
}

export function cameraWords(camera: Camera): object {
  return {
    camera_id: wireId(camera.id),
    name: camera.name,
    location: camera.location,
    camera_type: camera.kind,
    is_active: camera.isActive,
    is_running: camera.isRunning,
    is_recording: camera.isRecording,
    face_detection_enabled: camera.findsFaces,
  }
}

export function cameraStatus(camera: Camera): object {
  return {
    camera_id: wireId(camera.id),
    is_active: camera.isActive,
    is_running: camera.isRunning,
    fps: camera.fps,
    last_frame_time: timeOrNull(camera.lastFrameAt),
    error_message: camera.trouble === '' ? null : camera.trouble,
  }
}

export function personWords(person: Person): object {
  return { name: person.name, photo_count: person.photoCount, path: person.id }
}

/** Null where the size of the picture was never known: edges are in its pixels. */
function edges(box: Box | null, size: Size | undefined): object | null {
  if (box === null || size === undefined) return null
  return {
    top: Math.round(box.y * size.heightPx),
    right: Math.round((box.x + box.width) * size.widthPx),
    bottom: Math.round((box.y + box.height) * size.heightPx),
    left: Math.round(box.x * size.widthPx),
  }
}

export function recentFaces({ faces }: FacesNow, size: Size | undefined): object[] {
  return faces.map((face) => ({
    name: face.person ?? 'Unknown',
    confidence: face.confidence,
    location: edges(face.box, size),
    box: face.box,
    timestamp: time(face.at),
  }))
}

function eventType(kind: string): string {
  if (kind === 'face-recognized') return 'face_recognized'
  return kind === 'face-unknown' ? 'face_detected' : kind
}

export function eventWords(event: DetectionEvent, size: Size | undefined): object {
  const isFace = event.kind === 'face-recognized' || event.kind === 'face-unknown'
  const face = isFace
    ? {
        name: event.person ?? 'Unknown',
        confidence: event.confidence,
        location: edges(event.box, size),
        box: event.box,
      }
    : {}
  return {
    type: 'camera_event',
    timestamp: time(event.at),
    camera_id: event.camera === null ? null : wireId(event.camera),
    event_type: eventType(event.kind),
    data: { details: event.text, ...face, camera_name: event.cameraName, id: event.id },
  }
}

function level(priority: Priority): 'error' | 'warning' | 'info' {
  switch (priority) {
    case 'critical':
    case 'high':
      return 'error'
    case 'medium':
      return 'warning'
    case 'low':
      return 'info'
    default:
      return never(priority, 'priority')
  }
}

/** `type` is `alert` when it is raised, `alert_update` for what became of it. */
export function alertWords({ alert, transition }: AlertEntry, camera: Camera | undefined): object {
  return {
    type: transition.kind === 'raise' ? 'alert' : 'alert_update',
    timestamp: time(transition.kind === 'raise' ? alert.raisedAt : transition.at),
    alert_type: level(alert.priority),
    data: {
      message: alert.text,
      camera_id: camera === undefined ? null : wireId(camera.id),
      id: alert.id,
      state: alert.state,
      priority: alert.priority,
    },
  }
}
