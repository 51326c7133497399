/** Which request of the simulated server is answered by what, and what stands before all of them: the rate limit and the filter. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Building } from './building.ts'
import { answerCameras } from './camera-routes.ts'
import type { OpenEyeOptions, User } from './options.ts'
import { answerPeople } from './people-routes.ts'
import { type Asked, allow, crash, formOf, invalid, json, Refused } from './reply.ts'
import type { Sockets } from './sockets.ts'
import type { Streams } from './streams.ts'

export interface Desk {
  readonly building: Building
  readonly sockets: Sockets
  readonly streams: Streams
  readonly options: OpenEyeOptions
  /** By method and path. */
  readonly requests: Map<string, number>
  find(user: string, password: string): User | null
  userOf(token: string): User | null
  tokenFor(user: User): string
}

const minuteMs = 60_000
const suspicious = /--|#|\/\*|;|\bor\b.*=|\bunion\b.*\bselect\b/i

async function answer(desk: Desk, asked: Asked): Promise<boolean> {
  const { building, sockets } = desk
  const { method, path, query, response } = asked
  if (path.startsWith('/api/cameras/')) return answerCameras(building, desk.streams, asked)
  if (await answerPeople(building, asked)) return true
  const [, camera] = /^\/api\/faces\/camera\/([^/]+)\/enable$/.exec(path) ?? []
  if (camera !== undefined && method === 'POST') {
    allow(asked, 'admin', 'user')
    const found = building.cameras.get(camera)
    if (found === undefined) throw new Refused(404, `Camera '${camera}' not found`)
    found.facesEnabled = query.get('enabled') !== 'false'
    json(response, 200, { camera_id: camera, face_detection_enabled: found.facesEnabled })
    return true
  }
  switch (`${method} ${path}`) {
    case 'POST /api/token': {
      const form = await formOf(asked.request)
      const [name, password] = [form.get('username'), form.get('password')]
      if (typeof name !== 'string' || typeof password !== 'string')
        throw invalid(['body', 'username'], 'Field required', 'missing')
      const user = desk.find(name, password)
      if (user === null) throw new Refused(401, 'Incorrect username or password')
      json(response, 200, { access_token: desk.tokenFor(user), token_type: 'bearer' })
      return true
    }
    case 'GET /api/ws/status': {
      const user = allow(asked, 'admin', 'user', 'viewer')
      json(response, 200, {
        status: 'operational',
        statistics: sockets.figures(),
        user_connections: sockets.countOf(user),
      })
      return true
    }
    case 'GET /api/faces/statistics':
      allow(asked, 'admin', 'user', 'viewer')
      json(response, 200, building.faceFigures())
      return true
    case 'GET /api/faces/detections': {
      allow(asked, 'admin', 'user', 'viewer')
      const running = [...building.cameras.values()].filter((each) => each.isRunning)
      const map = running.map((each) => [
        each.name,
        { recent_faces: each.recent, statistics: building.detectionFigures(each) },
      ])
      json(response, 200, Object.fromEntries(map))
      return true
    }
    case 'GET /api/health': {
      const active = [...building.cameras.values()].filter((each) => each.isRunning).length
      const face_recognition = building.trained.encodings > 0 ? 'available' : 'not_trained'
      json(response, 200, {
        status: 'healthy',
        active_cameras: active,
        face_recognition,
        database: 'connected',
      })
      return true
    }
    case 'GET /api/system/info': {
      const rows = [...building.cameras.values()].map((each) => [
        each.name,
        {
          type: each.row?.camera_type ?? 'mock',
          is_running: each.isRunning,
          is_recording: each.isRecording,
          face_detection_enabled: each.facesEnabled,
          face_statistics: building.detectionFigures(each),
        },
      ])
      json(response, 200, { version: '3.4.0', cameras: Object.fromEntries(rows) })
      return true
    }
    case 'GET /api/setup/status':
      json(response, 200, { setup_complete: building.isSetUp })
      return true
    default:
      return false
  }
}

/** One function for every request, with the memory of who asked how often. */
export function answerer(desk: Desk): (request: IncomingMessage, response: ServerResponse) => void {
  const { requestsPerMinute = 100, rateLimitHeaders = true } = desk.options
  const { faults } = desk.building
  const asks = new Map<string, number[]>()

  function isOverLimit(request: IncomingMessage, response: ServerResponse): boolean {
    const now = Date.now()
    const ip = request.socket.remoteAddress ?? ''
    const recent = (asks.get(ip) ?? []).filter((at) => at > now - minuteMs)
    asks.set(ip, recent)
    if (recent.length >= requestsPerMinute) return true
    recent.push(now)
    if (rateLimitHeaders) {
      response.setHeader('X-RateLimit-Limit', requestsPerMinute)
      response.setHeader('X-RateLimit-Remaining', requestsPerMinute - recent.length)
    }
    return false
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulated')
    const path = decodeURIComponent(url.pathname)
    const { method = 'GET' } = request
    const key = `${method} ${path}`
    desk.requests.set(key, (desk.requests.get(key) ?? 0) + 1)
    if (faults.failRequests !== 0) return crash(response, faults.failRequests)
    if (isOverLimit(request, response)) return crash(response)
    const texts = [path, ...url.searchParams.values()]
    if (texts.some((text) => suspicious.test(text))) return crash(response)
    if (faults.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.slowMs))
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const user = token === undefined ? null : desk.userOf(token)
    const asked: Asked = { method, path, query: url.searchParams, request, response, user }
    if (!(await answer(desk, asked))) throw new Refused(404, 'Not Found')
  }

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error
      if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
      json(response, error.status, { detail: error.detail })
    })
  }
}
