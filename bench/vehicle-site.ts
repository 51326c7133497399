/** The built app with vehicle links over pseudo terminals, and what the rows of the area `vehicle` share. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Api } from '../src/contract/api.ts'
import type { NamesOf, RowOf } from '../src/contract/kinds.ts'
import { LinkId, LinkProfile } from '../src/contract/links.ts'
import { VehicleName } from '../src/contract/vehicle-name.ts'
import type { Client } from '../src/rpc/client.ts'
import { type Headless, startHeadless } from '../test/fakes/headless.ts'
import { clientOf } from './cameras-wall.ts'
import { type OwnBrowser, openBrowser } from './own-browser.ts'

export const vehicle = VehicleName.parse('OHT-50')
export const [bus, lidar, gateway, network] = ['bus', 'lidar', 'gateway', 'network'].map((id) =>
  LinkId.parse(id),
) as [LinkId, LinkId, LinkId, LinkId]

/** The dock's distance, read every 50 ms: what is changed where a change is looked for. */
export const dock = { unit: 5, address: 0x7006, name: 'dock-distance', cell: '0x7006' } as const

export interface Site {
  readonly app: Headless
  readonly client: Client<Api>
  /** Names for the ends of a cable. */
  readonly port: string
  readonly device: string
}

export async function withSite<T>(use: (site: Site) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const app = await startHeadless({ dataDir: join(dir, 'data'), flags: ['--log-level', 'warn'] })
  const client = await clientOf(app)
  try {
    return await use({ app, client, port: join(dir, 'port'), device: join(dir, 'device') })
  } finally {
    client.close()
    await app.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Epoch ms with fraction: of this process, and with the same words of a page on this machine. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** The first row that fits, now or later. */
export function rowOf<N extends NamesOf<Api, 'table'>>(
  client: Client<Api>,
  table: N,
  fits: (row: RowOf<Api[N]>) => boolean,
  withinMs = 20_000,
): Promise<RowOf<Api[N]>> {
  return new Promise((resolve, reject) => {
    let found = false
    let stop = () => {}
    const late = setTimeout(() => {
      stop()
      reject(new Error(`no such row of ${table} within ${withinMs} ms`))
    }, withinMs)
    stop = client.table(table, (rows) => {
      const row = [...rows.values()].find(fits)
      if (row === undefined || found) return
      found = true
      clearTimeout(late)
      resolve(row)
      // The listener may be told before this call has returned.
      queueMicrotask(() => stop())
    })
  })
}

export function busProfile(port: string, writable = false): LinkProfile {
  return LinkProfile.parse({
    id: bus,
    driver: 'modbus-bus',
    name: 'Bus',
    enabled: true,
    vehicle,
    port,
    baudRate: 115_200,
    parity: 'none',
    stopBits: 1,
    timeoutMs: 200,
    units: [2, 3, 4, 5],
    maps: [],
    writable,
  })
}

export function gatewayProfile(port: number): LinkProfile {
  return LinkProfile.parse({
    id: gateway,
    driver: 'oht50-gateway',
    name: 'Gateway',
    enabled: true,
    host: '127.0.0.1',
    port,
    origins: [],
    viewersNeedToken: false,
    tokenMinutes: 60,
  })
}

/** A browser on the Vehicles screen, still attached. `first` runs in the page before anything of it does. */
export async function openVehicles(
  site: Site,
  first: () => void = () => {},
): Promise<{ browser: OwnBrowser; page: Page }> {
  const browser = await openBrowser({ width: 1440, height: 900 })
  const page = await browser.attach()
  const { url } = await site.app.ready
  await page.goto(url)
  await page.evaluate(() => localStorage.setItem('watchfloor.view', JSON.stringify('vehicles')))
  await page.addInitScript(first)
  await page.goto(url)
  return { browser, page }
}
