/** The closed list of expected failures a screen may meet. Anything not on it is a bug. */
export const faultCodes = [
  'bad-input', // the request does not fit its schema
  'not-allowed', // the session's role may not do this
  'not-found', // no such alert, device, link, picture
  'wrong-state', // the thing exists, but not in a state that allows this
  'link-down', // an immediate order found its link not live
  'link-lost', // the pipe between screen and app broke while the call was in flight
  'timed-out', // no answer within the deadline
  'busy', // a limit was reached; try again later
  'storage', // the store could not keep it
  'version', // the two sides speak different versions
  'bug', // not expected; the message carries the id under which it was logged
] as const

export type FaultCode = (typeof faultCodes)[number]

/** An expected failure: `message` says what happened, `tip` what to try. `cause` never leaves the main process. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly tip: string

  constructor(code: FaultCode, message: string, tip = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.tip = tip
  }
}

/** Ends every `switch` on a union: a new member becomes a compile error here and a loud one at run time. */
export function never(value: never, what = 'value'): never {
  throw new Error(`unhandled ${what}: ${JSON.stringify(value)}`)
}
