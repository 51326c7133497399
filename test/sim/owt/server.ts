/** A simulated OWT face server over real sockets: it looks at the pictures it gets and answers in either form, well or badly. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { jpegSize } from '../../../src/main/io/picture.ts'
import { type Chance, chanceFrom } from '../blue-light/chance.ts'
import { frameResult, type Style } from './answer.ts'
import { type Look, look } from './look.ts'
import { counterLeft, defaultPeople, type Faults, noFaults, type OwtOptions } from './options.ts'

export interface OwtSim {
  readonly url: string
  readonly port: number
  /** May be changed while it runs. */
  readonly faults: Faults
  /** Pictures it got, answers it gave. */
  readonly counts: { pictures: number; answers: number; sockets: number; handshakes: number }
  /** What the handshakes asked for, keys and all. */
  readonly addresses: string[]
  /** Forms that came, in order of their first picture on each socket. */
  readonly forms: ('deployed' | 'document')[]
  say(message: unknown): void
  hangUp(code?: number, reason?: string): void
  close(): Promise<void>
}

interface Asked {
  readonly form: 'deployed' | 'document'
  readonly frameId: string | null
  readonly base64: string
}

/** Null: no picture. */
function readAsked(message: unknown): Asked | null {
  if (typeof message !== 'object' || message === null) return null
  const { type, image, data } = message as Record<string, unknown>
  if (type === 'processFrame' && typeof image === 'string')
    return { form: 'deployed', frameId: null, base64: image }
  if (type !== 'frame' || typeof data !== 'object' || data === null) return null
  const { imageData, frameId } = data as Record<string, unknown>
  if (typeof imageData !== 'string') return null
  return { form: 'document', frameId: typeof frameId === 'string' ? frameId : null, base64: imageData }
}

/** One face, without a look at the picture. */
function nothingSeen(jpeg: Buffer, left = 0.4): Look {
  const size = jpegSize(jpeg) ?? { widthPx: 640, heightPx: 640 }
  const { widthPx, heightPx } = size
  const face = { x: widthPx * left, y: heightPx * 0.4, width: widthPx * 0.2, height: heightPx * 0.2 }
  return { ...size, faces: [{ ...face, is: 'patch', red: 235, green: 0, shirt: null }] }
}

export async function startOwt(options: OwtOptions = {}): Promise<OwtSim> {
  const {
    speaks = 'both',
    people = defaultPeople,
    finds = 'patches',
    timestamps = true,
    apiKey = null,
  } = options
  const faults: Faults = { ...noFaults, ...options.faults }
  const chance: Chance = chanceFrom(options.seed ?? 1)
  const log = options.log ?? (() => {})
  const counts = { pictures: 0, answers: 0, sockets: 0, handshakes: 0 }
  const addresses: string[] = []
  const forms: ('deployed' | 'document')[] = []
  const timers = new Set<NodeJS.Timeout>()
  const raw = new Set<Socket>()
  const http = createServer((_request, response) => {
    response.writeHead(426).end('This is a WebSocket server.\n')
  })
  http.on('connection', (socket) => {
    raw.add(socket)
    socket.on('close', () => raw.delete(socket))
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 2_000_000 })

  function happens(share: number): boolean {
    return share > 0 && chance.next() < share
  }

  function latency(): number {
    const { latencyMs = 0 } = options
    return typeof latencyMs === 'number' ? latencyMs : chance.between(latencyMs[0], latencyMs[1])
  }

  function later(ms: number, run: () => void): void {
    if (ms <= 0) {
      run()
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
  }

  function answer(socket: WebSocket, asked: Asked, receivedAt: number): void {
    if (faults.mute || happens(faults.lose)) return
    const picture = counts.pictures - 1
    const jpeg = Buffer.from(asked.base64, 'base64')
    const say = (text: string) => {
      if (socket.readyState !== socket.OPEN || faults.mute) return
      counts.answers += 1
      socket.send(text)
    }
    if (happens(faults.fail)) {
      later(latency(), () => say(JSON.stringify({ type: 'error', message: faults.failWords })))
      return
    }
    let seen: Look
    try {
      if (finds === 'header') seen = nothingSeen(jpeg)
      else if (finds === 'counter') seen = nothingSeen(jpeg, counterLeft(picture))
      else seen = look(jpeg, finds)
    } catch (error) {
      say(JSON.stringify({ type: 'error', error: `cannot decode image: ${String(error)}` }))
      return
    }
    const style: Style = {
      form: asked.form,
      boxField: options.boxField ?? (asked.form === 'deployed' ? 'bbox' : 'box'),
      boxWriting: options.boxWriting ?? (asked.form === 'deployed' ? 'xyxy-px' : 'xywh-px'),
      people,
      timestamps,
    }
    const waitMs = latency() - (performance.now() - receivedAt)
    later(waitMs, () => {
      const tookMs = performance.now() - receivedAt
      const frameId = (options.echoesIds ?? true) ? asked.frameId : null
      const text = frameResult(seen, style, { frameId, sizeBytes: jpeg.length, tookMs, now: Date.now() })
      if (happens(faults.grumble)) say(JSON.stringify({ type: 'error', message: 'low memory' }))
      options.answered?.(picture)
      say(text)
      if (happens(faults.repeat)) later(chance.between(0, 20), () => say(text))
    })
  }

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    counts.sockets += 1
    const key = new URL(request.url ?? '/', 'ws://here').searchParams.get('apiKey')
    const isWelcome = apiKey === null || key === apiKey
    if (!isWelcome && options.keyTrouble === 'close') return socket.close(4401, 'bad key')
    if (!isWelcome) socket.send(JSON.stringify({ type: 'error', message: `Invalid API key: ${key}` }))
    let pictures = 0
    socket.on('error', () => {})
    socket.on('message', (bytes: RawData) => {
      const receivedAt = performance.now()
      if (!isWelcome || faults.mute) return
      let message: unknown
      try {
        message = JSON.parse(String(bytes))
      } catch {
        socket.send(JSON.stringify({ type: 'error', message: 'not JSON' }))
        return
      }
      const asked = readAsked(message)
      if (asked === null) {
        const { type } = message as { type?: unknown }
        if (type === 'ping') socket.send(JSON.stringify({ type: 'pong' }))
        return
      }
      counts.pictures += 1
      pictures += 1
      if (pictures === 1) forms.push(asked.form)
      if (pictures === 1) log({ event: 'pictures', form: asked.form })
      if (faults.hangUpAfter > 0 && pictures >= faults.hangUpAfter) return socket.terminate()
      // The deployed server says nothing to a form it does not know.
      if (speaks === 'both' || speaks === asked.form) answer(socket, asked, receivedAt)
    })
  })

  http.on('upgrade', (request, socket: Socket, head) => {
    counts.handshakes += 1
    addresses.push(request.url ?? '')
    const key = new URL(request.url ?? '/', 'ws://here').searchParams.get('apiKey')
    const isRefused = apiKey !== null && key !== apiKey && (options.keyTrouble ?? 'status') === 'status'
    const status = faults.refuse !== 0 ? faults.refuse : isRefused ? 401 : 0
    if (status !== 0) {
      socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request))
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  const url = `ws://${options.host ?? '127.0.0.1'}:${port}`
  return {
    url,
    port,
    faults,
    counts,
    addresses,
    forms,
    say(message) {
      const text = typeof message === 'string' ? message : JSON.stringify(message)
      for (const socket of sockets.clients) socket.send(text)
    },
    hangUp(code, reason) {
      for (const socket of sockets.clients) {
        if (code === undefined) socket.terminate()
        else socket.close(code, reason)
      }
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets.clients) socket.terminate()
      for (const socket of raw) socket.destroy()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
