/** Dials a plain TCP socket under limits: a deadline to open, a bound on what waits to leave, nothing told after the end. */
import { connect } from 'node:net'
import type { Clock } from './clock.ts'
import { inWords } from './net-words.ts'

export interface TcpOptions {
  readonly host: string
  readonly port: number
  /** The address in words. */
  readonly shownAs: string
  readonly clock: Clock
  readonly openWithinMs: number
  /** Unsent bytes; a reader slower than that is hung up on. */
  readonly unsentBytes?: number
  readonly opened: () => void
  readonly data: (chunk: Buffer) => void
  /** Also when it never opened. Once. */
  readonly closed: (reason: string) => void
}

export interface TcpSocket {
  write(bytes: string | Uint8Array): void
  /** Sends what is waiting, then ends. Without a further call to `closed`. */
  close(): void
}

/** How long the last words may take to leave. */
const partingMs = 500

export function dialTcp(options: TcpOptions): TcpSocket {
  const { host, port, shownAs, clock, openWithinMs, unsentBytes = 262_144 } = options
  const socket = connect({ host, port, noDelay: true })
  let isOver = false
  const end = (reason: string) => {
    if (isOver) return
    isOver = true
    cancel()
    socket.destroy()
    options.closed(reason)
  }
  const cancel = clock.after(openWithinMs, () => end(`${shownAs} cannot be reached: no answer`))
  socket.on('connect', () => {
    cancel()
    if (!isOver) options.opened()
  })
  socket.on('data', (chunk) => {
    if (!isOver) options.data(chunk)
  })
  socket.on('error', (error) => end(inWords(error, shownAs)))
  socket.on('close', () => end(`${shownAs} hung up`))
  return {
    write(bytes) {
      if (isOver) return
      socket.write(bytes)
      if (socket.writableLength > unsentBytes) end(`${shownAs} does not read`)
    },
    close() {
      if (isOver) return
      isOver = true
      cancel()
      socket.end()
      const stop = clock.after(partingMs, () => socket.destroy())
      socket.once('close', stop)
    },
  }
}
