/** What rpc promises, asked of every pipe it may run on. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'
import { growthOf } from './memory.ts'
import { contract, Entry, Header, Row } from './shop.ts'
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

  describe('calls', () => {
    it('answers each with its own result', async () => {
      const screen = await readyScreen()
      const sums = await Promise.all(
        Array.from({ length: 50 }, (_one, a) => screen.call('add', { a, list: [{ b: 1 }] })),
      )
      expect(sums.map((value) => contract.add.output.parse(value).sum)).toEqual(
        Array.from({ length: 50 }, (_one, a) => a + 1),
      )
    })

    it('names the field that is wrong and keeps the pipe', async () => {
      const screen = await readyScreen()
      const { wire, messages } = await site.raw()
      await wire.send('{"is":"call","id":7,"name":"add","input":{"a":1,"list":[{"b":"one"}]}}')
      await messages.first(2)
      expect(JSON.parse(String(messages.last))).toMatchObject({ is: 'fault', id: 7, code: 'bad-input' })
      expect(String(messages.last)).toContain('list.0.b')
      await expect(screen.call('add', { a: 1, list: [] })).resolves.toEqual({ sum: 1 })
    })

    it('passes a fault on without its cause', async () => {
      const screen = await readyScreen()
      await expect(screen.call('fault', {})).rejects.toMatchObject({
        name: 'Fault',
        code: 'wrong-state',
        message: 'The door is open.',
        tip: 'Close it.',
      })
      const { wire, messages } = await site.raw()
      await wire.send('{"is":"call","id":1,"name":"fault","input":{}}')
      await messages.first(2)
      expect(String(messages.last)).not.toContain('kept inside')
    })

    it('tells of a bug only the id it was logged under', async () => {
      const screen = await readyScreen()
      const { wire, messages } = await site.raw()
      await wire.send('{"is":"call","id":1,"name":"bug","input":{}}')
      await messages.first(2)
      expect(String(messages.last)).toContain('bug-1')
      expect(String(messages.last)).not.toMatch(/private words|TypeError|\.ts/)
      await expect(screen.call('huge', {})).rejects.toMatchObject({ code: 'bug' })
      expect(site.bugs.all).toHaveLength(2)
    })

    it('refuses what the role may not do, and what is not there', async () => {
      const viewer = await readyScreen('v')
      const operator = await readyScreen('o')
      await expect(viewer.call('open', {})).rejects.toMatchObject({ code: 'not-allowed' })
      await expect(operator.call('open', {})).resolves.toEqual({})
      const { wire, messages } = await site.raw()
      for (const [id, name] of ['toString', '__proto__', 'nothing-here', 'rows'].entries()) {
        await wire.send(JSON.stringify({ is: 'call', id, name, input: {} }))
      }
      await messages.first(5)
      const codes = messages.all.slice(1).map((text) => JSON.parse(String(text)).code)
      expect(codes).toEqual(['not-found', 'not-found', 'not-found', 'bad-input'])
    })

    it('cancels: the handler is told, and its place is free again', async () => {
      const screen = await readyScreen()
      const signals = new Inbox<AbortSignal>()
      site.shop.hooks.hang = signals.put
      const cancel = new AbortController()
      const call = screen.call('hang', {}, { signal: cancel.signal })
      await signals.first(1)
      const aborted = new Promise((resolve) => signals.last?.addEventListener('abort', resolve))
      cancel.abort()
      await expect(call).rejects.toMatchObject({ name: 'AbortError' })
      await aborted
      expect(site.bugs.all).toEqual([])
    })

    it('fails what is in flight when the pipe breaks, and aborts it on the server', async () => {
      const screen = await readyScreen()
      const signals = new Inbox<AbortSignal>()
      site.shop.hooks.hang = signals.put
      const call = expect(screen.call('hang', {})).rejects.toMatchObject({ code: 'link-lost' })
      await signals.first(1)
      const aborted = new Promise((resolve) => signals.last?.addEventListener('abort', resolve))
      site.rig.cut()
      await call
      await aborted
      await expect(screen.call('hang', {})).rejects.toMatchObject({ code: 'link-lost' })
    })

    it('gives up after its time on either side', async () => {
      const screen = await readyScreen()
      await expect(screen.call('hang', {}, { timeoutMs: 5 })).rejects.toMatchObject({ code: 'timed-out' })
      const hasty = await openSite(startRig, { callTimeoutMs: 5 })
      const other = hasty.screen()
      await ready(other)
      await expect(other.call('hang', {})).rejects.toMatchObject({ code: 'timed-out' })
      await hasty.close()
    })

    it('takes 64 at a time and says busy to the next', async () => {
      const screen = await readyScreen()
      const signals = new Inbox<AbortSignal>()
      site.shop.hooks.hang = signals.put
      const held = Array.from({ length: 64 }, () => screen.call('hang', {}).catch((error) => error))
      await signals.first(64)
      await expect(screen.call('hang', {})).rejects.toMatchObject({ code: 'busy' })
      site.rig.cut()
      await Promise.all(held)
    })
  })

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

  describe('hostile input', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
    const cases: [string, string | Uint8Array, number][] = [
      ['not JSON', 'hello?', 1007],
      ['JSON that is no object', '[1,2,3]', 1002],
      ['an unknown kind', '{"is":"dance"}', 1002],
      ['an id that is none', '{"is":"cancel","id":-1}', 1002],
      ['bytes', new Uint8Array([1, 2, 3]), 1003],
      ['a second hello', '{"is":"hello","version":1,"token":"v"}', 1002],
      ['JSON 5,000 deep', `{"is":"call","id":1,"name":"echo","input":${deep}}`, 1008],
      ['the key __proto__', '{"is":"call","id":1,"name":"echo","input":{"__proto__":{"x":1}}}', 1008],
      ['__proto__ in disguise', '{"is":"call","id":1,"name":"echo","input":[{"\\u005f_proto__":1}]}', 1008],
      ['a message over 256 KiB', `{"is":"ping","pad":"${'x'.repeat(300_000)}"}`, 1009],
    ]
    it.each(cases)('closes over %s', async (_name, message, code) => {
      const other = await readyScreen()
      const { wire, closed } = await site.raw()
      wire.send(message).catch(() => {})
      await closed.first(1)
      expect(closed.last?.code).toBe(code)
      await site.ends.first(1)
      if (code !== 1009) expect(site.ends.last?.malformed).toBe(true)
      await expect(other.call('add', { a: 1, list: [] })).resolves.toEqual({ sum: 1 })
      expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    })

    it('takes the words “__proto__” as a value', async () => {
      const screen = await readyScreen()
      await expect(screen.call('echo', ['__proto__', '\u0001'])).resolves.toEqual(['__proto__', '\u0001'])
    })

    it('allows 200 things to be open', async () => {
      const { wire, messages } = await site.raw()
      for (let id = 1; id <= 201; id++) await wire.send(`{"is":"open","id":${id},"name":"rows"}`)
      await messages.until((all) => all.some((text) => String(text).includes('"end"')))
      expect(JSON.parse(String(messages.all.find((text) => String(text).includes('"end"'))))).toMatchObject({
        id: 201,
        fault: { code: 'busy' },
      })
    })

    it('cuts off a client that asks on without reading the answers', async () => {
      const { wire } = await site.raw()
      const value = 'x'.repeat(100_000)
      site.rig.stall()
      const asking = { on: true }
      void site.ends.first(1).then(() => {
        asking.on = false
      })
      for (let id = 1; asking.on && id < 5000; id++) {
        wire.send(JSON.stringify({ is: 'call', id, name: 'echo', input: value })).catch(() => {})
        if (id % 20 === 0) await new Promise(setImmediate)
      }
      await site.ends.first(1)
      expect(site.ends.last).toMatchObject({ code: 1008, malformed: true })
    })
  })

  describe('hello', () => {
    it('refuses a wrong token for good', async () => {
      const states = new Inbox<string>()
      const screen = site.screen({ token: 'guess', onStatus: (status) => states.put(status.is) })
      await states.until((all) => all.includes('refused'))
      expect(screen.status).toEqual({ is: 'refused', reason: 'token' })
      screen.retryNow()
      expect(screen.status.is).toBe('refused')
    })

    it('refuses another version', async () => {
      const states = new Inbox<string>()
      const screen = site.screen({ version: 2, onStatus: (status) => states.put(status.is) })
      await states.until((all) => all.includes('refused'))
      expect(screen.status).toEqual({ is: 'refused', reason: 'version' })
    })

    it('lets nobody ask before it', async () => {
      const wire = await site.rig.dial()
      const closed = new Inbox<number>()
      wire.onClose(({ code }) => closed.put(code))
      await wire.send('{"is":"call","id":1,"name":"add","input":{"a":1,"list":[]}}')
      await closed.first(1)
      expect(closed.last).toBe(1008)
    })

    it('keeps the name somebody signed on with through a reconnect', async () => {
      const screen = site.screen({ name: () => 'Lan' })
      await ready(screen)
      expect(screen.status).toMatchObject({ user: 'Lan', role: 'viewer' })
      const first = screen.status.is === 'ready' ? screen.status.session : ''
      const lost = new Inbox<string>()
      screen.onStatus((status) => lost.put(status.is))
      site.rig.cut()
      await lost.until((all) => all.includes('ready'))
      expect(screen.status).toMatchObject({ is: 'ready', user: 'Lan' })
      expect(screen.status).not.toMatchObject({ session: first })
    })
  })
})
