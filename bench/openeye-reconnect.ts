/** How soon 100 links are live again once their server can be reached. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { LinkId } from '../src/contract/links.ts'
import { type Settings, settingsTable } from '../src/contract/settings.ts'
import { openEyeClient } from '../src/main/drivers/openeye/index.ts'
import type { Fact } from '../src/main/fact.ts'
import { systemClock } from '../src/main/io/clock.ts'
import type { RunningLink } from '../src/main/link.ts'
import { silentLog } from '../src/main/log.ts'
import { emptySite, slotWith } from '../test/fakes/link-parts.ts'
import type { SimReady } from './openeye-sim.ts'
import { type Area, percentile } from './report.ts'

const links = 100
const socketsPerUser = 5
const rounds = 3
const downMs = 6000

const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, { fallback }]) => [key, fallback]),
) as Settings

/** Where each link stands, and since when. */
class Board {
  readonly #since = new Map<string, number>()
  readonly #live = new Set<string>()

  tell(fact: Fact): void {
    if (fact.type !== 'link-reported') return
    const isLive = fact.state.is === 'live'
    if (isLive && !this.#live.has(fact.link)) {
      this.#live.add(fact.link)
      this.#since.set(fact.link, performance.timeOrigin + performance.now())
    } else if (!isLive) this.#live.delete(fact.link)
  }

  async until(count: number, withinMs: number): Promise<void> {
    const end = performance.now() + withinMs
    while (this.#live.size !== count) {
      if (performance.now() > end) throw new Error(`${this.#live.size} links are live, not ${count}`)
      await sleep(5)
    }
  }

  liveAfter(at: number): number[] {
    return [...this.#since.values()].map((since) => since - at)
  }
}

async function openLink(n: number, { urls, password }: SimReady, board: Board): Promise<RunningLink> {
  const user = `user${Math.floor(n / socketsPerUser)}`
  return openEyeClient.open({
    profile: {
      id: LinkId.parse(`eye-${n}`),
      driver: 'openeye-client',
      name: `Eye ${n}`,
      enabled: true,
      url: urls[0] ?? '',
      ladder: 'lan',
      pollMs: 5000,
      zone: 'utc',
      recognitionZone: 'local',
      keepStreams: false,
    },
    settings,
    clock: systemClock,
    log: silentLog,
    knownDevices: [],
    secret: slotWith(JSON.stringify({ is: 'password', user, password })),
    site: emptySite,
    inspected: () => false,
    raise: async () => ({ seq: 1, duplicate: false }),
    tell: (fact) => board.tell(fact),
  })
}

export const run: Area = async (row) => {
  const sim = fork(new URL('./openeye-sim.ts', import.meta.url), ['1', String(links / socketsPerUser), '1'])
  const [ready]: SimReady[] = await once(sim, 'message')
  if (ready === undefined) throw new Error('the simulated server did not start')
  const board = new Board()
  const opened = await Promise.all(Array.from({ length: links }, (_, n) => openLink(n, ready, board)))
  try {
    const tookMs: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await board.until(links, 30_000)
      sim.send({ do: 'refuse' })
      await once(sim, 'message')
      await board.until(0, 30_000)
      await sleep(downMs)
      sim.send({ do: 'accept' })
      const [acceptedAt]: number[] = await once(sim, 'message')
      await board.until(links, 30_000)
      tookMs.push(...board.liveAfter(acceptedAt ?? Number.NaN))
    }
    row({
      name: 'reconnect after the server is reachable again, 100 clients, p99',
      value: percentile(tookMs, 99) / 1000,
      unit: 's',
      target: '<= 1',
      baseline: null,
    })
  } finally {
    await Promise.all(opened.map((link) => link.close()))
    sim.kill()
  }
}
