/** What a client keeps open: how it asks for itself, and what it does with what comes. Survives the pipe. */
import type { Fault } from '../contract/fault.ts'
import type { FeedFrame, Reply, Request } from './frame.ts'

export interface Subscription {
  /** Said on every new pipe. */
  opening(id: number): Request & { is: 'open' }
  reply(reply: Reply | FeedFrame, say: Say): void
  ended(fault: Fault): void
}

/** Says something about this subscription, on the pipe it was heard on; nothing if that pipe is gone. */
export type Say = (is: 'pull' | 'credit') => void
