/** The first message of every wire: who is there, and does it speak our version. Nothing else is listened to before. */
import type { Role } from '../contract/kinds.ts'
import { decodeRequest, encodeReply, type RefusedReason, type Request } from './frame.ts'
import type { Session } from './handlers.ts'
import { FrameError } from './json-text.ts'
import { hostTimers, type Timers } from './timers.ts'
import type { Wire, WireMessage } from './wire.ts'
import { ignoreClosed } from './wire-end.ts'

export interface GreetOptions {
  /** The contract's version; a client of another one is refused. */
  readonly version: number
  /** Compares in constant time. Where the pipe itself proves who is there (Electron's port), it answers without a token. */
  authenticate(token: string | undefined): { readonly role: Role; readonly user: string } | null
  readonly timeoutMs?: number
  readonly timers?: Timers
}

let sessions = 0

function nextSession(): string {
  sessions++
  return `session-${sessions}`
}

/**
 * Resolves with the session, to be served at once, or with null after the wire was refused and closed.
 * The client says nothing more before its welcome, which `serve` sends.
 */
export function greet(wire: Wire, options: GreetOptions): Promise<Session | null> {
  return new Promise((resolve) => {
    const stopTimer = (options.timers ?? hostTimers).after(options.timeoutMs ?? 3000, () =>
      refuse(1008, 'no hello in time'),
    )
    let settled = false

    function settle(session: Session | null): void {
      settled = true
      stopTimer()
      resolve(session)
    }

    function refuse(code: number, why: string, reason?: RefusedReason): void {
      if (settled) return
      settle(null)
      if (reason !== undefined) wire.send(encodeReply({ is: 'refused', reason })).catch(ignoreClosed)
      wire.close(code, why)
    }

    function hello(message: WireMessage): Request & { is: 'hello' } {
      const request = decodeRequest(message)
      if (request.is !== 'hello') throw new FrameError(1008, 'the first message is not hello')
      return request
    }

    function received(message: WireMessage): void {
      if (settled) wire.close(1002, 'too early')
      else answer(message)
    }

    function answer(message: WireMessage): void {
      try {
        const { version, token, name } = hello(message)
        // The token first: who has none does not learn which version this is.
        const known = options.authenticate(token)
        if (known === null) refuse(1008, 'refused', 'token')
        else if (version !== options.version) refuse(1008, 'version', 'version')
        else settle({ id: nextSession(), role: known.role, user: name?.trim() || known.user })
      } catch (error) {
        if (!(error instanceof FrameError)) throw error
        refuse(error.code, error.message)
      }
    }

    wire.onMessage(received)
    wire.onClose(() => settle(null))
  })
}
