/** What rpc promises of tables, and what a reader that stopped reading may cost, on every pipe. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'
import { growthOf } from './memory.ts'
import { Row } from './shop.ts'
import { openSite, ready, type Screen } from './site.ts'
import { rigs } from './wires.ts'

describe.each(Object.entries(rigs))('over %s', (_, startRig) => {
  let site: Awaited<ReturnType<typeof openSite>>
  beforeEach(async () => {
    site = await openSite(startRig)
  })
  afterEach(() => site.close())

  async function readyScreen(token = 'v'): Promise<Screen> {
    const screen = site.screen({ token })
    await ready(screen)
    return screen
  }

  describe('tables', () => {
    it('sends the rows, then changes and removals', async () => {
      site.shop.set({ id: 'a', n: 1 }, { id: 'b', n: 1 })
      const screen = await readyScreen()
      const seen = new Inbox<ReadonlyMap<string, Row>>()
      screen.table('rows', seen.put)
      await seen.first(1)
      expect([...(seen.last?.values() ?? [])].map((row) => Row.parse(row))).toEqual([
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ])
      const a = seen.last?.get('a')
      site.shop.set({ id: 'b', n: 2 })
      await seen.first(2)
      site.shop.remove('b')
      await seen.first(3)
      expect([...(seen.last?.keys() ?? [])]).toEqual(['a'])
      expect(seen.last?.get('a')).toBe(a)
    })

    it('tells an empty table as well', async () => {
      const screen = await readyScreen()
      const seen = new Inbox<ReadonlyMap<string, Row>>()
      screen.table('rows', seen.put)
      expect((await seen.first(1))[0]?.size).toBe(0)
    })

    it('sends a table of many messages whole, with what changed meanwhile', async () => {
      const pad = 'x'.repeat(2000)
      const many = Array.from({ length: 2000 }, (_one, i) => ({ id: `row-${i}`, n: i, pad }))
      site.shop.set(...many)
      const screen = await readyScreen()
      const seen = new Inbox<ReadonlyMap<string, Row>>()
      screen.table('rows', seen.put)
      await seen.first(1)
      expect(seen.all[0]?.size).toBe(2000)
      site.shop.set({ id: 'row-7', n: -1 })
      site.shop.remove('row-8')
      await seen.until((all) => all.at(-1)?.get('row-7')?.n === -1 && !all.at(-1)?.has('row-8'))
      expect(seen.last?.size).toBe(1999)
    })

    it('coalesces 10,000 changes of one row for a slow reader; the last one is right', async () => {
      site.shop.set({ id: 'a', n: 0 })
      const screen = await readyScreen()
      const seen = new Inbox<ReadonlyMap<string, Row>>()
      screen.table('rows', seen.put)
      await seen.first(1)
      site.rig.stall()
      for (let n = 1; n <= 10_000; n++) {
        site.shop.set({ id: 'a', n, pad: 'x'.repeat(10_000) })
        if (n % 100 === 0) await new Promise(setImmediate)
      }
      site.rig.flow()
      await seen.until((all) => all.at(-1)?.get('a')?.n === 10_000)
      expect(seen.all.length).toBeLessThan(200)
    })

    it('keeps the rows while the pipe is down and replaces them with a new snapshot', async () => {
      site.shop.set({ id: 'a', n: 1 }, { id: 'b', n: 1 })
      const screen = await readyScreen()
      const seen = new Inbox<ReadonlyMap<string, Row>>()
      const states = new Inbox<string>()
      screen.onStatus((status) => states.put(status.is))
      screen.table('rows', seen.put)
      await seen.first(1)
      const before = seen.last?.get('a')
      site.rig.cut()
      await states.until((all) => all.includes('lost'))
      expect(seen.all).toHaveLength(1)
      site.shop.remove('b')
      site.shop.set({ id: 'c', n: 3 })
      await seen.until((all) => all.at(-1)?.has('c') === true)
      expect([...(seen.last?.keys() ?? [])]).toEqual(['a', 'c'])
      expect(seen.last?.get('a')).toBe(before)
      expect(site.shop.tableListeners.size).toBe(1)
    })

    it('refuses one above the role', async () => {
      const screen = await readyScreen()
      const faults = new Inbox<unknown>()
      screen.table('secrets', () => {}, faults.put)
      await faults.first(1)
      expect(faults.last).toMatchObject({ code: 'not-allowed' })
    })
  })

  it('holds next to nothing for a reader that stopped reading', async () => {
    // Every turn may send, and everything together is over 30 MB of rows, 500 MB of frames and 15 MB of passing ids.
    const eager = await openSite(startRig, { flushMs: 0 })
    const { shop, rig } = eager
    const ids = 2000
    const pad = 'x'.repeat(500)
    for (let i = 0; i < ids; i++) shop.set({ id: `row-${i}`, n: 0, pad })
    const screen = eager.screen()
    await ready(screen)
    const seen = new Inbox<number>()
    screen.table('rows', (rows) => seen.put(rows.size))
    screen.journal('log', { after: 'now', onEntries: () => {} })
    screen.feed('frames', { name: 'cam' }, () => {})
    await seen.first(1)
    const grownMb = await growthOf(async () => {
      rig.stall()
      for (let change = 0; change < 60_000; change++) {
        shop.set({ id: `row-${change % ids}`, n: change, pad })
        if (change % 12 === 0) shop.push(change, new Uint8Array(100_000))
        if (change % 60 === 0) await new Promise(setImmediate)
        // Rows that come and go while nobody reads may not pile up either.
        const passing = `passing-${change}-${pad.slice(300)}`
        shop.set({ id: passing, n: 0 })
        shop.remove(passing)
      }
    })
    expect(grownMb).toBeLessThanOrEqual(10)
    rig.flow()
    await expect(screen.call('add', { a: 1, list: [] })).resolves.toEqual({ sum: 1 })
    await eager.close()
  })
})
