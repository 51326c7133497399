/** The client's own life: when it dials again, when it gives up, what it keeps, with time moved by hand. */
import { describe, expect, it } from 'vitest'
import { type Client, type ClientOptions, type ClientStatus, createClient } from '../../../src/rpc/client.ts'
import { greet } from '../../../src/rpc/greet.ts'
import { type MemoryPair, memoryPair } from '../../../src/rpc/memory-wire.ts'
import { serve } from '../../../src/rpc/server.ts'
import type { Wire } from '../../../src/rpc/wire.ts'
import { HandTimers } from './hand-timers.ts'
import { contract, openShop, type Row } from './shop.ts'

function open(options: Partial<ClientOptions> = {}) {
  const timers = new HandTimers()
  const shop = openShop()
  const pairs: MemoryPair[] = []
  const seen: ClientStatus[] = []
  const site = { answers: true, mute: false, dials: 0 }
  const client: Client<typeof contract> = createClient<typeof contract>(
    async () => {
      site.dials++
      if (!site.answers) throw new Error('connection refused')
      const pair = memoryPair()
      pairs.push(pair)
      if (site.mute) return pair.client
      void greet(pair.server, {
        version: 1,
        timers,
        authenticate: () => ({ role: 'viewer', user: 'viewer' }),
      }).then((session) => {
        if (session !== null) serve(contract, shop.handlers, pair.server, session, { timers, onBug: String })
      })
      return pair.client
    },
    { version: 1, timers, random: () => 1, onStatus: (status) => seen.push(status), ...options },
  )
  return { timers, shop, pairs, seen, site, client }
}

describe('reconnecting', () => {
  it('starts as connecting, and tries within half a second, then ever more slowly, at most every 5 s', async () => {
    const { timers, seen, site, client } = open()
    expect(client.status).toEqual({ is: 'connecting' })
    site.answers = false
    await timers.pass(30_000)
    const waits = seen.map((status) => (status.is === 'lost' ? status.retryAt : 0))
    const steps = waits.slice(1).map((at, i) => at - (waits[i] ?? 0))
    expect((waits[0] ?? 0) - 1_000_000).toBe(500)
    expect(steps.slice(0, 6)).toEqual([1000, 2000, 4000, 5000, 5000, 5000])
    expect(new Set(seen.map((status) => (status.is === 'lost' ? status.since : 0))).size).toBe(1)
    site.answers = true
    await timers.pass(5000)
    expect(client.status).toMatchObject({ is: 'ready', role: 'viewer' })
  })

  it('jitters over the whole wait', async () => {
    const { timers, seen, site } = open({ random: () => 0.1 })
    site.answers = false
    await timers.pass(60)
    expect(seen.map((status) => (status.is === 'lost' ? status.retryAt : 0))).toEqual([1_000_050, 1_000_150])
  })

  it('begins anew after a pipe that held, not after one that broke at once', async () => {
    const { timers, pairs, client } = open()
    const retryMs = () => (client.status.is === 'lost' ? client.status.retryAt - timers.now() : -1)
    await timers.pass(10)
    pairs.at(-1)?.cut()
    expect(retryMs()).toBe(500)
    await timers.pass(600)
    pairs.at(-1)?.cut()
    expect(retryMs()).toBe(1000)
    await timers.pass(7000)
    pairs.at(-1)?.cut()
    expect(retryMs()).toBe(500)
  })

  it('tries at once when told to', async () => {
    const { timers, site, client } = open()
    site.answers = false
    await timers.pass(20_000)
    site.answers = true
    client.retryNow()
    await timers.pass(0)
    expect(client.status.is).toBe('ready')
  })

  it('notices a server that says nothing: before the welcome, and later', async () => {
    const mute = open()
    mute.site.mute = true
    await mute.timers.pass(5100)
    expect(mute.client.status.is).toBe('lost')

    const { timers, pairs, client } = open()
    await timers.pass(30_000)
    expect(client.status.is).toBe('ready')
    expect(pairs).toHaveLength(1)
    pairs[0]?.stall()
    await timers.pass(10_100)
    expect(client.status.is).toBe('lost')
  })

  it('uses a pipe that comes after its dial was given up', async () => {
    const timers = new HandTimers()
    const dials: ((wire: Wire) => void)[] = []
    const client = createClient<typeof contract>(() => new Promise((resolve) => dials.push(resolve)), {
      version: 1,
      timers,
      random: () => 1,
    })
    await timers.pass(10_600)
    expect(dials).toHaveLength(2)
    const [late, extra] = [memoryPair(), memoryPair()]
    void greet(late.server, {
      version: 1,
      timers,
      authenticate: () => ({ role: 'viewer', user: 'viewer' }),
    }).then(
      (session) =>
        session && serve(contract, openShop().handlers, late.server, session, { timers, onBug: String }),
    )
    dials[0]?.(late.client)
    await timers.pass(10)
    expect(client.status.is).toBe('ready')
    const closed: number[] = []
    extra.server.onClose(({ code }) => closed.push(code))
    dials[1]?.(extra.client)
    await timers.pass(20_000)
    expect(closed).toEqual([1000])
    expect(client.status.is).toBe('ready')
    client.close()
  })

  it('closes for good', async () => {
    const { timers, site, client, pairs } = open()
    await timers.pass(10)
    client.close()
    await timers.pass(60_000)
    expect(site.dials).toBe(1)
    await expect(client.call('add', { a: 1, list: [] })).rejects.toMatchObject({ code: 'link-lost' })
    await expect(pairs[0]?.client.send('x')).rejects.toThrow('closed')
  })
})

describe('tables', () => {
  it('are shared, and kept 5 s after the last listener left', async () => {
    const { timers, shop, client } = open()
    shop.set({ id: 'a', n: 1 })
    await timers.pass(10)
    const first: ReadonlyMap<string, Row>[] = []
    const second: ReadonlyMap<string, Row>[] = []
    const leaveFirst = client.table('rows', (rows) => first.push(rows))
    await timers.pass(10)
    const leaveSecond = client.table('rows', (rows) => second.push(rows))
    expect(second).toEqual(first)
    expect(second[0]).toBe(first[0])
    expect(shop.tableListeners.size).toBe(1)
    leaveFirst()
    leaveFirst()
    leaveSecond()
    await timers.pass(4900)
    expect(shop.tableListeners.size).toBe(1)
    const leaveThird = client.table('rows', () => {})
    await timers.pass(4900)
    expect(shop.tableListeners.size).toBe(1)
    leaveThird()
    await timers.pass(5100)
    expect(shop.tableListeners.size).toBe(0)
  })

  it('say nothing when a new snapshot holds nothing new', async () => {
    const { timers, shop, pairs, client } = open()
    shop.set({ id: 'a', n: 1 })
    const seen: ReadonlyMap<string, Row>[] = []
    client.table('rows', (rows) => seen.push(rows))
    await timers.pass(10)
    pairs.at(-1)?.cut()
    await timers.pass(1000)
    expect(client.status.is).toBe('ready')
    expect(seen).toHaveLength(1)
  })

  it('send the first change at once and a burst once every 16 ms', async () => {
    const { timers, shop, client } = open()
    const seen: number[] = []
    client.table('rows', (rows) => seen.push(rows.get('a')?.n ?? 0))
    await timers.pass(100)
    for (let n = 1; n <= 32; n++) {
      shop.set({ id: 'a', n })
      await timers.pass(1)
    }
    await timers.pass(16)
    expect(seen).toEqual([0, 1, 16, 32])
  })
})

describe('a listener that throws', () => {
  it('is reported and harms nobody else', async () => {
    const bugs: unknown[] = []
    const { timers, shop, client } = open({ onBug: (error) => bugs.push(error) })
    const seqs: number[] = []
    client.table('rows', () => {
      throw new Error('table')
    })
    client.journal('log', {
      after: 0,
      onEntries(entries) {
        for (const entry of entries) seqs.push(entry.seq)
        throw new Error('journal')
      },
    })
    client.feed('frames', { name: 'cam' }, async () => {
      throw new Error('feed')
    })
    await timers.pass(10)
    shop.append(450)
    shop.push(1)
    await timers.pass(10)
    expect(seqs).toHaveLength(450)
    expect(bugs.map(String)).toEqual(
      expect.arrayContaining(['Error: table', 'Error: journal', 'Error: feed']),
    )
    expect(client.status.is).toBe('ready')
  })
})

describe('a stream that ended for a passing reason', () => {
  it('is asked for again', async () => {
    const { timers, shop, client } = open()
    const seqs: number[] = []
    const faults: string[] = []
    shop.append(3)
    shop.hooks.read = () => {
      shop.hooks.read = () => {}
      throw new Error('the disk is slow today')
    }
    client.journal('log', {
      after: 0,
      onEntries: (entries) => {
        for (const { seq } of entries) seqs.push(seq)
      },
      onFault: ({ code }) => faults.push(code),
    })
    await timers.pass(100)
    expect(faults).toEqual(['bug'])
    await timers.pass(5000)
    expect(seqs).toEqual([1, 2, 3])
  })
})
