/** One WebSocket connection under limits, whoever dialled: keepalive, assembly deadline, bounded sending, pausing. */
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/** Handed to `ws` on both sides. Compression is off unless a listener asks for it: 100 MiB of zeros cross the wire as 100 KB. */
export const wsLimits = {
  perMessageDeflate: false,
  /** 1 MiB of picture as base64, the envelope, and room for a careless writer. */
  maxPayload: 1_572_864,
  maxFragments: 64,
  /** A full picture in segments of a VPN (1,300 bytes) is 1,100 chunks; 4,096 still bounds a 1-byte dribble. */
  maxBufferedChunks: 4096,
  maxPendingAutoPongs: 60,
  skipUTF8Validation: false,
  /** After `close()`: how long the other side may take to agree. */
  closeTimeout: 2000,
} as const

export const peerLimits = {
  pingEveryMs: 5000,
  pongWithinMs: 5000,
  /** Bytes of a message came, and then none for this long. */
  stallMs: 5000,
  /** A whole message must be here this long after its first byte: 1.5 MiB at 200 kbit/s. */
  assemblyMs: 60_000,
  /** Unsent bytes; a reader slower than that is closed with 1013. */
  bufferedBytes: 1_048_576,
  sweepEveryMs: 250,
}
export type PeerLimits = typeof peerLimits

export interface PeerDoors {
  message(bytes: Buffer, isBinary: boolean): void
  closed(code: number, reason: string): void
  /** Everything that waited has left this process. Only called after more than a little had waited. */
  drained?(): void
}

/** A ping frame we sent with our own payload, waiting for the pong that carries it back. */
interface Echo {
  readonly payload: string
  readonly sentAt: number
  readonly settle: (roundTripMs: number | null) => void
}

export function toBuffer(chunk: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk
  return Array.isArray(chunk) ? Buffer.concat(chunk) : Buffer.from(chunk)
}

let echoes = 0

export class Peer {
  readonly address: string
  readonly #socket: WebSocket
  readonly #raw: Socket
  readonly #limits: PeerLimits
  readonly #doors: PeerDoors
  #messages = 0
  #messagesAtSweep = 0
  /** Bytes read that belong to whole frames already handed out. */
  #bytesDone: number
  #bytesAtSweep: number
  #partialAt: number | null = null
  #heardAt: number
  #pingedAt: number
  #sweptAt: number
  /** When the first ping left that nothing has come since; null while all are answered. */
  #unansweredAt: number | null = null
  #paused = false
  #closing = false
  #corked = false
  #echoes: Echo[] = []

  constructor(
    socket: WebSocket,
    raw: Socket,
    address: string,
    now: number,
    limits: PeerLimits,
    doors: (peer: Peer) => PeerDoors,
  ) {
    this.#socket = socket
    this.#raw = raw
    this.address = address
    this.#limits = limits
    this.#bytesDone = raw.bytesRead
    this.#bytesAtSweep = raw.bytesRead
    this.#heardAt = now
    this.#pingedAt = now
    this.#sweptAt = now
    // Without a listener four malformed bytes from a stranger end the process.
    socket.on('error', () => {})
    raw.setNoDelay(true)
    this.#doors = doors(this)
    socket.on('message', (chunk, isBinary) => {
      this.#messages += 1
      this.#doors.message(toBuffer(chunk), isBinary)
    })
    socket.on('pong', (payload) => this.#ponged(payload))
    socket.on('ping', (payload) => {
      this.#bytesDone += payload.length + 6
    })
    if (this.#doors.drained !== undefined) raw.on('drain', () => this.#doors.drained?.())
    socket.on('close', (code, reason) => {
      this.#closing = true
      for (const echo of this.#echoes.splice(0)) echo.settle(null)
      this.#doors.closed(code, reason.toString('utf8'))
    })
  }

  get isOpen(): boolean {
    return !this.#closing && this.#socket.readyState === this.#socket.OPEN
  }

  get isPaused(): boolean {
    return this.#paused
  }

  /** False when it could not be queued: closed, closing, or the other side does not read. */
  send(text: string | Buffer): boolean {
    if (!this.isOpen) return false
    if (this.#socket.bufferedAmount > this.#limits.bufferedBytes) {
      this.close(1013, 'reads too slowly')
      return false
    }
    this.#cork()
    this.#socket.send(text, { binary: false }, ignore)
    return true
  }

  /**
   * Whole frames, made once for many sockets (text-frame.ts): they pass by the sender of `ws`, which would frame them again for each.
   * Only on sockets without compression, and whoever calls it looks at `bufferedBytes` first.
   */
  sendFrames(frames: Buffer): boolean {
    if (!this.isOpen) return false
    this.#raw.write(frames)
    return true
  }

  /** Bytes for the other side that have not left yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** What is compressed already, as a picture. `left` runs when the bytes have left this process, or never will. */
  sendBinary(bytes: Uint8Array, left: () => void = ignore): boolean {
    if (!this.isOpen) return false
    if (this.#socket.bufferedAmount > this.#limits.bufferedBytes) {
      this.close(1013, 'reads too slowly')
      return false
    }
    this.#cork()
    this.#socket.send(bytes, { binary: true, compress: false }, left)
    return true
  }

  /** A commit answers many alerts at once: what is sent in one turn leaves in one write. */
  #cork(): void {
    if (this.#corked) return
    this.#corked = true
    this.#raw.cork()
    setImmediate(() => {
      this.#corked = false
      this.#raw.uncork()
    })
  }

  /** Round trip in ms: the pong proves that everything sent before it was read. Null when none came in time. */
  ping(now: () => number): Promise<number | null> {
    if (!this.isOpen) return Promise.resolve(null)
    echoes += 1
    const payload = `wf${echoes}`
    const sentAt = now()
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#echoes = this.#echoes.filter((echo) => echo.payload !== payload)
        resolve(null)
      }, this.#limits.pongWithinMs)
      const settle = (roundTripMs: number | null) => {
        clearTimeout(timer)
        resolve(roundTripMs === null ? null : Math.max(0, now() - sentAt))
      }
      this.#echoes.push({ payload, sentAt, settle })
      this.#socket.ping(payload, undefined, ignore)
    })
  }

  #ponged(payload: Buffer): void {
    this.#bytesDone += payload.length + 6
    if (this.#echoes.length === 0 || payload.length === 0) return
    const text = payload.toString('latin1')
    const echo = this.#echoes.find((one) => one.payload === text)
    if (echo === undefined) return
    this.#echoes = this.#echoes.filter((one) => one !== echo)
    echo.settle(0)
  }

  pause(): void {
    if (this.#paused || !this.isOpen) return
    this.#paused = true
    this.#socket.pause()
  }

  resume(now: number): void {
    if (!this.#paused) return
    this.#paused = false
    this.#startAnew(now)
    this.#socket.resume()
  }

  /** Whatever it sent meanwhile waited in the kernel: its deadlines start anew. */
  #startAnew(now: number): void {
    this.#heardAt = now
    this.#pingedAt = now
    this.#unansweredAt = null
    this.#partialAt = null
  }

  close(code: number, reason: string): void {
    if (this.#closing) return
    this.#closing = true
    // A paused socket would never read the answer to our close.
    if (this.#paused) this.#socket.resume()
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  /** Called a few times a second by the owner: one timer for all peers instead of several for each. */
  sweep(now: number): void {
    const { sweepEveryMs, pongWithinMs } = this.#limits
    const lateMs = now - this.#sweptAt - sweepEveryMs
    this.#sweptAt = now
    if (this.#closing || this.#paused) return
    // We were held up ourselves, by a busy machine or a stopped process, and timers run before sockets are read: a whole site would be hung up on.
    if (lateMs > pongWithinMs / 2) {
      this.#startAnew(now)
      return
    }
    const bytes = this.#raw.bytesRead
    const progressed = bytes !== this.#bytesAtSweep
    this.#bytesAtSweep = bytes
    if (progressed) {
      this.#heardAt = now
      this.#unansweredAt = null
    }
    if (this.#messages !== this.#messagesAtSweep) {
      this.#messagesAtSweep = this.#messages
      this.#bytesDone = bytes
      this.#partialAt = null
    } else if (bytes > this.#bytesDone) this.#partialAt ??= now
    else this.#partialAt = null

    const { stallMs, assemblyMs, pingEveryMs } = this.#limits
    if (this.#partialAt !== null) {
      const stalled = now - this.#heardAt >= stallMs && now - this.#partialAt >= stallMs
      if (stalled || now - this.#partialAt >= assemblyMs) {
        this.#drop('message not finished in time')
        return
      }
    }
    if (this.#unansweredAt !== null && now - this.#unansweredAt >= pongWithinMs) {
      this.#drop('no answer to ping')
      return
    }
    if (now - this.#pingedAt >= pingEveryMs) {
      this.#pingedAt = now
      this.#unansweredAt ??= now
      this.#socket.ping(undefined, undefined, ignore)
    }
  }

  /** The other side does not answer, so there is no point in a closing handshake. */
  #drop(reason: string): void {
    this.#closing = true
    this.#doors.closed(1006, reason)
    this.#socket.removeAllListeners('close')
    this.#socket.terminate()
    for (const echo of this.#echoes.splice(0)) echo.settle(null)
  }
}

function ignore(): void {}
