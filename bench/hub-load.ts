/** The load for `hub.ts`, in a process of its own: raw masked frames on many sockets, paced or as fast as they are taken. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { percentile } from './report.ts'

export type Task =
  /** Heartbeats as fast as the server reads them. */
  | { readonly do: 'flood'; readonly port: number; readonly clients: number; readonly forMs: number }
  /** One message at a time per turn, each waiting for its own answer. */
  | {
      readonly do: 'pace'
      readonly port: number
      readonly clients: number
      readonly perSecond: number
      readonly forMs: number
    }
  /** `window` alerts of each client always unanswered. */
  | {
      readonly do: 'keep-full'
      readonly port: number
      readonly clients: number
      readonly window: number
      readonly forMs: number
    }
  | { readonly do: 'connect'; readonly port: number; readonly clients: number }
  | { readonly do: 'hang-up' }

export interface Outcome {
  readonly answers: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const mask = Buffer.from([0x5a, 0x17, 0xc3, 0x88])

/** A client's text frame; the mask is not zero, as a real client's would not be. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  const header =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255])
  for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0)
  return Buffer.concat([header, mask, payload])
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.on('error', () => {})
  await once(socket, 'connect')
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  await once(socket, 'data')
  return socket
}

function openAll(port: number, clients: number): Promise<Socket[]> {
  return Promise.all(Array.from({ length: clients }, () => open(port)))
}

/** 227 bytes, like the document's example. */
export function heartbeatOf(client: number): string {
  const text = JSON.stringify({
    type: 'heartbeat',
    deviceId: `cctv_room_${String(client).padStart(3, '0')}`,
    deviceName: 'Living Room Camera',
    timestamp: '2024-01-15T10:31:00Z',
    payload: {
      status: 'active',
      batteryLevel: 0.78,
      signalStrength: 0.95,
      lastDetection: '2024-01-15T10:30:15Z',
    },
  })
  return text.replace('Camera"', `Camera${' '.repeat(Math.max(0, 227 - text.length))}"`)
}

function alertOf(client: number, messageId: string): string {
  return JSON.stringify({
    type: 'blueAlert',
    deviceId: `cctv_${client}`,
    deviceName: 'Living Room Camera',
    timestamp: new Date().toISOString(),
    messageId,
    payload: { intensity: 0.85, duration: 2.5, location: 'living_room', confidence: 0.92 },
  })
}

/** Whole server frames in `bytes` that are text; what is left of the last one is kept in `rest`. */
function readFrames(rest: Buffer, bytes: Buffer, each: (text: Buffer) => void): Buffer {
  const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
  let at = 0
  while (at + 2 <= all.length) {
    const short = (all[at + 1] ?? 0) & 127
    const headerLength = short === 126 ? 4 : 2
    if (at + headerLength > all.length) break
    const length = short === 126 ? all.readUInt16BE(at + 2) : short
    if (at + headerLength + length > all.length) break
    if (((all[at] ?? 0) & 15) === 1) each(all.subarray(at + headerLength, at + headerLength + length))
    at += headerLength + length
  }
  return all.subarray(at)
}

const batchSize = 64
const batchesAhead = 2

/** As fast as the server reads, and no faster: kernel buffers would hide minutes of backlog. A ping ends each batch. */
async function flood(task: Extract<Task, { do: 'flood' }>): Promise<Outcome> {
  const sockets = await openAll(task.port, task.clients)
  const ping = Buffer.from([0x89, 0x80, ...mask])
  let answers = 0
  for (const [client, socket] of sockets.entries()) {
    const batch = Buffer.concat([...Array<Buffer>(batchSize).fill(frame(heartbeatOf(client))), ping])
    socket.on('data', (bytes) => {
      // Two bytes are a pong without payload; the server says nothing else.
      const pongs = Math.round(bytes.length / 2)
      answers += pongs * batchSize
      for (let done = 0; done < pongs; done += 1) socket.write(batch)
    })
    for (let ahead = 0; ahead < batchesAhead; ahead += 1) socket.write(batch)
  }
  await new Promise((resolve) => setTimeout(resolve, task.forMs))
  for (const socket of sockets) socket.destroy()
  return { answers, p50Ms: 0, p99Ms: 0 }
}

/** Sends alerts and times their answers; an answer carries back the id, which carries the time it was sent. */
class Alerts {
  readonly times: number[] = []
  answers = 0
  #sent = 0
  readonly #run = randomBytes(4).toString('hex')
  readonly #sentAt = new Map<string, number>()

  send(socket: Socket, client: number): void {
    this.#sent += 1
    const id = `${this.#run}-${this.#sent}`
    const bytes = frame(alertOf(client, id))
    this.#sentAt.set(id, performance.now())
    socket.write(bytes)
  }

  listen(socket: Socket, answered: () => void): void {
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      rest = readFrames(rest, bytes, (text) => {
        const from = text.indexOf('"messageId":"') + 13
        const id = text.toString('latin1', from, text.indexOf('"', from))
        const sentAt = this.#sentAt.get(id)
        if (sentAt === undefined) return
        this.#sentAt.delete(id)
        this.times.push(performance.now() - sentAt)
        this.answers += 1
        answered()
      })
    })
  }

  outcome(): Outcome {
    return { answers: this.answers, p50Ms: percentile(this.times, 50), p99Ms: percentile(this.times, 99) }
  }
}

async function pace(task: Extract<Task, { do: 'pace' }>): Promise<Outcome> {
  const sockets = await openAll(task.port, task.clients)
  const alerts = new Alerts()
  for (const socket of sockets) alerts.listen(socket, () => {})
  const begun = performance.now()
  let sent = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - begun
      if (elapsed > task.forMs) {
        clearInterval(timer)
        resolve()
        return
      }
      for (; sent < (elapsed * task.perSecond) / 1000; sent += 1) {
        const client = sent % sockets.length
        const socket = sockets[client]
        if (socket !== undefined) alerts.send(socket, client)
      }
    }, 1)
  })
  for (const socket of sockets) socket.destroy()
  return alerts.outcome()
}

async function keepFull(task: Extract<Task, { do: 'keep-full' }>): Promise<Outcome> {
  const sockets = await openAll(task.port, task.clients)
  const alerts = new Alerts()
  let isOver = false
  for (const [client, socket] of sockets.entries()) {
    alerts.listen(socket, () => {
      if (!isOver) alerts.send(socket, client)
    })
    for (let sent = 0; sent < task.window; sent += 1) alerts.send(socket, client)
  }
  await new Promise((resolve) => setTimeout(resolve, task.forMs))
  isOver = true
  const outcome = alerts.outcome()
  for (const socket of sockets) socket.destroy()
  return outcome
}

let idle: Socket[] = []

async function perform(task: Task): Promise<Outcome> {
  switch (task.do) {
    case 'flood':
      return flood(task)
    case 'pace':
      return pace(task)
    case 'keep-full':
      return keepFull(task)
    case 'connect':
      idle = await openAll(task.port, task.clients)
      for (const [client, socket] of idle.entries()) {
        socket.resume()
        socket.write(frame(heartbeatOf(client)))
      }
      return { answers: 0, p50Ms: 0, p99Ms: 0 }
    case 'hang-up':
      for (const socket of idle) socket.destroy()
      return { answers: 0, p50Ms: 0, p99Ms: 0 }
  }
}

if (process.send !== undefined) {
  process.on('message', (task: Task) => {
    void perform(task).then((outcome) => process.send?.(outcome))
  })
  process.on('disconnect', () => process.exit(0))
}
