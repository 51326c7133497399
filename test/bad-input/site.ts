/** What every row of the suite attacks: the built app, an honest camera that keeps reporting meanwhile, the ledger, and the verdict. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Camera } from '../fakes/camera.ts'
import { type Headless, type HistoryRow, type StartOptions, startHeadless } from '../fakes/headless.ts'
import { Ledger } from '../fakes/ledger.ts'

/** An honest camera waits this long at most, whatever else is going on: reliability before throughput. */
const honestAckMs = 5000
let cameras = 0

/** One row of a table: what is done to the site, between a start and a verdict that are the same for all. */
export interface Attack {
  readonly name: string
  readonly run: (site: Site) => Promise<void>
}

export class Site {
  readonly app: Headless
  readonly ledger: Ledger
  readonly hub: string
  /** `ws://…/rpc`, where screens connect. */
  readonly screens: string
  readonly origin: string
  readonly pid: number

  private constructor(app: Headless, ledger: Ledger, hub: string, url: string) {
    this.app = app
    this.ledger = ledger
    this.hub = hub
    this.origin = new URL(url).origin
    this.screens = `${this.origin.replace('http', 'ws')}/rpc`
    this.pid = app.pid
  }

  static async start(options: Partial<StartOptions> = {}, ledger = new Ledger()): Promise<Site> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'watchfloor-bad-'))
    const app = await startHeadless({ ...options, dataDir })
    const { hub, url } = await app.ready
    return new Site(app, ledger, hub, url)
  }

  async camera(name = 'camera'): Promise<Camera> {
    cameras += 1
    const camera = new Camera({ deviceId: `${name}-${cameras}`, ledger: this.ledger })
    await camera.connect(this.hub)
    return camera
  }

  /** Runs the attack while an honest camera reports one alert after the other, each within its time. */
  async besides(attack: () => Promise<void>): Promise<void> {
    const honest = await this.camera('honest')
    let over = false
    let reports = 0
    const reporting = (async () => {
      // At least two: one while the attack runs, one after it. At most what its budget allows without waiting.
      for (let afterwards = 0; afterwards < 2 && reports < 150; reports += 1) {
        if (over) afterwards += 1
        const id = honest.alert()
        await honest.ack(id, 'received', honestAckMs)
      }
    })()
    try {
      await attack()
    } finally {
      over = true
    }
    await reporting
    await honest.close()
  }

  rows(): Promise<HistoryRow[]> {
    return this.app.alerts()
  }

  /** The oracle: alive, healthy, no promise broken, nothing twice, nothing in the log but what the row expects. */
  async judge(expected?: RegExp): Promise<void> {
    expect(this.app.isAlive(), this.app.output).toBe(true)
    expect(this.app.pid).toBe(this.pid)
    expect((await this.app.get('/api/health')).status).toBe(200)
    const rows = (await this.rows()).filter((row) => row.kind === 'blue-light')
    const { lost, duplicated } = this.ledger.judge(rows.map((row) => row.sourceId))
    expect({ lost, duplicated }).toEqual({ lost: [], duplicated: [] })
    const trouble = troubleIn(this.app.log()).filter((line) => expected?.test(line) !== true)
    expect(trouble).toEqual([])
    expect(this.app.output).not.toMatch(/unhandled-rejection|uncaught-exception|Warning:/)
  }

  async end(): Promise<void> {
    await this.app.stop()
    rmSync(this.app.dataDir, { recursive: true, force: true })
  }
}

/** Log lines that say something happened nobody had thought of. */
export function troubleIn(log: string): string[] {
  return log
    .split('\n')
    .filter((line) =>
      /"event":"(unhandled-rejection|uncaught-exception|bug|http-bug|fact-not-stored)"/.test(line),
    )
}
