/** A wire over a socket of the `ws` library, either role. The caller has set the limits and does the protocol pings. */
import { hostTimers } from './timers.ts'
import type { Wire } from './wire.ts'
import { sizeOf, WireClosed, WireEnd } from './wire-end.ts'

/** What the wire needs of a `ws` WebSocket. */
export interface NodeSocket {
  readonly bufferedAmount: number
  send(message: string | Uint8Array, sent?: (error?: Error) => void): void
  close(code?: number, reason?: string): void
  terminate(): void
  on(event: 'message', listener: (bytes: unknown, isBinary: boolean) => void): unknown
  on(event: 'close', listener: (code: number, reason: unknown) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** Up to this the sender goes on at once; beyond it the sender waits for the write. */
const highWaterBytes = 64 * 1024
/** A peer that does not read does not answer a close either. */
const closeTimeoutMs = 2000
const longestReason = 120

const decoder = new TextDecoder()
const taken = Promise.resolve()

export function socketWire(socket: NodeSocket): Wire {
  const end = new WireEnd()

  socket.on('message', (bytes, isBinary) => {
    // ws has checked the UTF-8 of text before it hands it on.
    if (bytes instanceof Uint8Array) end.deliver(isBinary ? bytes : decoder.decode(bytes))
  })
  socket.on('close', (code, reason) => {
    end.closed({ code, reason: reason instanceof Uint8Array ? decoder.decode(reason) : '' })
  })
  // Without a listener four malformed bytes end the process; the close event follows and tells the story.
  socket.on('error', () => {})

  return {
    send(message) {
      if (end.isClosed) return Promise.reject(new WireClosed())
      if (socket.bufferedAmount + sizeOf(message) < highWaterBytes) {
        socket.send(message)
        return taken
      }
      return new Promise((resolve, reject) => {
        socket.send(message, (error) => (error ? reject(new WireClosed()) : resolve()))
      })
    },
    onMessage: (listener) => end.onMessage(listener),
    onClose: (listener) => end.onClose(listener),
    close(code = 1000, reason = '') {
      if (!end.closed({ code, reason })) return
      socket.close(code, reason.slice(0, longestReason))
      const undo = hostTimers.after(closeTimeoutMs, () => socket.terminate())
      socket.on('close', undo)
    },
  }
}
