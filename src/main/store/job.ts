/** A request on its way through the writer, piece by piece when it is a long one. */
import type { Request } from './messages.ts'

/** `from` is where the next piece starts; `soFar` and `gone` are what the committed pieces gave. */
export interface Job {
  readonly request: Request
  readonly from: number
  readonly soFar: readonly unknown[]
  readonly gone: number
}
export type Step =
  | { readonly done: true; readonly value: never }
  | { readonly done: false; readonly job: Job }
export type Run = (job: Job) => Step
