/** What a simulated OpenEye server may be told: who may log in, which cameras it has, how it misbehaves. */

/** `deployed` is what v3.4.0 really speaks; `document` is what its guide says. */
export type Dialect = 'deployed' | 'document'

export type Role = 'admin' | 'user' | 'viewer'

export interface User {
  readonly user: string
  readonly password: string
  readonly role: Role
}

export interface CameraSetup {
  readonly camera: string
  /** Off in the database: its stream answers 503. True unless said. */
  readonly isActive?: boolean
  readonly isRecording?: boolean
}

/** Each can be switched while it runs. */
export interface Faults {
  /** `statistics_update` carries `data.error` in place of figures. */
  statisticsError: boolean
  /** The count in `unknown_faces_today`. The deployed server always says 0. */
  unknownToday: number
  /** Sockets stay open and nothing more is said on them, pongs included. */
  mute: boolean
  /** Every handshake of a socket gets this status and no body; 0: they are answered as they should. */
  refuseSockets: number
  /** Every request gets this status and the bare text of a crashed server; 0: they are answered as they should. */
  failRequests: number
  /** Answers to requests come this much later. */
  slowMs: number
  /** Streams stay open and bring no more frames. */
  stalledStreams: boolean
}

export interface OpenEyeOptions {
  readonly host?: string
  /** 0 lets the system choose. */
  readonly port?: number
  readonly seed?: number
  readonly dialect?: Dialect
  /** How many, or which. */
  readonly cameras?: number | readonly CameraSetup[]
  /**
   * The built-in test camera, which starts in memory only: it counts and detects, but is not listed and its stream is a 404
   * until somebody creates its row. `none`: there is none.
   */
  readonly builtIn?: 'none' | 'memory' | 'row'
  readonly people?: readonly string[]
  readonly users?: readonly User[]
  readonly statisticsMs?: number
  readonly tokenLifeS?: number
  readonly framesPerSecond?: number
  readonly isSetUp?: boolean
  readonly requestsPerMinute?: number
  readonly rateLimitHeaders?: boolean
  readonly faults?: Partial<Faults>
  /** From one sighting to the next when nobody says `see`: it happens by itself. Null: never. */
  readonly seeEveryMs?: number | null
  /** From one `camera_event` to the next. The deployed server never sends one. Null: never. */
  readonly eventEveryMs?: number | null
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void
}

export const noFaults: Faults = {
  statisticsError: false,
  unknownToday: 0,
  mute: false,
  refuseSockets: 0,
  failRequests: 0,
  slowMs: 0,
  stalledStreams: false,
}

export const defaultCameras: readonly CameraSetup[] = [
  { camera: 'front_door', isRecording: true },
  { camera: 'lobby' },
  { camera: 'loading_dock' },
  { camera: 'car_park_gate', isActive: false },
]

export const defaultPeople = ['Ann Le', 'Ben Ortiz', 'Chi Tran', 'Dana Novak', 'Emeka Obi']

export function camerasOf(cameras: OpenEyeOptions['cameras']): readonly CameraSetup[] {
  if (cameras === undefined) return defaultCameras
  if (typeof cameras !== 'number') return cameras
  return Array.from({ length: cameras }, (_, n) => ({ camera: `cam_${n + 1}` }))
}
