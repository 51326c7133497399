/** A small server that behaves as a test tells it: real HTTP, real sockets, the deployed software's answers by default. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface Told {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly at: number
}

type Handler = (request: Told, response: ServerResponse) => void

export function json(value: unknown, status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
}

export function limitReached(): Handler {
  return (_request, response) => {
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('Internal Server Error')
  }
}

/** Unsigned is enough: the client does not verify. */
export function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`
}

export class TestServer {
  readonly requests: Told[] = []
  readonly socketSaid: string[] = []
  readonly sockets = new Set<WebSocket>()
  readonly tokensSeen: string[] = []
  /** `GET /path` or `/path`, without the query. */
  readonly routes = new Map<string, Handler>()
  user = 'ward'
  password = 'Canary-Passw0rd!'
  lifeS = 1800
  tokens = 0
  readonly good = new Set<string>()
  /** What a handshake gets; null: it is let in if its token is good. */
  deny: number | null = null
  answersPing = true
  #wake: (() => void)[] = []
  readonly #http = createServer((request, response) => this.#request(request, response))
  readonly #ws = new WebSocketServer({ noServer: true })
  readonly #raw = new Set<Socket>()

  static async start(): Promise<TestServer> {
    const server = new TestServer()
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve))
    return server
  }

  private constructor() {
    this.#http.on('connection', (raw) => {
      this.#raw.add(raw)
      raw.on('close', () => {
        this.#raw.delete(raw)
        this.#changed()
      })
    })
    this.#http.on('upgrade', (request, raw, head) => this.#upgrade(request, raw as Socket, head))
    this.routes.set('/api/health', json({ status: 'healthy' }))
    this.routes.set('/api/setup/status', json({ setup_complete: true }))
    this.routes.set('/api/token', (request, response) => this.#login(request, response))
    this.routes.set('/api/ws/status', json({ status: 'operational', user_connections: 5 }))
    this.routes.set('/api/cameras/', json({ cameras: [], total: 0 }))
    this.routes.set('/api/faces/people', json([]))
    this.routes.set('/api/faces/detections', json({}))
    this.routes.set(
      '/api/faces/statistics',
      json({ total_people: 2, total_encodings: 4, recognitions_today: 7, last_recognition: null }),
    )
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get connections(): number {
    return this.#raw.size
  }

  #login({ body }: Told, response: ServerResponse): void {
    const form = new URLSearchParams(body.toString())
    if (form.get('username') !== this.user || form.get('password') !== this.password) {
      json({ detail: 'Incorrect username or password' }, 401)({} as Told, response)
      return
    }
    this.tokens += 1
    const token = tokenOf({ sub: this.user, exp: Math.floor(Date.now() / 1000) + this.lifeS, n: this.tokens })
    this.good.add(token)
    json({ access_token: token, token_type: 'bearer' })({} as Told, response)
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = 'GET', headers } = request
      const path = (request.url ?? '').split('?')[0] ?? ''
      const told = { method, path, headers, body: Buffer.concat(chunks), at: performance.now() }
      this.requests.push(told)
      this.#changed()
      const isOpen = path === '/api/token' || path === '/api/health' || path.startsWith('/api/setup')
      const token = headers.authorization?.replace('Bearer ', '') ?? ''
      if (!isOpen && !path.startsWith('/api/cameras') && !this.good.has(token))
        return json({ detail: 'Could not validate credentials' }, 401)(told, response)
      const handler = this.routes.get(`${method} ${path}`) ?? this.routes.get(path)
      if (handler === undefined) json({ detail: 'Not Found' }, 404)(told, response)
      else handler(told, response)
    })
  }

  #upgrade(request: IncomingMessage, raw: Socket, head: Buffer): void {
    const token = new URL(request.url ?? '', this.url).searchParams.get('token') ?? ''
    this.tokensSeen.push(token)
    const status = this.deny ?? (this.good.has(token) ? null : 403)
    if (status !== null) {
      raw.end(`HTTP/1.1 ${status} Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      this.#changed()
      return
    }
    this.#ws.handleUpgrade(request, raw, head, (socket) => {
      this.sockets.add(socket)
      socket.on('close', () => {
        this.sockets.delete(socket)
        this.#changed()
      })
      socket.on('message', (bytes) => {
        const text = bytes.toString()
        this.socketSaid.push(text)
        // The deployed server reads it as Python.
        if (this.answersPing && text.includes('"ping"') && !/\b(true|false|null)\b/.test(text))
          socket.send(JSON.stringify({ type: 'pong', timestamp: JSON.parse(text).timestamp }))
        this.#changed()
      })
      this.#changed()
    })
  }

  say(message: unknown): void {
    for (const socket of this.sockets)
      socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  asked(path: string, method = 'GET'): Told[] {
    return this.requests.filter((told) => told.path === path && told.method === method)
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  async until<T>(look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    for (const raw of this.#raw) raw.destroy()
    await new Promise((resolve) => this.#http.close(resolve))
  }
}

export function statistics(more: object = {}, at = new Date()): object {
  const timestamp = at.toISOString().replace('Z', '208')
  return {
    type: 'statistics_update',
    timestamp,
    data: {
      face_recognition: {
        total_people: 3,
        recognitions_today: 5,
        last_recognition: null,
        unknown_faces_today: 0,
      },
      cameras: { total_cameras: 4, active_cameras: 3, recording_cameras: 1 },
      timestamp,
      ...more,
    },
  }
}
