/** What the simulated server knows: its cameras, who is in front of them, the people it can name, its figures. No sockets here. */
import { createHash } from 'node:crypto'
import { Film } from './film.ts'
import {
  type CameraSetup,
  camerasOf,
  defaultPeople,
  type Faults,
  noFaults,
  type OpenEyeOptions,
} from './options.ts'
import type { Area } from './scene.ts'
import { local, utc } from './times.ts'

/** A camera's row as the REST interface shows it. */
export interface CameraRow {
  id: number
  camera_id: string
  camera_type: string
  source: string
  face_detection_enabled: boolean
  face_detection_threshold: number
  motion_detection_enabled: boolean
  min_contour_area: number
  recording_enabled: boolean
  post_motion_cooldown: number
  is_active: boolean
  created_at: string
  last_active: string | null
}

export interface Sighting {
  readonly name: string
  readonly confidence: number
  readonly location: Area
  readonly timestamp: string
  readonly motion_detected: boolean
}

export class RunningCamera {
  readonly film: Film
  readonly recent: Sighting[] = []
  lastDetectionAt: number | null = null
  isRecording = false
  /** Null: in memory only. */
  row: CameraRow | null = null
  isRunning = true
  facesEnabled = true
  #visit: { readonly person: string | null; readonly until: number } | null = null
  readonly name: string

  constructor(name: string, seed: number) {
    this.name = name
    this.film = new Film(name, seed)
  }

  enter(person: string | null, until: number): void {
    this.#visit = { person, until }
  }

  picture(at: number): Buffer {
    const visit = this.#visit
    return this.film.jpeg(at, visit !== null && at < visit.until ? { person: visit.person } : null)
  }
}

export interface Photo {
  readonly name: string
  readonly bytes: Uint8Array
  readonly at: number
}

const recentKept = 10
/** A detector looks every two seconds at most. */
export const detectEveryMs = 2000

export class Building {
  readonly dialect
  readonly cameras = new Map<string, RunningCamera>()
  readonly people = new Map<string, Photo[]>()
  readonly faults: Faults
  settings = { detection_method: 'hog', recognition_threshold: 0.6 }
  isSetUp: boolean
  /** Since start: no midnight ends it. Strangers count too. */
  recognitions = 0
  lastRecognitionAt: number | null = null
  /** What the last training found; adding somebody does not change it. */
  trained = { people: 0, encodings: 0 }
  readonly #seed: number
  #rows = 0

  constructor(options: OpenEyeOptions) {
    this.dialect = options.dialect ?? 'deployed'
    this.#seed = options.seed ?? 1
    this.isSetUp = options.isSetUp ?? true
    this.faults = { ...noFaults, ...options.faults }
    for (const setup of camerasOf(options.cameras)) this.#install(setup)
    const { builtIn = 'none' } = options
    if (builtIn !== 'none') {
      const camera = this.#start('mock_cam_1')
      if (builtIn === 'row') camera.row = this.newRow({ camera_id: camera.name })
    }
    for (const person of options.people ?? defaultPeople) this.addPerson(person, 3)
    this.train()
  }

  #install({ camera: name, isActive = true, isRecording = false }: CameraSetup): void {
    const camera = this.#start(name)
    camera.row = this.newRow({ camera_id: name, is_active: isActive, recording_enabled: isRecording })
    camera.isRunning = isActive
    camera.isRecording = isActive && isRecording
  }

  #start(name: string): RunningCamera {
    const camera = new RunningCamera(name, this.#seed * 10 + this.cameras.size)
    this.cameras.set(name, camera)
    return camera
  }

  newRow(given: Partial<CameraRow> & { camera_id: string }): CameraRow {
    this.#rows += 1
    return {
      id: this.#rows,
      camera_type: 'mock',
      source: 'mock',
      face_detection_enabled: true,
      face_detection_threshold: 0.6,
      motion_detection_enabled: true,
      min_contour_area: 500,
      recording_enabled: false,
      post_motion_cooldown: 5,
      is_active: true,
      created_at: utc(Date.now(), this.dialect),
      last_active: null,
      ...given,
    }
  }

  createCamera(given: Partial<CameraRow> & { camera_id: string }): CameraRow {
    const camera = this.cameras.get(given.camera_id) ?? this.#start(given.camera_id)
    camera.row = this.newRow(given)
    camera.isRunning = camera.row.is_active
    return camera.row
  }

  /** False: there is somebody of that name. */
  addPerson(name: string, photos = 0): boolean {
    if (this.people.has(name)) return false
    const bytes = createHash('sha256').update(name).digest()
    const at = Date.now()
    this.people.set(
      name,
      Array.from({ length: photos }, (_, n) => ({ name: `${n + 1}.jpg`, bytes, at })),
    )
    return true
  }

  train(): void {
    const photos = [...this.people.values()].reduce((sum, all) => sum + all.length, 0)
    this.trained = { people: this.people.size, encodings: photos }
  }

  /** One look of the detector at somebody; null is a stranger. The box is the painted face's at that moment. */
  detect(camera: RunningCamera, person: string | null, confidence: number, at: number): Sighting {
    const sighting = {
      name: person ?? 'Unknown',
      confidence: person === null ? 0 : confidence,
      location: camera.film.face(at),
      timestamp: local(at, this.dialect),
      motion_detected: true,
    }
    camera.recent.push(sighting)
    if (camera.recent.length > recentKept) camera.recent.shift()
    camera.lastDetectionAt = at
    this.recognitions += 1
    this.lastRecognitionAt = at
    return sighting
  }

  #lastRecognition(): string | null {
    return this.lastRecognitionAt === null ? null : local(this.lastRecognitionAt, this.dialect)
  }

  /** Flat, as `GET /api/faces/statistics` has it. */
  faceFigures() {
    return {
      total_people: this.trained.people,
      total_encodings: this.trained.encodings,
      recognitions_today: this.recognitions,
      last_recognition: this.#lastRecognition(),
    }
  }

  /** Nested, as the socket has it. */
  figures(at: number) {
    const timestamp = utc(at, this.dialect)
    if (this.faults.statisticsError) return { error: 'Failed to collect statistics', timestamp }
    const running = [...this.cameras.values()].filter((camera) => camera.isRunning)
    return {
      face_recognition: {
        total_people: this.trained.people,
        recognitions_today: this.recognitions,
        last_recognition: this.#lastRecognition(),
        unknown_faces_today: this.faults.unknownToday,
      },
      cameras: {
        total_cameras: this.cameras.size,
        active_cameras: running.length,
        recording_cameras: running.filter((camera) => camera.isRecording).length,
      },
      timestamp,
    }
  }

  detectionFigures(camera: RunningCamera) {
    const named = new Set(camera.recent.map((each) => each.name).filter((name) => name !== 'Unknown'))
    return {
      enabled: camera.facesEnabled,
      total_detections: camera.recent.length,
      unique_people_detected: named.size,
      last_detection_time:
        camera.lastDetectionAt === null ? null : local(camera.lastDetectionAt, this.dialect),
      face_manager_ready: this.trained.encodings > 0,
    }
  }
}
