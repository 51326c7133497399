/**
 * A register changes on the bus: until a client of the gateway has been told, and until the Vehicles screen shows it. Counted from the
 * moment the module's reply with the new value is handed to the pty, so that how often it is polled is left out, and nothing else is:
 * the pty, the silence after a frame, and the way through the app are in it.
 */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { plugPair } from '../test/fakes/pty-pair.ts'
import { startSlave } from '../test/sim/modbus/slave.ts'
import { type Area, percentile } from './report.ts'
import { distanceIn, reach } from './vehicle-gateway.ts'
import { busProfile, dock, epochMs, openVehicles, rowOf, type Site, withSite } from './vehicle-site.ts'

const wanted = Number(process.env.WATCHFLOOR_CHANGES ?? 1000)
/** Of the polls, so many bring a change: a value that stands still for a while is changed like one that moves. */
const share = 0.7
const settleMs = 3000
/** The range of the register ends at 10,000. */
const first = 1000

interface Changes {
  /** When the first reply with a value left, by value. Epoch ms. */
  readonly leftAt: ReadonlyMap<number, number>
  /** Resolves when there were enough. */
  readonly done: Promise<void>
  close(): Promise<void>
}

/** The dock's distance is another one with every reply that a lot falls on. */
async function startChanging(site: Site): Promise<Changes & { begin(): void }> {
  const cable = await plugPair(site.port, site.device)
  const leftAt = new Map<number, number>()
  const done = Promise.withResolvers<void>()
  let value = first
  let isOn = false
  const slave = await startSlave({
    path: site.device,
    still: true,
    answered(request) {
      const isDock = request.unit === dock.unit && request.fn === 3
      const [from, to] = [request.address, request.address + request.quantity]
      if (!isDock || from > dock.address || to <= dock.address) return
      if (isOn && !leftAt.has(value)) leftAt.set(value, epochMs())
      if (!isOn || Math.random() > share) return
      if (leftAt.size >= wanted) {
        done.resolve()
        return
      }
      value += 1
      slave.set(dock.unit, dock.address, value)
    },
  })
  // None of the values that are waited for.
  slave.set(dock.unit, dock.address, 0)
  return {
    leftAt,
    done: done.promise,
    begin() {
      slave.set(dock.unit, dock.address, value)
      isOn = true
    },
    async close() {
      await slave.stop()
      await cable.unplug()
    },
  }
}

async function openBus(site: Site): Promise<void> {
  await site.client.call('links.save', { profile: busProfile(site.port) })
  await rowOf(site.client, 'modules', ({ unit, values }) => unit === dock.unit && dock.name in values)
}

interface Came {
  readonly value: number
  /** Epoch ms. */
  readonly at: number
}

/**
 * Of each change how long it took until that value or a newer one was there: two within one frame of the screen are one to it.
 * `came` is in order; values only grow.
 */
function tookOf({ leftAt }: Changes, came: readonly Came[], where: string): number[] {
  const told = new Set(came.map(({ value }) => value))
  const took = [...leftAt].flatMap(([value, leftAt]) => {
    const first = came.find((one) => one.value >= value)
    return first === undefined ? [] : [first.at - leftAt]
  })
  // The last one may still be on its way.
  if (took.length < leftAt.size - 1)
    throw new Error(`${leftAt.size - took.length} of ${leftAt.size} changes never came to ${where}`)
  const overtaken = [...leftAt.keys()].filter((value) => !told.has(value)).length
  console.log(`  ${took.length} changes ${where}, ${overtaken} of them overtaken: ${spread(took)}`)
  return took
}

export const toGateway: Area = (row) =>
  withSite(async (site) => {
    const changes = await startChanging(site)
    const socket = await reach(site)
    try {
      await openBus(site)
      const came: Came[] = []
      socket.on('message', (text) => {
        const at = epochMs()
        const value = distanceIn(String(text))
        if (value !== null && value >= first) came.push({ value, at })
      })
      await sleep(settleMs)
      changes.begin()
      await changes.done
      await sleep(200)
      const took = tookOf(changes, came, 'told to the gateway’s client')
      row({
        name: `register change → gateway client, beyond the poll, p99 of ${took.length}`,
        value: percentile(took, 99),
        unit: 'ms',
        target: '<= 5',
        baseline: null,
      })
    } finally {
      const closed = once(socket, 'close')
      socket.close()
      await closed
      await changes.close()
    }
  })

type Shown = readonly (readonly [value: number, at: number, drawnAt: number])[]

declare global {
  interface Window {
    watchfloorFrame?: { isDrawn: boolean; ask: (callback: () => void) => void }
    watchfloorChanges?: [number, number, number][]
  }
}

/** In the page, before anything of it runs: whether what runs now is still drawn in this frame, or waits for the next. */
function watchFrames(): void {
  const ask = window.requestAnimationFrame.bind(window)
  const frame = { isDrawn: false, ask }
  window.watchfloorFrame = frame
  const { port1, port2 } = new MessageChannel()
  // No task runs between the callbacks of a frame and its drawing.
  port1.onmessage = () => {
    frame.isDrawn = false
  }
  window.requestAnimationFrame = (callback) =>
    ask((at) => {
      if (!frame.isDrawn) port2.postMessage(null)
      frame.isDrawn = true
      callback(at)
    })
}

/** In the page: when a cell of the register table changed, and when the frame after the one that draws it begins. */
function watchCell(address: string): void {
  const shown: [number, number, number][] = []
  window.watchfloorChanges = shown
  const frame = window.watchfloorFrame
  const now = () => performance.timeOrigin + performance.now()
  const cell = [...document.querySelectorAll('tr')].find(
    (row) => row.querySelector('td')?.textContent === address,
  )
  const value = cell?.querySelector('b')
  if (frame === undefined || !value) throw new Error(`no register ${address} on the screen`)
  new MutationObserver(() => {
    const one: [number, number, number] = [Number.parseInt(value.textContent ?? '', 10), now(), 0]
    shown.push(one)
    const drawn = () => {
      one[2] = now()
    }
    frame.ask(frame.isDrawn ? drawn : () => frame.ask(drawn))
  }).observe(value, { characterData: true, childList: true, subtree: true })
}

async function showDock(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Dock/ }).first().click()
  await page.locator('td', { hasText: dock.cell }).waitFor()
}

export const toPixels: Area = (row) =>
  withSite(async (site) => {
    const changes = await startChanging(site)
    try {
      await openBus(site)
      const { browser, page } = await openVehicles(site, watchFrames)
      try {
        await showDock(page)
        await page.evaluate(watchCell, dock.cell)
        await browser.detach()
        await sleep(settleMs)
        changes.begin()
        await changes.done
        await sleep(500)
        const shown: Shown = await (await browser.attach()).evaluate(() => window.watchfloorChanges ?? [])
        const cameAt = (n: 1 | 2) => shown.map((one) => ({ value: one[0], at: one[n] }))
        tookOf(changes, cameAt(1), 'in the page’s document')
        const took = tookOf(changes, cameAt(2), 'drawn, the next frame begins')
        row({
          name: `register change → pixels, beyond the poll, p99 of ${took.length}`,
          value: percentile(took, 99),
          unit: 'ms',
          target: '<= 50',
          baseline: null,
        })
      } finally {
        await browser.close()
      }
    } finally {
      await changes.close()
    }
  })

export function spread(took: readonly number[]): string {
  const at = (p: number) => percentile(took, p).toFixed(2)
  return `p50 ${at(50)}, p90 ${at(90)}, p99 ${at(99)}, most ${at(100)} ms`
}
