/** Serves the built page as app://control: the files of the build manifest and the exports it asked for, GET and HEAD, and nothing else. */
import { finished, Readable } from 'node:stream'
import { protocol, type Session } from 'electron'
import { exportPath } from '../../../contract/export-limits.ts'
import type { App } from '../../app.ts'
import type { Manifest } from '../manifest.ts'
import { cacheControl, contentSecurityPolicy, securityHeaders } from '../policy.ts'
import { isOurs, scheme } from './origin.ts'
import { safePage, safePath } from './safe-page.ts'

/** Must run before the app is ready. Not corsEnabled: then other origins could read our files (CVE-2026-70604). */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Null until the app runs. */
type Exports = () => App['exports'] | null

export function servePage(session: Session, manifest: Manifest, exports: Exports): void {
  session.protocol.handle(scheme, (request) => answer(request, manifest, exports))
}

const always = { ...securityHeaders, 'content-security-policy': contentSecurityPolicy([]) }

function refuse(status: number, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...always, 'cache-control': 'no-store', ...more } })
}

async function answer(request: Request, manifest: Manifest, exports: Exports): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { allow: 'GET, HEAD' })
  if (!isOurs(request.url)) return refuse(404)
  const path = pathOf(request.url)
  if (path === safePath) return page(safePage, 'text/html; charset=utf-8', path, request.method)
  if (path.startsWith(exportPath) && request.method === 'GET')
    return handOut(exports(), path.slice(exportPath.length))
  const entry = manifest.find(path)
  if (entry === undefined) return refuse(404)
  return page(new Uint8Array(await manifest.read(entry)), entry.type, path, request.method)
}

/** As it was sent, but for the query: a path that needs decoding or resolving is not in the manifest. */
function pathOf(url: string): string {
  return new URL(url).pathname
}

function page(body: string | Uint8Array<ArrayBuffer>, type: string, path: string, method: string): Response {
  return new Response(method === 'HEAD' ? null : body, {
    status: 200,
    headers: { ...always, 'content-type': type, 'cache-control': cacheControl(path) },
  })
}

/** A film, streamed: the guard of downloads asks where it goes, and Chromium writes it there as it comes. */
async function handOut(exports: App['exports'] | null, ticket: string): Promise<Response> {
  const download = (await exports?.take(ticket)) ?? null
  if (download === null) return refuse(404)
  const { stream, bytes } = download
  finished(stream, (error) => download.done(error ?? null))
  const body = Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>>
  return new Response(body, {
    status: 200,
    headers: {
      ...always,
      'content-type': 'video/mp4',
      'content-length': String(bytes),
      'content-disposition': 'attachment',
      'cache-control': 'no-store',
    },
  })
}
