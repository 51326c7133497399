/** The HTTP side of the Node shell: the page from its manifest, health, metrics, and the alert history for programs. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportPath } from '../../../contract/export-limits.ts'
import { Fault } from '../../../contract/fault.ts'
import type { App } from '../../app.ts'
import type { Manifest } from '../manifest.ts'
import { cacheControl, contentSecurityPolicy, securityHeaders } from '../policy.ts'
import type { Access } from './access.ts'
import { healthReport } from './health-report.ts'
import { answerAlerts } from './http-alerts.ts'
import { answerExport } from './http-exports.ts'
import { metricsText } from './metrics.ts'

export interface HttpParts {
  readonly app: App
  readonly access: Access
  readonly manifest: Manifest
  /** The names it may be asked under; known once it listens. */
  names(): ReadonlySet<string>
}

export function createHttp(parts: HttpParts): Server {
  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 500,
      keepAliveTimeout: 5000,
      maxHeaderSize: 8192,
      requireHostHeader: true,
      insecureHTTPParser: false,
    },
    (request, response) => {
      answer(parts, request, response).catch((error: unknown) => refuse(response, error, parts.app))
    },
  )
  server.maxConnections = 1000
  server.maxRequestsPerSocket = 1000
  return server
}

async function answer(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  request.resume() // no request of ours has a body
  if (!parts.names().has((request.headers.host ?? '').toLowerCase()))
    return sendText(response, 421, 'This server is not known by that name.')
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendText(response, 405, 'Only GET and HEAD are answered here.')
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?')
  if (path.startsWith(exportPath) && request.method === 'GET') {
    if (await answerExport(parts.app, path.slice(exportPath.length), response)) return
    return sendText(response, 404, 'This export is over, or was fetched already.')
  }
  switch (path) {
    case '/api/health': {
      const report = await healthReport(parts.app)
      return sendJson(response, report.ok ? 200 : 503, report)
    }
    case '/metrics':
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      response.setHeader('cache-control', 'no-store')
      return send(response, 200, await metricsText(parts.app))
    case '/api/alerts':
      if (!mayRead(parts.access, request)) {
        response.setHeader('www-authenticate', 'Bearer')
        return sendText(response, 401, 'Send an access token: Authorization: Bearer <token>.')
      }
      return answerAlerts(parts.app.store, new URLSearchParams(query), response)
    default:
      return sendFile(parts, path, response)
  }
}

function mayRead(access: Access, request: IncomingMessage): boolean {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  return token !== undefined && access.roleOf(token) !== null
}

async function sendFile({ manifest }: HttpParts, path: string, response: ServerResponse): Promise<void> {
  const entry = manifest.find(path)
  if (entry === undefined) return sendText(response, 404, 'There is nothing here.')
  response.setHeader('content-security-policy', contentSecurityPolicy([]))
  response.setHeader('content-type', entry.type)
  response.setHeader('cache-control', cacheControl(path))
  send(response, 200, await manifest.read(entry))
}

function refuse(response: ServerResponse, error: unknown, app: App): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (error instanceof Fault) {
    const status = error.code === 'bad-input' ? 400 : error.code === 'not-found' ? 404 : 503
    sendJson(response, status, { code: error.code, message: error.message, tip: error.tip })
    return
  }
  app.log.error('http-bug', { error: error instanceof Error ? error : new Error(String(error)) })
  sendText(response, 500, 'Something unexpected happened; it is in the log.')
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  send(response, status, JSON.stringify(value))
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  send(response, status, `${text}\n`)
}

/** Node itself leaves the body out of an answer to HEAD. */
function send(response: ServerResponse, status: number, body: string | Buffer): void {
  response.statusCode = status
  response.setHeader('content-length', Buffer.byteLength(body))
  response.end(body)
}

function splitOnce(text: string, at: string): string[] {
  const place = text.indexOf(at)
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)]
}
