/** What a client keeps open: how it asks for itself, and what it does with what comes. Survives the pipe. */
import type { Fault } from '../contract/fault.ts'
import type { FeedFrame } from './feed-frame.ts'
import type { Reply, Request } from './frame.ts'

export interface Subscription {
  /** Said on every new pipe. */
  opening(id: number): Request & { is: 'open' }
  reply(reply: Reply | FeedFrame, more: More): void
  ended(fault: Fault): void
}

/** Asks for one more message (of a feed, so many), on the pipe the last was heard on; nothing if that pipe is gone. */
export type More = (frames?: number) => void
