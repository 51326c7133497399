/** What rpc promises of journals and feeds, asked of every pipe it may run on. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'
import { Entry, Header } from './shop.ts'
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

  describe('journals', () => {
    it('delivers every entry once and in order, through cuts in the middle of pages', async () => {
      site.shop.append(3000, 'x'.repeat(1500))
      const screen = await readyScreen()
      const seqs: number[] = []
      const seen = new Inbox<number>()
      let reads = 0
      site.shop.hooks.read = () => {
        reads++
        // While the page is being read, so that it is lost, and while it is on its way or being worked on.
        if (reads % 5 === 3) site.rig.cut()
        else if (reads % 5 === 1) setImmediate(() => site.rig.cut())
      }
      screen.journal('log', {
        after: 0,
        async onEntries(entries) {
          await new Promise(setImmediate)
          for (const entry of entries) seqs.push(Entry.parse(entry).seq)
          seen.put(seqs.length)
        },
      })
      await seen.until(() => seqs.length >= 3000)
      site.shop.hooks.read = () => {}
      site.shop.append(25)
      await seen.until(() => seqs.length >= 3025)
      expect(seqs).toEqual(Array.from({ length: 3025 }, (_one, i) => i + 1))
      expect(reads).toBeGreaterThan(15)
      expect(site.ends.all.length).toBeGreaterThan(2)
    })

    it('starts at now, and loses nothing when cut before the first entry', async () => {
      site.shop.append(10)
      const screen = await readyScreen()
      const seqs = new Inbox<number>()
      const reads = new Inbox<number>()
      site.shop.hooks.read = reads.put
      screen.journal('log', {
        after: 'now',
        onEntries: (entries) => {
          for (const entry of entries) seqs.put(entry.seq)
        },
      })
      await reads.first(1)
      site.rig.cut()
      site.shop.append(5)
      await seqs.first(5)
      expect(seqs.all).toEqual([11, 12, 13, 14, 15])
    })

    it('reads no page that was not asked for', async () => {
      site.shop.append(1000)
      const screen = await readyScreen()
      const reads = new Inbox<number>()
      const pages = new Inbox<number>()
      site.shop.hooks.read = reads.put
      let release = () => {}
      screen.journal('log', {
        after: 0,
        onEntries(entries) {
          pages.put(entries.length)
          return new Promise((resolve) => {
            release = resolve
          })
        },
      })
      await pages.first(1)
      site.shop.append(10)
      await screen.call('add', { a: 0, list: [] })
      expect(reads.all).toEqual([0])
      release()
      await pages.first(2)
      expect(reads.all).toEqual([0, 200])
    })

    it('starts over when the reader is ahead of the file, as after a fresh one took its place', async () => {
      site.shop.append(3)
      const screen = await readyScreen()
      const seqs = new Inbox<number>()
      screen.journal('log', {
        after: 500,
        onEntries: (entries) => {
          for (const entry of entries) seqs.put(entry.seq)
        },
      })
      await seqs.first(3)
      expect(seqs.all).toEqual([1, 2, 3])
    })
  })

  describe('feeds', () => {
    it('loses nothing for a reader that keeps up', async () => {
      const screen = await readyScreen()
      const frames = new Inbox<{ n: number; bytes: Uint8Array }>()
      screen.feed('frames', { name: 'cam' }, (header, bytes) =>
        frames.put({ n: Header.parse(header).n, bytes }),
      )
      await screen.call('add', { a: 0, list: [] })
      for (let n = 1; n <= 300; n++) {
        site.shop.push(n)
        await frames.first(n)
      }
      expect(frames.all.map(({ n }) => n)).toEqual(Array.from({ length: 300 }, (_one, i) => i + 1))
      expect([...(frames.last?.bytes ?? [])]).toEqual([300 & 0xff])
    })

    it('gives a slow one the newest only, one at a time', async () => {
      const screen = await readyScreen()
      const frames = new Inbox<number>()
      let painted = () => {}
      screen.feed('frames', { name: 'cam' }, (header) => {
        frames.put(header.n)
        return new Promise((resolve) => {
          painted = resolve
        })
      })
      await screen.call('add', { a: 0, list: [] })
      const [open] = site.shop.feeds
      for (let n = 1; n <= 1000; n++) {
        site.shop.push(n, new Uint8Array(1000))
        if (n === 1) await frames.first(1)
        if (n % 100 === 0) await screen.call('add', { a: 0, list: [] })
      }
      expect(frames.all).toEqual([1])
      expect(open?.taken).toBe(1)
      painted()
      await frames.first(2)
      expect(frames.all).toEqual([1, 1000])
    })

    it('lets a reader that stalls have so many as it asked for, then the newest', async () => {
      const screen = await readyScreen()
      const frames = new Inbox<number>()
      const paints = new Inbox<() => void>()
      const onFrame = ({ n }: { n: number }) => {
        frames.put(n)
        return new Promise<void>((resolve) => paints.put(resolve))
      }
      screen.feed('frames', { name: 'cam' }, onFrame, undefined, { ahead: 4 })
      await screen.call('add', { a: 0, list: [] })
      for (let n = 1; n <= 20; n++) {
        site.shop.push(n)
        await screen.call('add', { a: 0, list: [] })
      }
      const [open] = site.shop.feeds
      expect(open?.taken).toBe(4)
      for (let n = 1; n <= 5; n++) (await paints.first(n))[n - 1]?.()
      expect(frames.all).toEqual([1, 2, 3, 4, 20])
      // Asked for two by two: what is new from here on comes as it is pushed.
      site.shop.push(21)
      await frames.first(6)
      expect(frames.last).toBe(21)
    })

    it('keeps no frame of a pipe that was cut on the account of the next', async () => {
      const screen = await readyScreen()
      const frames = new Inbox<number>()
      const paints = new Inbox<() => void>()
      const onFrame = ({ n }: { n: number }) => {
        frames.put(n)
        return new Promise<void>((resolve) => paints.put(resolve))
      }
      screen.feed('frames', { name: 'cam' }, onFrame, undefined, { ahead: 4 })
      await screen.call('add', { a: 0, list: [] })
      for (let n = 1; n <= 4; n++) {
        site.shop.push(n)
        await screen.call('add', { a: 0, list: [] })
      }
      const states = new Inbox<string>()
      screen.onStatus((status) => states.put(status.is))
      site.rig.cut()
      await states.until((all) => all.includes('ready'))
      await site.ends.first(1)
      await screen.call('add', { a: 0, list: [] })
      for (let n = 1; n <= 30; n++) {
        if (n > 4) site.shop.push(n)
        ;(await paints.first(n))[n - 1]?.()
        await screen.call('add', { a: 0, list: [] })
      }
      expect(frames.last).toBe(30)
    })

    it('goes on after a cut, and closes its source when left', async () => {
      const screen = await readyScreen()
      const frames = new Inbox<number>()
      const leave = screen.feed('frames', { name: 'cam' }, (header) => frames.put(header.n))
      await screen.call('add', { a: 0, list: [] })
      const states = new Inbox<string>()
      screen.onStatus((status) => states.put(status.is))
      site.rig.cut()
      await states.until((all) => all.includes('ready'))
      await site.ends.first(1)
      await screen.call('add', { a: 0, list: [] })
      site.shop.push(2)
      await frames.first(1)
      leave()
      await screen.call('add', { a: 0, list: [] })
      expect(site.shop.feeds.size).toBe(0)
    })

    it('says why it cannot be opened', async () => {
      const screen = await readyScreen()
      const faults = new Inbox<unknown>()
      screen.feed('frames', { name: 'missing' }, () => {}, faults.put)
      await faults.first(1)
      expect(faults.last).toMatchObject({ code: 'not-found' })
    })
  })
})
