/** What 100 dashboards cost the app that serves them, and how soon the last of them hears of a change, beside a bare `ws` server. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { destination } from 'pino'
import { WebSocketServer } from 'ws'
import { LinkId } from '../src/contract/links.ts'
import { type App, startApp } from '../src/main/app.ts'
import { readConfig } from '../src/main/config.ts'
import type { Heard, Task } from './openeye-load.ts'
import { type Area, percentile } from './report.ts'

const users = 20
const socketsPerUser = 5
const changes = 200
/** The median of each counts: a p99 of two hundred is its second worst, and the host of a virtual machine has its moments. */
const rounds = 3
const changeEveryMs = 120
const idleMs = 30_000
const link = LinkId.parse('dashboards')
const camera = 'bench'

class Load {
  readonly #child: ChildProcess = fork(new URL('./openeye-load.ts', import.meta.url))

  async perform(task: Task): Promise<Heard> {
    this.#child.send(task)
    const [answer] = await once(this.#child, 'message')
    return answer
  }

  close(): void {
    this.#child.kill()
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

const admin = { id: 'bench', role: 'admin' as const, user: 'bench' }

async function serve(app: App): Promise<string> {
  const never = new AbortController().signal
  const profile = {
    id: link,
    driver: 'openeye-server' as const,
    name: 'Dashboards',
    enabled: true,
    host: '127.0.0.1',
    port: 0,
    origins: [],
    broadcastMs: 5000,
    tokenMinutes: 60,
  }
  await app.handlers['links.save']({ profile }, admin, never)
  for (let n = 0; n < users; n += 1) {
    const user = { id: link, user: `user${n}`, role: 'viewer' as const, password: `Bench-pass-${n}` }
    await app.handlers['links.users.save'](user, admin, never)
  }
  return (app.live.links.get(link)?.address ?? '').replace(/^ws/, 'http')
}

/** The server lets one address log in ten times a minute, so this takes a minute. */
async function logIn(address: string): Promise<string[]> {
  const tokens: string[] = []
  while (tokens.length < users) {
    const n = tokens.length
    const body = new URLSearchParams({ username: `user${n}`, password: `Bench-pass-${n}` })
    const answer = await fetch(`${address}/api/token`, { method: 'POST', body })
    const said = (await answer.json()) as { access_token?: string }
    if (said.access_token !== undefined) tokens.push(said.access_token)
    else if (answer.status === 429) await sleep(1000 * Number(answer.headers.get('retry-after') ?? 1))
    else throw new Error(`login: ${answer.status} ${JSON.stringify(said)}`)
  }
  return tokens
}

/** Each change is one more face recognised; it is made known with the commit that stores it. */
async function changesSeen(app: App, load: Load): Promise<number[]> {
  const changedAt = new Map<number, number>()
  const before = app.live.statistics.get('site')?.recognitionsToday ?? 0
  let made = 0
  const stop = app.store.onChange(({ events }) => {
    if (events.length > 0) changedAt.set(before + made, now())
  })
  for (; made < changes; ) {
    made += 1
    const at = Date.now()
    await app.store.addEvent({
      link,
      sourceId: `bench-${made}-${at}`,
      camera: null,
      cameraName: camera,
      kind: 'face-recognized',
      person: 'Anna',
      confidence: 0.9,
      text: 'Anna',
      at,
      lastAt: at,
      count: 1,
      receivedAt: at,
      box: null,
      picture: null,
      pictureAt: null,
      raw: null,
    })
    await sleep(changeEveryMs)
  }
  stop()
  await sleep(1000)
  const heard = new Map(await load.perform({ do: 'report' }))
  const tookMs = [...changedAt].flatMap(([figure, at]) => {
    const lastAt = heard.get(figure)
    return lastAt === undefined ? [] : [lastAt - at]
  })
  if (tookMs.length < changes * 0.95)
    throw new Error(`only ${tookMs.length} of ${changes} changes reached all`)
  return tookMs
}

/** The same words from a bare server: what the two processes and the machine cost by themselves. */
async function bareBroadcast(load: Load): Promise<number[]> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  const bound = server.address()
  if (typeof bound === 'string' || bound === null) throw new Error('no port')
  const url = `ws://127.0.0.1:${bound.port}`
  await load.perform({ do: 'connect', urls: Array(users * socketsPerUser).fill(url) })
  const sentAt = new Map<number, number>()
  for (let figure = 1; figure <= changes; figure += 1) {
    const timestamp = new Date().toISOString()
    const faces = {
      total_people: 5,
      recognitions_today: figure,
      last_recognition: timestamp,
      unknown_faces_today: 3,
    }
    const cameras = { total_cameras: 2, active_cameras: 2, recording_cameras: 1 }
    const data = { face_recognition: faces, cameras, timestamp }
    const bytes = Buffer.from(JSON.stringify({ type: 'statistics_update', timestamp, data }))
    sentAt.set(figure, now())
    for (const socket of server.clients) socket.send(bytes, { binary: false })
    await sleep(changeEveryMs)
  }
  const heard = await load.perform({ do: 'report' })
  await load.perform({ do: 'hang-up' })
  server.close()
  return heard.map(([figure, lastAt]) => lastAt - (sentAt.get(figure) ?? Number.NaN))
}

/** Share of one core, in percent, over the time. */
async function cpuPercent(): Promise<number> {
  const before = process.cpuUsage()
  await sleep(idleMs)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) / 1000 / idleMs) * 100
}

export const run: Area = async (row) => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const used = () => {
    collect()
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const config = readConfig(['--hub-port', '0', '--log-level', 'warn'], {})
  const logSink = destination({ dest: join(dataDir, 'watchfloor.log'), sync: false })
  const app = await startApp(config, { dataDir, version: '0.0.0', shell: 'node', logSink })
  const load = new Load()
  try {
    const address = await serve(app)
    const tokens = await logIn(address)
    const quiet = await cpuPercent()
    const socket = address.replace(/^http/, 'ws')
    const urls = tokens.flatMap((token) =>
      Array.from({ length: socketsPerUser }, () => `${socket}/api/ws/statistics?token=${token}`),
    )
    // The first round pays for what is made once: compiled code, shared tables.
    await load.perform({ do: 'connect', urls })
    await sleep(1000)
    await load.perform({ do: 'hang-up' })
    await sleep(1000)
    const empty = used()
    await load.perform({ do: 'connect', urls })
    await sleep(1000)
    const perHundred = (used() - empty) / 1024 / 1024
    const busy = await cpuPercent()
    await load.perform({ do: 'report' })
    const p99s: number[] = []
    for (let round = 0; round < rounds; round += 1) p99s.push(percentile(await changesSeen(app, load), 99))
    await load.perform({ do: 'hang-up' })
    row({
      name: 'broadcast to 100 subscribers, p99 from change to last delivery',
      value: percentile(p99s, 50),
      unit: 'ms',
      target: '<= 10',
      baseline: percentile(await bareBroadcast(load), 99),
    })
    row({
      name: 'heap + external per 100 dashboards',
      value: perHundred,
      unit: 'MB',
      target: '<= 1',
      baseline: null,
    })
    row({
      name: 'CPU at 100 idle subscribers with a 5 s broadcast',
      value: busy - quiet,
      unit: '% of a core',
      target: '<= 1',
      baseline: null,
    })
  } finally {
    load.close()
    await app.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
