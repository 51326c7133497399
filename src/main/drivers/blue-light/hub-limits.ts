/** What one hub allows. Tests and the bench set their own; the product uses these. */
import type { PeerLimits } from '../../io/peer.ts'
import { type ConnectionLimits, connectionLimits } from './connection.ts'

export interface HubLimits extends ConnectionLimits {
  readonly peer: Partial<PeerLimits>
  readonly maxPeers: number
  readonly maxPeersPerAddress: number
}

export const hubLimits: HubLimits = {
  ...connectionLimits,
  peer: {},
  maxPeers: 2000,
  maxPeersPerAddress: 200,
}
