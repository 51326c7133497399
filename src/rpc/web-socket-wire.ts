/** A wire over a browser's WebSocket, once it has opened. */
import { hostTimers } from './timers.ts'
import type { Wire } from './wire.ts'
import { WireClosed, WireEnd } from './wire-end.ts'

/** What the wire needs of a browser's WebSocket. */
export interface PageSocket {
  binaryType: string
  readonly bufferedAmount: number
  send(message: string | Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void
}

const highWaterBytes = 64 * 1024
/** A page's socket has no event for "written", so the amount is looked at. Screens send little; this is the exception. */
const lookAgainMs = 10

/** Resolves when the socket is open, rejects when it closes before that. */
export function webSocketWire(socket: PageSocket): Promise<Wire> {
  const end = new WireEnd()
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data: message }) => {
    if (typeof message === 'string') end.deliver(message)
    else if (message instanceof ArrayBuffer) end.deliver(new Uint8Array(message))
  })

  function whenWritten(resolve: () => void, reject: (error: WireClosed) => void): void {
    if (end.isClosed) reject(new WireClosed())
    else if (socket.bufferedAmount < highWaterBytes) resolve()
    else hostTimers.after(lookAgainMs, () => whenWritten(resolve, reject))
  }

  const wire: Wire = {
    send(message) {
      if (end.isClosed) return Promise.reject(new WireClosed())
      socket.send(typeof message === 'string' ? message : new Uint8Array(message))
      return new Promise(whenWritten)
    },
    onMessage: (listener) => end.onMessage(listener),
    onClose: (listener) => end.onClose(listener),
    close(code = 1000, reason = '') {
      if (!end.closed({ code, reason })) return
      // Pages may use 1000 and 3000-4999 only; anything else throws.
      socket.close(code === 1000 || code >= 3000 ? code : 4000, reason.slice(0, 120))
    },
  }

  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(wire))
    socket.addEventListener('close', ({ code, reason }) => {
      end.closed({ code, reason })
      reject(new WireClosed())
    })
  })
}
