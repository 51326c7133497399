/** The clients for `gateway.ts`, in a process of their own: bare sockets that read frames, so that what is measured is the server and not they. */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export type GatewayTask =
  | { readonly do: 'connect'; readonly port: number; readonly clients: number }
  /** Sockets that are opened and never read. */
  | { readonly do: 'connect-deaf'; readonly port: number; readonly clients: number }
  | { readonly do: 'report' }
  | { readonly do: 'hang-up' }

export interface GatewayHeard {
  /** Stamped messages that came, on all sockets. */
  readonly messages: number
  /** From the stamp to here, ms. */
  readonly p50: number
  readonly p99: number
}

const sockets: Socket[] = []
let messages = 0
let tookMs: number[] = []
const stamp = Buffer.from('"value":')
const shared = Buffer.allocUnsafeSlow(262_144)

/** One machine, one clock: comparable with the same sum in another process. */
function now(): number {
  return performance.timeOrigin + performance.now()
}

/** Takes whole frames out of `bytes`; what is left over begins the next. */
function take(bytes: Buffer): Buffer | null {
  const at = now()
  let from = 0
  while (from + 2 <= bytes.length) {
    const kind = (bytes[from + 1] ?? 0) & 127
    const head = kind < 126 ? 2 : kind === 126 ? 4 : 10
    if (from + head > bytes.length) break
    const length =
      kind < 126
        ? kind
        : kind === 126
          ? bytes.readUInt16BE(from + 2)
          : Number(bytes.readBigUInt64BE(from + 2))
    const end = from + head + length
    if (end > bytes.length) break
    const value = bytes.indexOf(stamp, from + head)
    // Epoch ms: thirteen digits; anything else that has a value is no measurement.
    const sentAt =
      value >= 0 && value < end ? Number.parseFloat(bytes.toString('latin1', value + 8, value + 26)) : 0
    if (sentAt > 1e12) {
      messages += 1
      tookMs.push(at - sentAt)
    }
    from = end
  }
  return from === bytes.length ? null : Buffer.from(bytes.subarray(from))
}

function open(port: number, isDeaf: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let isUp = false
    let rest: Buffer | null = null
    const read = (count: number) => {
      let bytes = shared.subarray(0, count)
      if (!isUp) {
        const end = bytes.indexOf('\r\n\r\n')
        if (end < 0) return reject(new Error('no handshake'))
        isUp = true
        bytes = bytes.subarray(end + 4)
        if (isDeaf) socket.pause()
        resolve(socket)
      }
      rest = take(rest === null ? bytes : Buffer.concat([rest, bytes]))
    }
    const socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: shared,
        callback(count) {
          read(count)
          return true
        },
      },
    })
    socket.on('error', reject)
    socket.setNoDelay(true)
    socket.write(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    )
  })
}

async function connectAll(port: number, clients: number, isDeaf: boolean): Promise<void> {
  for (let n = 0; n < clients; n += 50) {
    const some = Array.from({ length: Math.min(50, clients - n) }, () => open(port, isDeaf))
    sockets.push(...(await Promise.all(some)))
  }
}

function report(): GatewayHeard {
  const sorted = Float64Array.from(tookMs).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const heard = { messages, p50: at(0.5), p99: at(0.99) }
  messages = 0
  tookMs = []
  return heard
}

async function perform(task: GatewayTask): Promise<GatewayHeard> {
  if (task.do === 'connect' || task.do === 'connect-deaf')
    await connectAll(task.port, task.clients, task.do === 'connect-deaf')
  if (task.do === 'hang-up') for (const socket of sockets.splice(0)) socket.destroy()
  return report()
}

process.on('message', (task: GatewayTask) => {
  perform(task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
