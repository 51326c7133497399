/** What one gateway allows. Tests and the bench set their own; the product uses these. */
import type { PeerLimits } from '../../io/peer.ts'

export interface GatewayLimits {
  readonly peer: Partial<PeerLimits>
  readonly maxPeers: number
  readonly maxPeersPerAddress: number
  /** How long a client may take to bring its token as its first message. */
  readonly tokenWithinMs: number
  /** Clients that have brought no token yet. */
  readonly maxWithoutToken: number
  /** Unsent bytes above which a client gets the newest of each thing only, once it reads again. */
  readonly behindBytes: number
  /** A client that stays behind for so long is closed. */
  readonly behindForMs: number
  readonly messagesPerSecond: number
  readonly messageBurst: number
  /** A client that owes more than this to its rate is closed. */
  readonly owesMostMs: number
  readonly commandsPerSecond: number
  readonly commandBurst: number
  readonly commandsAtOnce: number
  /** Refused commands of one client that are told one by one within an interval; what follows is counted. */
  readonly refusalsTold: number
  readonly refusalsEveryMs: number
  /** Addresses without a token whose refused commands are told apart within an interval. */
  readonly refusalClients: number
  readonly heartbeatMs: number
  /** How often the status of each vehicle is told though nothing changed. */
  readonly statusMs: number
  readonly loginsPerMinute: number
  readonly requestsPerMinute: number
  readonly scryptCost: number
  readonly scryptAtOnce: number
  readonly scryptWaiting: number
}

export const gatewayLimits: GatewayLimits = {
  // A client that does not read does not answer pings either: being behind ends it first, with its own reason.
  peer: { pingEveryMs: 5000, pongWithinMs: 35_000, bufferedBytes: 2_097_152 },
  maxPeers: 2000,
  maxPeersPerAddress: 1000,
  tokenWithinMs: 3000,
  maxWithoutToken: 256,
  behindBytes: 65_536,
  behindForMs: 30_000,
  messagesPerSecond: 50,
  messageBurst: 200,
  owesMostMs: 10_000,
  commandsPerSecond: 10,
  commandBurst: 20,
  commandsAtOnce: 16,
  refusalsTold: 3,
  refusalsEveryMs: 60_000,
  refusalClients: 16,
  heartbeatMs: 1000,
  statusMs: 2000,
  loginsPerMinute: 10,
  requestsPerMinute: 300,
  scryptCost: 2 ** 17,
  scryptAtOnce: 2,
  scryptWaiting: 16,
}

export const wireLimits = {
  messageBytes: 10_240,
  bodyBytes: 8192,
  /** A command nobody could still be waiting for is not sent. */
  deadlineMs: 2000,
  longestDeadlineMs: 10_000,
} as const
