/**
 * How soon clients of the vehicle gateway hear of a change, by how many they are and how often it changes, beside a bare `ws`
 * server that sends the same to as many. Clients are in a process of their own, on the same machine: with two cores they cost as much as the server.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { LinkId } from '../src/contract/links.ts'
import type { VehicleModule } from '../src/contract/modules.ts'
import { Gateway } from '../src/main/drivers/oht50-gateway/gateway.ts'
import { gatewayLimits } from '../src/main/drivers/oht50-gateway/limits.ts'
import type { GatewayProfile } from '../src/main/drivers/oht50-gateway/profile.ts'
import { systemClock } from '../src/main/io/clock.ts'
import type { LinkContext } from '../src/main/link.ts'
import { slotWith } from '../test/fakes/link-parts.ts'
import { moduleRow, Vehicles } from '../test/fakes/vehicles.ts'
import type { GatewayHeard, GatewayTask } from './gateway-load.ts'
import type { Area } from './report.ts'

const perSecond = 100
const runMs = 5000
const manyClients = 1000
/** Modules of a vehicle that are read in one turn of its bus. */
const modulesAtOnce = 4
const steps = [50, 100, 200, 300, 400, 600, 800]
const targetMs = 5

class Load {
  readonly #child: ChildProcess = fork(new URL('./gateway-load.ts', import.meta.url))

  async perform(task: GatewayTask): Promise<GatewayHeard> {
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

/** `each` so often a second, evenly. */
async function feed(timesPerSecond: number, forMs: number, each: () => void): Promise<number> {
  const startedAt = performance.now()
  const total = Math.round((timesPerSecond * forMs) / 1000)
  for (let n = 0; n < total; n += 1) {
    const waitMs = startedAt + (n * 1000) / timesPerSecond - performance.now()
    // A timer may be a millisecond late: the rest is waited for turn by turn.
    if (waitMs > 1.5) await sleep(waitMs - 1.5)
    while (performance.now() < startedAt + (n * 1000) / timesPerSecond)
      await new Promise((resolve) => setImmediate(resolve))
    each()
  }
  return total
}

const profile: GatewayProfile = {
  id: LinkId.parse('gate'),
  driver: 'oht50-gateway',
  name: 'Gateway',
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  origins: [],
  viewersNeedToken: false,
  tokenMinutes: 30,
}

interface Served {
  readonly gateway: Gateway
  readonly vehicles: Vehicles
  readonly port: number
  readonly readyMs: number
}

async function serve(): Promise<Served> {
  const startedAt = performance.now()
  const vehicles = new Vehicles()
  let address = ''
  const context: LinkContext<GatewayProfile> = {
    profile,
    settings: {} as LinkContext['settings'],
    clock: systemClock,
    log: { error: console.error, warn: console.warn, info() {}, debug() {} },
    knownDevices: [],
    secret: slotWith(),
    site: vehicles.site,
    vehicles: { knownModules: [], registerMaps: [], monitored: () => false, view: vehicles },
    inspected: () => false,
    raise: () => Promise.reject(new Error('nothing is raised')),
    tell(fact) {
      if (fact.type === 'link-reported') address = fact.address
    },
  }
  const gateway = await Gateway.open(context, vehicles, gatewayLimits)
  await gateway.start()
  await fetch(`${address.replace('ws:', 'http:')}/health`)
  return { gateway, vehicles, port: Number(new URL(address).port), readyMs: performance.now() - startedAt }
}

/** A register that changes; its value is when. Of how many modules at once. */
function change({ vehicles }: Served, modules: number): void {
  for (let unit = 2; unit < 2 + modules; unit += 1) {
    const more: Partial<VehicleModule> = { id: `bus/${unit}`, unit, name: `Module ${unit}` }
    vehicles.module(moduleRow({ soc: now() }, more))
  }
}

async function measured(
  load: Load,
  served: Served,
  clients: number,
  modules: number,
): Promise<GatewayHeard & { readonly share: number }> {
  await load.perform({ do: 'connect', port: served.port, clients })
  // The first second pays for what is made once.
  await feed(perSecond / modules, 1000, () => change(served, modules))
  await sleep(300)
  await load.perform({ do: 'report' })
  const times = await feed(perSecond / modules, runMs, () => change(served, modules))
  await sleep(500)
  const heard = await load.perform({ do: 'hang-up' })
  await sleep(300)
  return { ...heard, share: (heard.messages / (times * modules * clients)) * 100 }
}

/** The same bytes from a bare server, made once for each change and sent to each client. */
async function bare(load: Load, clients: number, modules: number): Promise<GatewayHeard> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  const bound = server.address()
  if (typeof bound === 'string' || bound === null) throw new Error('no port')
  await load.perform({ do: 'connect', port: bound.port, clients })
  const send = () => {
    const together: Buffer[] = []
    for (let n = 0; n < modules; n += 1) {
      const registers = [{ addr: '0x0002', name: 'soc', value: now(), unit: '%', mode: 'R' }]
      const data = { module_addr: '0x02', module_name: 'Power', kind: 'power', link: 'bus', complete: false }
      const words = {
        type: 'telemetry',
        vehicle_id: 'OHT-50-001',
        timestamp: new Date().toISOString(),
        data: { ...data, registers, timestamp: new Date().toISOString() },
      }
      together.push(Buffer.from(JSON.stringify(words)))
    }
    // As in the gateway, what belongs together is known before the first of it is sent.
    for (const bytes of together) for (const socket of server.clients) socket.send(bytes, { binary: false })
  }
  await feed(perSecond / modules, 1000, send)
  await sleep(300)
  await load.perform({ do: 'report' })
  await feed(perSecond / modules, runMs, send)
  await sleep(500)
  const heard = await load.perform({ do: 'hang-up' })
  server.close()
  await sleep(300)
  return heard
}

export const run: Area = async (row) => {
  const load = new Load()
  const served = await serve()
  try {
    row({
      name: 'ready after start',
      value: served.readyMs / 1000,
      unit: 's',
      target: '<= 0.5',
      baseline: null,
    })
    const few = await measured(load, served, 10, 1)
    row({
      name: 'register change → 10 clients, 100/s to each, p99',
      value: few.p99,
      unit: 'ms',
      target: '<= 5',
      baseline: (await bare(load, 10, 1)).p99,
    })
    const many = await measured(load, served, manyClients, modulesAtOnce)
    const manyBare = await bare(load, manyClients, modulesAtOnce)
    row({
      name: `${manyClients} clients, 100/s to each (${modulesAtOnce} modules at once), p99`,
      value: many.p99,
      unit: 'ms',
      target: '<= 5',
      baseline: manyBare.p99,
    })
    row({
      name: 'the same, received of what was sent',
      value: many.share,
      unit: '%',
      target: '>= 100',
      baseline: null,
    })
    const single = await measured(load, served, manyClients, 1)
    row({
      name: `${manyClients} clients, 100/s to each (one at a time), p99`,
      value: single.p99,
      unit: 'ms',
      target: '<= 5',
      baseline: (await bare(load, manyClients, 1)).p99,
    })
    let within = 0
    for (const clients of steps) {
      const { p99, share } = await measured(load, served, clients, 1)
      if (p99 > targetMs || share < 99.99) break
      within = clients
    }
    row({
      name: 'clients with 100/s to each (one at a time) at p99 ≤ 5 ms',
      value: within,
      unit: 'clients',
      target: '>= 1000',
      baseline: null,
    })
    const alone = await measured(load, served, 50, 1)
    await load.perform({ do: 'connect-deaf', port: served.port, clients: 20 })
    const beside = await measured(load, served, 50, 1)
    row({
      name: '50 clients beside 20 that do not read, p99 against without',
      value: beside.p99 / alone.p99,
      unit: '×',
      target: '<= 1.5',
      baseline: null,
    })
  } finally {
    load.close()
    await served.gateway.close()
  }
}
