/** A WebSocket client without rules: sends any bytes as a frame, or none at all. The well-behaved `ws` refuses to build most of these. */
import { randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface FrameOptions {
  readonly opcode?: number
  readonly fin?: boolean
  readonly masked?: boolean
  readonly reservedBits?: number
  /** The length the header claims, where it differs from the truth. */
  readonly claims?: number | bigint
}

export function frame(payload: Buffer | string, options: FrameOptions = {}): Buffer {
  const { opcode = 1, fin = true, masked = true, reservedBits = 0 } = options
  const body = Buffer.from(payload)
  const length = BigInt(options.claims ?? body.length)
  const first = (fin ? 0x80 : 0) | (reservedBits << 4) | opcode
  const maskBit = masked ? 0x80 : 0
  let head: Buffer
  if (length < 126n) head = Buffer.from([first, maskBit | Number(length)])
  else if (length < 65_536n) {
    head = Buffer.from([first, maskBit | 126, 0, 0])
    head.writeUInt16BE(Number(length), 2)
  } else {
    head = Buffer.alloc(10)
    head[0] = first
    head[1] = maskBit | 127
    head.writeBigUInt64BE(length, 2)
  }
  if (!masked) return Buffer.concat([head, body])
  const key = randomBytes(4)
  const hidden = Buffer.from(body.map((byte, at) => byte ^ (key[at % 4] ?? 0)))
  return Buffer.concat([head, key, hidden])
}

export class RawSocket {
  readonly #socket: Socket
  readonly #events = new EventEmitter()
  #seen = Buffer.alloc(0)
  #closed = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes) => {
      this.#seen = Buffer.concat([this.#seen, bytes]).subarray(-1_000_000)
      this.#events.emit('bytes')
    })
    socket.on('error', () => {}) // a reset is an answer like any other; `close` follows
    socket.on('close', () => {
      this.#closed = true
      this.#events.emit('bytes')
    })
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Everything that came, as text; frame headers are in it too. */
  get text(): string {
    return this.#seen.toString('latin1')
  }

  /** The code of the close frame that came, null without one. Servers send short frames without a mask. */
  get closeCode(): number | null {
    let at = this.#seen.indexOf('\r\n\r\n') + 4
    while (at + 4 <= this.#seen.length) {
      if (this.#seen[at] === 0x88) return this.#seen.readUInt16BE(at + 2)
      const short = this.#seen.readUInt8(at + 1)
      if (short < 126) at += 2 + short
      else if (short === 126) at += 4 + this.#seen.readUInt16BE(at + 2)
      else return null
    }
    return null
  }

  write(bytes: Buffer | string): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes)
  }

  /** Resolves when the bytes were handed to the kernel: with a peer that reads slowly, that takes its time. */
  async writeAll(bytes: Buffer): Promise<void> {
    if (!this.#socket.destroyed && !this.#socket.write(bytes))
      await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')])
  }

  send(payload: Buffer | string, options: FrameOptions = {}): void {
    this.write(frame(payload, options))
  }

  pause(): void {
    this.#socket.pause()
  }

  end(): void {
    this.#socket.destroy()
  }

  async until(fits: (socket: RawSocket) => boolean, what: string, timeoutMs = 30_000): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs)
    while (!fits(this)) {
      try {
        await once(this.#events, 'bytes', { signal })
      } catch {
        throw new Error(`waited ${timeoutMs} ms for ${what}; got ${JSON.stringify(this.text.slice(-300))}`)
      }
    }
  }

  /** Told to go, or gone. */
  closed(timeoutMs = 30_000): Promise<void> {
    return this.until((socket) => socket.isClosed || socket.closeCode !== null, 'a close', timeoutMs)
  }
}

/** A TCP connection, nothing said yet. */
export async function dial(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  const raw = new RawSocket(socket)
  await once(socket, 'connect')
  return raw
}

export function handshake(url: string, headers: Readonly<Record<string, string>> = {}): string {
  const { host, pathname } = new URL(url)
  const wanted = {
    Host: host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...headers,
  }
  const lines = Object.entries(wanted).map(([name, value]) => `${name}: ${value}`)
  return `GET ${pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

/** An open WebSocket, as far as the server knows. */
export async function open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawSocket> {
  const raw = await dial(url)
  raw.write(handshake(url, headers))
  await raw.until((socket) => socket.text.includes('\r\n\r\n'), 'the handshake')
  if (!raw.text.startsWith('HTTP/1.1 101')) throw new Error(`refused: ${raw.text.split('\r\n')[0]}`)
  return raw
}
