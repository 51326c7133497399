/**
 * From a contract's typed handlers to the few shapes the server works with. The types were checked where the handlers were
 * written; here a name is only known at run time, so its shape is looked at instead.
 */
import { Fault } from '../contract/fault.ts'
import type { Call } from '../contract/kinds.ts'
import type { CallHandler, FeedSource, JournalSource, TableSource, UploadSink } from './handlers.ts'

export function isCall(handler: unknown): handler is CallHandler<unknown, unknown> {
  return typeof handler === 'function'
}

export function isFeed(handler: unknown): handler is FeedSource<unknown, unknown> {
  return typeof handler === 'function'
}

export function isUpload(handler: unknown): handler is UploadSink<unknown, unknown> {
  return typeof handler === 'function'
}

export function isTable(handler: unknown): handler is TableSource<unknown> {
  return typeof handler === 'object' && handler !== null && 'snapshot' in handler && 'subscribe' in handler
}

export function isJournal(handler: unknown): handler is JournalSource<unknown> {
  return typeof handler === 'object' && handler !== null && 'head' in handler && 'read' in handler
}

const longestComplaint = 400

/** The schema's word on what a screen sent; the fault names the fields, never the values. */
export function checkedInput(name: string, schema: Call['input'], input: unknown): unknown {
  const checked = schema.safeParse(input)
  if (checked.success) return checked.data
  const complaints = checked.error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
  throw new Fault('bad-input', `${name}: ${complaints.join('; ')}`.slice(0, longestComplaint))
}
