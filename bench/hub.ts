/** The hub's figures, each beside bare `ws` in the same run; the load comes from a process of its own. */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { WebSocketServer } from 'ws'
import { AlertId } from '../src/contract/alerts.ts'
import { LinkId } from '../src/contract/links.ts'
import { type Settings, settingsTable } from '../src/contract/settings.ts'
import { Hub } from '../src/main/drivers/blue-light/hub.ts'
import { hubLimits } from '../src/main/drivers/blue-light/hub-limits.ts'
import type { Fact } from '../src/main/fact.ts'
import { systemClock } from '../src/main/io/clock.ts'
import type { LinkContext } from '../src/main/link.ts'
import { silentLog } from '../src/main/log.ts'
import { openStore } from '../src/main/store/open-store.ts'
import { emptySite, slotWith } from '../test/fakes/link-parts.ts'
import type { Outcome, Task } from './hub-load.ts'
import { type Area, percentile } from './report.ts'

const clients = 100
/** The median of each counts: the best round would flatter, on both sides. */
const rounds = 3
const floodMs = 2000
const paceMs = 3000

const settings = {
  ...Object.fromEntries(Object.entries(settingsTable).map(([key, one]) => [key, one.fallback])),
  alertsPerMinute: 1_000_000,
} as Settings

type Raise = LinkContext['raise']

interface Server {
  readonly port: number
  received(): number
  close(): Promise<void>
}

async function startHub(raise: Raise): Promise<Server> {
  let port = 0
  let received = 0
  const tell = (fact: Fact) => {
    if (fact.type !== 'link-reported') return
    port = Number(new URL(fact.address).port)
    received = fact.counters.messagesIn
  }
  const profile = {
    id: LinkId.parse('hub'),
    driver: 'blue-light-hub',
    name: 'Hub',
    enabled: true,
    host: '127.0.0.1',
    port: 0,
    heartbeatMs: 30_000,
  } as const
  // The budgets stay in place, too wide to bite: their cost belongs to the figure.
  const limits = { ...hubLimits, statusPerSecond: 1e9, statusBurst: 1e9, alertBurst: 1e9 }
  const context = {
    profile,
    settings,
    clock: systemClock,
    log: silentLog,
    knownDevices: [],
    secret: slotWith(),
    site: emptySite,
    inspected: () => false,
    raise,
    tell,
  }
  const hub = new Hub(context, limits)
  await hub.start()
  return { port, received: () => received, close: () => hub.close() }
}

/** What a first version would be: `ws` as it comes, and JSON.parse. `echo` answers with what came. */
async function startBare(echo: boolean): Promise<Server> {
  let received = 0
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (bytes) => {
      if (echo) socket.send(bytes, { binary: false })
      else received += JSON.parse(bytes.toString()).type === 'heartbeat' ? 1 : 0
    })
  })
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  return {
    port,
    received: () => received,
    close() {
      for (const socket of server.clients) socket.terminate()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function startLoad() {
  const child = fork(fileURLToPath(new URL('./hub-load.ts', import.meta.url)))
  return {
    async perform(task: Task): Promise<Outcome> {
      child.send(task)
      const [outcome] = await once(child, 'message')
      return outcome
    },
    end: () => child.disconnect(),
  }
}

type Load = ReturnType<typeof startLoad>

const instantly: Raise = async () => ({ seq: 1, duplicate: false })

async function ratePerSecond(load: Load, server: Server): Promise<number> {
  const { answers } = await load.perform({ do: 'flood', port: server.port, clients, forMs: floodMs })
  await server.close()
  return (answers * 1000) / floodMs
}

async function latency(load: Load, server: Server): Promise<number> {
  const task = { do: 'pace', port: server.port, clients, perSecond: 1000, forMs: paceMs } as const
  const { p99Ms } = await load.perform(task)
  await server.close()
  return p99Ms
}

function usedBytes(collect: () => void): number {
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function memoryPer100(load: Load): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const server = await startHub(instantly)
  const before = usedBytes(collect)
  await load.perform({ do: 'connect', port: server.port, clients: 500 })
  while (server.received() < 500) await new Promise((resolve) => setTimeout(resolve, 50))
  const after = usedBytes(collect)
  await load.perform({ do: 'hang-up' })
  await server.close()
  return (after - before) / 5 / 1024 / 1024
}

async function durable(load: Load, forMs: number): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  let next = 0
  const server = await startHub(async (fact) => {
    next += 1
    const { type: _, ...rest } = fact
    const alert = { ...rest, id: AlertId.parse(`a${next}`), state: 'unacknowledged-active' } as const
    const stored = await store.raise(alert)
    return { seq: stored.alert.seq, duplicate: stored.duplicate }
  })
  const outcome = await load.perform({ do: 'keep-full', port: server.port, clients: 50, window: 3, forMs })
  await server.close()
  await store.close()
  rmSync(dir, { recursive: true })
  return outcome
}

export const run: Area = async (row) => {
  const load = startLoad()
  const bareRates: number[] = []
  const hubRates: number[] = []
  const bareP99: number[] = []
  const hubP99: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    bareRates.push(await ratePerSecond(load, await startBare(false)))
    hubRates.push(await ratePerSecond(load, await startHub(instantly)))
  }
  row({
    name: 'validated ingest of 227-byte heartbeats, 100 clients, share of bare ws + JSON.parse',
    value: percentile(hubRates, 50) / percentile(bareRates, 50),
    unit: '×',
    target: '>= 0.5',
    baseline: 1,
  })
  row({
    name: 'the same, messages per second',
    value: percentile(hubRates, 50),
    unit: '/s',
    target: '>= 10000',
    baseline: percentile(bareRates, 50),
  })
  for (let round = 0; round < rounds; round += 1) {
    bareP99.push(await latency(load, await startBare(true)))
    hubP99.push(await latency(load, await startHub(instantly)))
  }
  row({
    name: 'p99 alert to received at 1,000/s from 100 clients, added over bare ws echo',
    value: percentile(hubP99, 50) - percentile(bareP99, 50),
    unit: 'ms',
    target: '<= 2',
    baseline: percentile(bareP99, 50),
  })
  row({
    name: 'heap + external per 100 connections',
    value: await memoryPer100(load),
    unit: 'MB',
    target: '<= 1',
    baseline: null,
  })
  await durable(load, 1000)
  const kept = await durable(load, 4000)
  row({
    name: 'durable alerts end to end: socket, fsync, received',
    value: kept.answers / 4,
    unit: '/s',
    target: '>= 10000',
    baseline: null,
  })
  row({
    name: 'durable alerts end to end, p99 from sent to received',
    value: kept.p99Ms,
    unit: 'ms',
    target: '<= 20',
    baseline: null,
  })
  load.end()
}
