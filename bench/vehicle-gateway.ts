/** A client of the gateway that is no part of the app: plain `ws`. How soon the gateway greets it, and how values are read there. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { startHeadless } from '../test/fakes/headless.ts'
import { clientOf } from './cameras-wall.ts'
import type { Area } from './report.ts'
import { dock, gateway, gatewayProfile, type Site, withSite } from './vehicle-site.ts'

const starts = 10

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Tries until it is greeted. */
async function greeted(port: number): Promise<WebSocket> {
  for (;;) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false })
    const hello = await new Promise<string | null>((resolve) => {
      socket.once('message', (text) => resolve(String(text)))
      socket.once('error', () => resolve(null))
      socket.once('close', () => resolve(null))
    })
    if (hello !== null) return socket
    socket.terminate()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Opens a gateway and is its client. */
export async function reach(site: Site): Promise<WebSocket> {
  const port = await freePort()
  await site.client.call('links.save', { profile: gatewayProfile(port) })
  return greeted(port)
}

interface Telemetry {
  readonly type: string
  readonly data?: {
    readonly module_addr?: string
    readonly registers?: readonly { readonly name: string; readonly value: number | null }[]
  }
}

/** The dock's distance in a message; null where the message is of something else. */
export function distanceIn(text: string): number | null {
  const { type, data }: Telemetry = JSON.parse(text)
  if (type !== 'telemetry' || data?.module_addr !== `0x0${dock.unit}`) return null
  return data.registers?.find(({ name }) => name === dock.name)?.value ?? null
}

/** From the call that opens the link, over its port being tried, to the first word to a client. */
async function opened({ client }: Site): Promise<number[]> {
  const took: number[] = []
  for (let n = 0; n < starts; n++) {
    const port = await freePort()
    const from = performance.now()
    const [socket] = await Promise.all([
      greeted(port),
      client.call('links.save', { profile: gatewayProfile(port) }),
    ])
    took.push(performance.now() - from)
    socket.terminate()
    await client.call('links.remove', { id: gateway })
  }
  return took
}

/** From the start of the whole app, which has the gateway among its links, to the first word to a client. */
async function started(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const port = await freePort()
  const flags = ['--log-level', 'warn']
  const before = await startHeadless({ dataDir, flags })
  const client = await clientOf(before)
  await client.call('links.save', { profile: gatewayProfile(port) })
  client.close()
  await before.stop()
  const from = performance.now()
  const [socket, app] = await Promise.all([greeted(port), startHeadless({ dataDir, flags })])
  const tookMs = performance.now() - from
  socket.terminate()
  await app.stop()
  rmSync(dataDir, { recursive: true, force: true })
  return tookMs
}

export const run: Area = async (row) => {
  const took = await withSite(opened)
  console.log(`  gateway opened ${starts} times: ${took.map((ms) => ms.toFixed(0)).join(', ')} ms`)
  row({
    name: `gateway ready: link opened → a client is greeted, slowest of ${starts}`,
    value: Math.max(...took) / 1000,
    unit: 's',
    target: '<= 0.5',
    baseline: null,
  })
  row({
    name: 'gateway ready: the app is started → it is ready and a client is greeted',
    value: (await started()) / 1000,
    unit: 's',
    target: '<= 2',
    baseline: null,
  })
}
