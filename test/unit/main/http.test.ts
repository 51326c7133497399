/** The HTTP interface as a program meets it: a real server over a real app. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from '../../../src/main/app.ts'
import { readConfig } from '../../../src/main/config.ts'
import { hubAddress } from '../../../src/main/shell/hub-address.ts'
import { loadManifest } from '../../../src/main/shell/manifest.ts'
import { Access } from '../../../src/main/shell/node/access.ts'
import { createHttp } from '../../../src/main/shell/node/http.ts'
import { ownNames } from '../../../src/main/shell/node/names.ts'
import { Camera } from '../../fakes/camera.ts'

const dir = mkdtempSync(join(tmpdir(), 'watchfloor-http-'))
let app: App
let access: Access
let server: ReturnType<typeof createHttp>
let origin: string
const ids: string[] = []

beforeAll(async () => {
  const logSink = { write() {} }
  app = await startApp(readConfig(['--hub-port', '0'], {}), {
    dataDir: dir,
    version: '0.0.0',
    shell: 'node',
    logSink,
  })
  access = new Access(dir)
  const page = join(dir, 'page')
  mkdirSync(page)
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>page</title>')
  const listing = { '/': { file: 'index.html', type: 'text/html; charset=utf-8', sha256: '0'.repeat(64) } }
  writeFileSync(join(page, 'manifest.json'), JSON.stringify(listing))
  let names: ReadonlySet<string> = new Set()
  server = createHttp({ app, access, manifest: loadManifest(page), names: () => names })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  names = ownNames('127.0.0.1', port)
  origin = `http://127.0.0.1:${port}`
  const camera = new Camera({ deviceId: 'cam-1', deviceName: '=HYPERLINK("http://evil")' })
  await camera.connect(await hubAddress(app))
  for (const place of ['gate', 'yard', 'Phòng khách'])
    ids.push(await camera.alertReceived({ location: place }))
  await camera.close()
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await app.close()
  rmSync(dir, { recursive: true, force: true })
})

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return fetch(origin + path, { method, headers })
}

function authorized(): Record<string, string> {
  return { authorization: `Bearer ${access.token('viewer')}` }
}

interface Page {
  alerts: Record<string, unknown>[]
  next: number | null
}

async function alerts(query: string): Promise<Page> {
  return (await (await get(`/api/alerts${query}`, authorized())).json()) as Page
}

describe('GET /api/alerts', () => {
  it('needs a token', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic x' }] as Record<
      string,
      string
    >[]) {
      const response = await get('/api/alerts', headers)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it('pages by store sequence, every field a machine needs in each row', async () => {
    const first = await alerts('?limit=2')
    expect(first.alerts.map((alert) => alert.sourceId)).toEqual(ids.slice(0, 2))
    expect(first.next).toBe(first.alerts[1]?.seq)
    const second = await alerts(`?limit=2&after=${first.next}`)
    expect(second).toMatchObject({ next: null, alerts: [{ sourceId: ids[2] }] })
    for (const alert of first.alerts)
      expect(alert).toMatchObject({
        source: 'blue-light',
        kind: 'blue-light',
        priority: 'critical',
        state: 'unacknowledged-active',
        raisedAt: expect.any(Number),
        receivedAt: expect.any(Number),
        late: false,
        device: 'cam-1',
        location: expect.any(String),
        text: expect.any(String),
        transitions: [expect.objectContaining({ kind: 'raise' })],
      })
  })

  it('searches, also without the accents, and bounds the time', async () => {
    expect((await alerts('?q=phong khach')).alerts.map((alert) => alert.sourceId)).toEqual([ids[2]])
    expect((await alerts('?q=nowhere')).alerts).toEqual([])
    expect((await alerts('?from=2100-01-01T00:00:00Z')).alerts).toEqual([])
    expect((await alerts(`?to=${Date.now() + 1000}`)).alerts).toHaveLength(3)
  })

  it('gives JSON lines, and CSV that no spreadsheet runs', async () => {
    const lines = (await (await get('/api/alerts?format=ndjson', authorized())).text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).sourceId)).toEqual(ids)
    const csv = await get('/api/alerts?format=csv', authorized())
    expect(csv.headers.get('content-type')).toContain('text/csv')
    const rows = (await csv.text()).trimEnd().split('\r\n')
    expect(rows[0]).toMatch(/^seq,source,sourceId,kind,priority,state,raisedAt,receivedAt,late,/)
    expect(rows).toHaveLength(4)
    expect(rows[1]).toContain(`"'=HYPERLINK(""http://evil"")"`)
  })

  it.each(['?limit=0', '?limit=abc', '?after=-1', '?format=xml', '?from=yesterday', '?colour=red'])(
    '%s is refused with what would do',
    async (query) => {
      const response = await get(`/api/alerts${query}`, authorized())
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'bad-input', tip: expect.stringMatching(/\w/) })
    },
  )
})

describe('the server', () => {
  it('tells health per link and of the store, and metrics, without a token', async () => {
    // A link tells its counters a few times a second, not with every alert.
    await expect
      .poll(async () => (await get('/api/health')).json(), { timeout: 10_000 })
      .toMatchObject({
        ok: true,
        links: [
          { id: 'blue-light', counters: { alertsStored: 3 }, queueDepth: 0 },
          { id: 'device-faces', state: { is: 'listening' } },
        ],
        store: { mode: 'normal', synchronous: 2, journalMode: 'wal', diskFreeBytes: expect.any(Number) },
      })
    const metrics = await (await get('/metrics')).text()
    expect(metrics).toContain('watchfloor_store_alerts 3')
    expect(metrics).toContain('watchfloor_link_total{link="blue-light",what="alertsStored"} 3')
  })

  it('serves only what the manifest lists, under a strict policy', async () => {
    const page = await get('/')
    expect(page.status).toBe(200)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    // WebAssembly may be compiled (the face engine); text may not become code or style.
    expect(policy).not.toMatch(/'unsafe-/)
    for (const path of [
      '/manifest.json',
      '/index.html',
      '/../access.json',
      '/%2e%2e/access.json',
      '//etc/passwd',
      '/access.json',
    ])
      expect((await get(path)).status, path).toBe(404)
  })

  it('answers GET and HEAD only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await get('/', {}, method)).status).toBe(405)
    expect((await get('/', {}, 'HEAD')).status).toBe(200)
  })

  it('is deaf to a foreign Host', async () => {
    const { port } = server.address() as AddressInfo
    for (const host of ['attacker.example', `attacker.example:${port}`, `127.0.0.1:${port + 1}`]) {
      const socket = connect(port, '127.0.0.1')
      socket.end(`GET /api/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /)
    }
  })
})
