/** What a simulated vehicle may be told: which doors it has, what it says, and how it misbehaves as the deployed firmware does. */

export type SimState =
  | 'INIT'
  | 'IDLE'
  | 'MOVE'
  | 'DOCK'
  | 'FAULT'
  | 'ESTOP'
  | 'SHUTDOWN'
  | 'BOOT'
  | 'PAUSED'
  | 'CONFIG'
  | 'SAFE'

/** Each can be switched while it runs. */
export interface Faults {
  /** The socket closes, without a closing handshake, a client that says nothing for 2 s. */
  idleDrop: boolean
  /** Pongs come back without the ping's payload. */
  emptyPongs: boolean
  /** The September 2025 telemetry, with `// comments` in its JSON, goes out beside the rest. */
  comments: boolean
  /** Close codes come back with their bytes mixed up: 1000 as 1769 or 64798. */
  garbledClose: boolean
  /** HTTP takes connections and requests and never answers. */
  hang: boolean
  /** HTTP answers that much later. */
  slowMs: number
  /** Sockets open, and nothing is said on them. */
  mute: boolean
  /** New sockets are not taken: the handshake gets this status; 0: they are. */
  refuseSockets: number
  /** What `/api/v1/state/emergency` comes to: `works`, `ignored` (success, no effect), or reached after that many ms. */
  emergency: 'works' | 'ignored' | number
}

export const deployedFaults: Faults = {
  idleDrop: true,
  emptyPongs: true,
  comments: false,
  garbledClose: true,
  hang: false,
  slowMs: 0,
  mute: false,
  refuseSockets: 0,
  emergency: 'works',
}

export interface VehicleOptions {
  readonly host?: string
  /** 0 lets the system choose. */
  readonly httpPort?: number
  readonly socketPort?: number
  readonly backendPort?: number
  readonly robotId?: string
  /** `main`: `/api/v1/modules`; `september`: only the fixed list under `rs485`. */
  readonly firmware?: 'main' | 'september'
  readonly state?: SimState
  /** Tokens that POST under `/state/` and `/config/` accept. */
  readonly tokens?: readonly string[]
  /** What goes out on the socket beside `ready` and `heartbeat`: the deployed firmware says no more than `modules`. */
  readonly says?: 'modules' | 'everything' | 'nothing'
  /** Everything is said this often. */
  readonly everyMs?: number
  readonly hasLidar?: boolean
  readonly faults?: Partial<Faults>
  readonly log?: (entry: object) => void
}

/** One request as it came. */
export interface Asked {
  /** Epoch ms. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly body: string
  readonly authorized: boolean
  /** Bytes of the first packet, and of the whole request: the firmware reads once. */
  readonly firstBytes: number
}
