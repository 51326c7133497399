/** What one server allows. Tests set their own; the product uses these. */
import type { PeerLimits } from '../../../io/peer.ts'

export interface ServerLimits {
  readonly peer: Partial<PeerLimits>
  readonly maxPeers: number
  readonly maxPeersPerAddress: number
  readonly socketsPerUser: number
  /** How long a socket may take to prove that it is still there, when its user is at the limit. */
  readonly proveWithinMs: number
  readonly streamsPerUser: number
  readonly requestsPerMinute: number
  readonly loginsPerMinute: number
  readonly messagesPerMinute: number
  readonly messageBurst: number
  /** A socket that was not read for its haste this long within ten minutes is closed. */
  readonly pausedForMs: number
  /** scrypt's cost, a power of two: 2^17 takes 128 MiB while it runs. */
  readonly scryptCost: number
  readonly scryptAtOnce: number
  readonly scryptWaiting: number
}

export const serverLimits: ServerLimits = {
  peer: {},
  maxPeers: 500,
  maxPeersPerAddress: 100,
  socketsPerUser: 5,
  proveWithinMs: 1000,
  streamsPerUser: 16,
  requestsPerMinute: 100,
  loginsPerMinute: 10,
  messagesPerMinute: 120,
  messageBurst: 60,
  pausedForMs: 60_000,
  scryptCost: 2 ** 17,
  scryptAtOnce: 2,
  scryptWaiting: 16,
}

export const wireLimits = {
  messageBytes: 10_240,
  formBytes: 8192,
  /** Above this a socket gets no figures until it has read some. */
  figuresBytes: 65_536,
  videoBytes: 262_144,
  videoCameras: 16,
  changesPerSecond: 10,
  changesBurst: 5,
  presenceEveryMs: 100,
  /** A reader of a stream that takes nothing for this long is gone. */
  stalledMs: 30_000,
} as const
