/**
 * A wire over a MessagePort: a browser's, Node's, or Electron's MessagePortMain.
 *
 * postMessage never says "enough", so the wire says it itself: a sender waits once 256 KiB are unread, and the reading end
 * reports every 32 KiB it has handed on. Messages cross as strings and Uint8Arrays without transfer lists (through
 * MessagePortMain a message with one is lost); the wire's own notes cross as `{ read }` and `{ close }`.
 */
import type { Wire } from './wire.ts'
import { sizeOf, WireClosed, WireEnd } from './wire-end.ts'

interface AnyPort {
  postMessage(message: unknown): void
  start(): void
  close(): void
}

/** Browsers and Node. */
export interface EventPort extends AnyPort {
  addEventListener(type: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): void
}

/** Electron's main process. */
export interface EmitterPort extends AnyPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
}

const windowBytes = 256 * 1024
const reportBytes = 32 * 1024

function listen(port: EventPort | EmitterPort, message: (value: unknown) => void, close: () => void): void {
  if ('addEventListener' in port) {
    port.addEventListener('message', (event) => message(event.data))
    port.addEventListener('close', close)
  } else {
    port.on('message', (event) => message(event.data))
    port.on('close', close)
  }
  port.start()
}

export function portWire(port: EventPort | EmitterPort): Wire {
  const end = new WireEnd()
  let unreadBytes = 0
  let unreportedBytes = 0
  let waiting: { resolve(): void; reject(error: WireClosed): void }[] = []

  function closed(code: number, reason: string): void {
    if (!end.closed({ code, reason })) return
    for (const one of waiting.splice(0)) one.reject(new WireClosed())
    port.close()
  }

  function noteRead(bytes: number): void {
    unreadBytes = Math.max(0, unreadBytes - bytes)
    if (unreadBytes >= windowBytes) return
    const free = waiting
    waiting = []
    for (const one of free) one.resolve()
  }

  function received(value: unknown): void {
    if (typeof value === 'string' || value instanceof Uint8Array) {
      unreportedBytes += sizeOf(value)
      end.deliver(value)
      if (unreportedBytes < reportBytes || end.isClosed) return
      port.postMessage({ read: unreportedBytes })
      unreportedBytes = 0
    } else if (typeof value === 'object' && value !== null && 'read' in value) {
      if (typeof value.read === 'number') noteRead(value.read)
    } else if (typeof value === 'object' && value !== null && 'close' in value) {
      const reason = 'reason' in value && typeof value.reason === 'string' ? value.reason : ''
      closed(typeof value.close === 'number' ? value.close : 1000, reason)
    } else {
      closed(1003, 'neither text nor bytes')
    }
  }

  listen(port, received, () => closed(1006, 'the port closed'))

  return {
    send(message) {
      if (end.isClosed) return Promise.reject(new WireClosed())
      unreadBytes += sizeOf(message)
      port.postMessage(message)
      if (unreadBytes < windowBytes) return Promise.resolve()
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    onMessage: (listener) => end.onMessage(listener),
    onClose: (listener) => end.onClose(listener),
    close(code = 1000, reason = '') {
      if (end.isClosed) return
      port.postMessage({ close: code, reason })
      closed(code, reason)
    },
  }
}
