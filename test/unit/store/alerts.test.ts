/** Alerts in a real store on a real file: raise, repeat, act, clear, journal, prune, and what each tells the others. */
import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { AlertDetail, AlertEntry, type Evidence } from '../../../src/contract/alerts.ts'
import { LinkId } from '../../../src/contract/links.ts'
import type { Change } from '../../../src/main/store/store.ts'
import { alert, camera, hub, id, order, scratchDir, scratchStore, start } from './scratch.ts'

const acknowledge = { kind: 'acknowledge', by: 'Lan', at: start + 5000, note: null } as const

it('keeps an alert, its message and its journal entry', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  const { alert: kept, duplicate } = await store.raise(alert(1, { raw: '{"type":"blueAlert"}' }))
  expect(duplicate).toBe(false)
  await store.close()
  const again = await scratchStore(dir)
  const detail = AlertDetail.parse(await again.get(id(1)))
  expect(detail.alert).toEqual(kept)
  expect(detail.raw).toBe('{"type":"blueAlert"}')
  expect(detail.transitions).toMatchObject([{ kind: 'raise', from: null, to: 'unacknowledged-active' }])
  expect(again.journalHead()).toBe(detail.transitions[0]?.seq)
})

it('counts a repeat on the first row, per source and device', async () => {
  const store = await scratchStore()
  const changes: Change[] = []
  store.onChange((change) => changes.push(change))
  await store.raise(alert(1))
  const repeat = await store.raise(alert('again', { sourceId: 'message-1', text: 'said twice' }))
  expect(repeat).toMatchObject({
    duplicate: true,
    alert: { id: id(1), duplicates: 1, text: 'Blue light seen' },
  })
  const elsewhere = await store.raise(alert('b', { sourceId: 'message-1', device: camera(2) }))
  const nowhere = await store.raise(alert('c', { sourceId: 'message-1', device: null }))
  const otherLink = await store.raise(alert('d', { sourceId: 'message-1', source: LinkId.parse('relay') }))
  expect([elsewhere, nowhere, otherLink].map(({ duplicate }) => duplicate)).toEqual([false, false, false])
  expect((await store.raise(alert('e', { sourceId: 'message-1', device: null }))).duplicate).toBe(true)
  expect((await store.counts()).total).toBe(4)
  expect(changes.flatMap(({ touched }) => touched).map(({ duplicates }) => duplicates)).toEqual([1, 1])
})

it('takes the very same raise twice as one', async () => {
  const store = await scratchStore()
  await store.raise(alert(1))
  expect(await store.raise(alert(1))).toMatchObject({ duplicate: false, alert: { duplicates: 0 } })
})

it('writes the act and its order together, and tells of both once', async () => {
  const store = await scratchStore()
  await store.raise(alert(1))
  const changes: Change[] = []
  store.onChange((change) => changes.push(change))
  const acted = await store.act({ ...acknowledge, alert: id(1), note: 'xe cứu thương' }, [
    order(1, { alert: id(1) }),
  ])
  expect(acted).toMatchObject({
    state: 'acknowledged-active',
    ackDelivery: 'waiting',
    acknowledgedBy: 'Lan',
    note: 'xe cứu thương',
  })
  expect(changes).toHaveLength(1)
  expect(changes[0]?.entries).toMatchObject([{ transition: { kind: 'acknowledge' }, alert: acted }])
  expect(changes[0]?.orders).toMatchObject([{ id: 'order-1', state: 'waiting', attempts: 0 }])
  expect(changes[0]?.counts).toMatchObject({ unacknowledgedActive: 0, acknowledgedActive: 1 })
  await store.settle('order-1', { state: 'waiting', reason: 'not connected', at: start })
  expect((await store.get(id(1))).alert.ackDelivery).toBe('waiting')
  await store.settle('order-1', { state: 'delivered', reason: null, at: start + 1 })
  expect((await store.get(id(1))).alert.ackDelivery).toBe('delivered')
  expect(await store.orders(10)).toMatchObject([{ state: 'delivered', attempts: 2, settledAt: start + 1 }])
})

it('refuses what the state does not allow, without hurting what is written beside it', async () => {
  const store = await scratchStore()
  const acts = [
    store.raise(alert(1)),
    store.act({ ...acknowledge, alert: id('none') }, [order('lost')]),
    store.act({ ...acknowledge, alert: id(1) }, []),
    store.act({ ...acknowledge, alert: id(1), by: 'Minh' }, [order('second', { alert: id(1) })]),
    store.raise(alert(2)),
  ]
  const results = await Promise.allSettled(acts)
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(results[1]).toMatchObject({ reason: { name: 'Fault', code: 'not-found' } })
  expect(results[3]).toMatchObject({
    reason: { code: 'wrong-state', message: expect.stringContaining('Lan') },
  })
  expect(await store.orders(10)).toEqual([])
})

it('lets one impossible row fail alone', async () => {
  const store = await scratchStore()
  const impossible = alert(2, { id: id(1), sourceId: 'other' })
  const results = await Promise.allSettled([
    store.raise(alert(1)),
    store.raise(impossible),
    store.raise(alert(3)),
    store.raise(alert(4)),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(await store.counts()).toMatchObject({ total: 3, unacknowledgedActive: 3 })
  expect((await store.page({}, null, 10)).rows.map(({ id }) => id)).toEqual([id(4), id(3), id(1)])
})

it('clears what the source says is over, on the shelf too', async () => {
  const store = await scratchStore()
  for (let n = 1; n <= 5; n += 1) await store.raise(alert(n))
  await store.raise(alert(6, { device: camera(2) }))
  await store.act({ ...acknowledge, alert: id(2) }, [])
  const shelve = { kind: 'shelve', by: 'Lan', at: start, until: start + 1000, note: 'road works' } as const
  await store.act({ ...shelve, alert: id(3) }, [])
  const what = {
    source: hub,
    kind: 'blue-light',
    device: camera(1),
    at: start + 9,
    note: 'dark again',
  } as const
  expect(await store.clear(what)).toHaveLength(5)
  expect(await store.clear(what)).toEqual([])
  const states = Object.fromEntries((await store.page({}, null, 10)).rows.map(({ id, state }) => [id, state]))
  expect(states).toEqual({
    [id(1)]: 'unacknowledged-cleared',
    [id(2)]: 'cleared',
    [id(3)]: 'shelved',
    [id(4)]: 'unacknowledged-cleared',
    [id(5)]: 'unacknowledged-cleared',
    [id(6)]: 'unacknowledged-active',
  })
  expect(await store.shelvesOver(start + 999)).toEqual([])
  expect(await store.shelvesOver(start + 1000)).toEqual([id(3)])
  const off = await store.act({ kind: 'unshelve', alert: id(3), by: 'watchfloor', at: start + 1000 }, [])
  expect(off).toMatchObject({ state: 'unacknowledged-cleared', clearedAt: start + 9, shelvedUntil: null })
})

it('clears one of several alerts of a device by its id, and only where kind and device fit', async () => {
  const store = await scratchStore()
  for (let n = 1; n <= 3; n += 1) await store.raise(alert(n))
  const what = { source: hub, kind: 'blue-light', device: camera(1), at: start + 9, note: 'over' } as const
  expect(await store.clear({ ...what, sourceId: 'message-9' })).toEqual([])
  expect(await store.clear({ ...what, kind: 'vehicle', sourceId: 'message-2' })).toEqual([])
  expect(await store.clear({ ...what, device: camera(2), sourceId: 'message-2' })).toEqual([])
  expect(await store.clear({ ...what, sourceId: 'message-2' })).toMatchObject([
    { id: id(2), state: 'unacknowledged-cleared', clearedAt: start + 9 },
  ])
  expect(await store.clear({ ...what, sourceId: 'message-2' })).toEqual([])
  const open = (await store.open(10)).filter(({ state }) => state === 'unacknowledged-active')
  expect(open.map(({ id }) => id).sort()).toEqual([id(1), id(3)])
})

it('clears thousands in pieces and answers with all of them', async () => {
  const store = await scratchStore()
  await Promise.all(Array.from({ length: 1700 }, (_, n) => store.raise(alert(n))))
  const what = { source: hub, kind: 'blue-light', device: camera(1), at: start, note: 'over' } as const
  const [cleared, other] = await Promise.all([
    store.clear(what),
    store.raise(alert('x', { device: camera(2) })),
  ])
  expect(new Set(cleared.map(({ id }) => id)).size).toBe(1700)
  expect(other.duplicate).toBe(false)
})

it('reads the journal as it was told, entry by entry', async () => {
  const store = await scratchStore()
  const told: AlertEntry[] = []
  store.onChange(({ entries }) => told.push(...entries))
  await store.raise(alert(1))
  await store.act({ kind: 'silence', alert: id(1), by: 'Lan', at: start }, [])
  await store.act({ kind: 'shelve', alert: id(1), by: 'Lan', at: start, until: start + 9, note: 'n' }, [])
  await store.clear({ source: hub, kind: 'blue-light', device: camera(1), at: start + 1, note: 'over' })
  await store.act({ kind: 'unshelve', alert: id(1), by: 'watchfloor', at: start + 9 }, [])
  await store.act({ ...acknowledge, alert: id(1) }, [])
  await store.act(
    { kind: 'close', alert: id(1), by: 'Lan', at: start, disposition: 'false', note: 'bus' },
    [],
  )
  await store.act({ kind: 'note', alert: id(1), by: 'Minh', at: start, note: 'report 7' }, [])
  const read = await store.journal(0, 100)
  expect(read).toEqual(told)
  expect(read.every((entry) => AlertEntry.safeParse(entry).success)).toBe(true)
  expect(await store.journal(read[2]?.seq ?? 0, 2)).toEqual(told.slice(3, 5))
  expect(store.journalHead()).toBe(told.at(-1)?.seq)
})

it('shows the most urgent open alerts first', async () => {
  const store = await scratchStore()
  await store.raise(alert(1, { priority: 'critical' }))
  await store.raise(alert(2, { priority: 'low' }))
  await store.raise(alert(3, { priority: 'critical' }))
  await store.raise(alert(4, { priority: 'medium', state: 'suppressed-by-design' }))
  await store.raise(alert(5, { priority: 'high' }))
  expect((await store.open(10)).map(({ id }) => id)).toEqual([id(3), id(1), id(5), id(2)])
  expect((await store.open(2)).map(({ id }) => id)).toEqual([id(3), id(1)])
})

it('keeps a picture once, by its hash, as long as an alert shows it', async () => {
  const store = await scratchStore()
  const bytes = new Uint8Array(randomBytes(50_000))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const evidence: Evidence = {
    sha256,
    mime: 'image/jpeg',
    widthPx: 64,
    heightPx: 48,
    sizeBytes: bytes.length,
  }
  await store.raise(alert(1, { picture: { evidence, bytes } }))
  await store.raise(alert(2, { picture: { evidence, bytes } }))
  expect(await store.picture(sha256)).toEqual({ evidence, bytes })
  expect((await store.get(id(1))).alert.evidence).toEqual(evidence)
  await expect(store.picture('0'.repeat(64))).rejects.toMatchObject({ code: 'not-found' })
  await end(store, 1)
  expect(await store.prune(start + 10_000)).toBe(1)
  expect((await store.picture(sha256)).bytes).toEqual(bytes)
  await end(store, 2)
  expect(await store.prune(start + 10_000)).toBe(1)
  await expect(store.picture(sha256)).rejects.toMatchObject({ code: 'not-found' })
})

it('prunes only what is over and told, and still knows it afterwards', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  for (let n = 1; n <= 6; n += 1) await store.raise(alert(n))
  await end(store, 1)
  await store.act({ ...acknowledge, alert: id(2) }, [])
  await store.clear({ source: hub, kind: 'blue-light', device: camera(1), at: start, note: 'over' })
  // 1 and 2 are over; 3, 4, 5 are unseen; 6 is over but its order still waits.
  await store.act({ ...acknowledge, alert: id(6) }, [order(6, { alert: id(6) })])
  expect(await store.prune(start + 1500)).toBe(1)
  expect(await store.prune(start + 100_000)).toBe(1)
  expect((await store.page({}, null, 10)).rows.map(({ id }) => id)).toEqual([id(6), id(5), id(4), id(3)])
  await store.settle('order-6', { state: 'parked', reason: 'unknown alert', at: start })
  expect(await store.prune(start + 100_000)).toBe(0)
  await store.discard('order-6')
  expect(await store.prune(start + 100_000)).toBe(1)
  expect(await store.counts()).toMatchObject({ total: 3, unacknowledgedCleared: 3 })
  await store.close()
  const again = await scratchStore(dir)
  const resent = await again.raise(alert('late', { sourceId: 'message-1' }))
  expect(resent).toMatchObject({ duplicate: true, alert: { state: 'cleared' } })
  expect((await again.counts()).total).toBe(3)
  await expect(again.get(id(1))).rejects.toMatchObject({ code: 'not-found' })
  expect((await again.page({ text: 'blue' }, null, 10)).rows).toHaveLength(3)
})

async function end(store: Awaited<ReturnType<typeof scratchStore>>, n: number): Promise<void> {
  await store.act({ ...acknowledge, alert: id(n) }, [])
  await store.act({ kind: 'close', alert: id(n), by: 'Lan', at: start, disposition: 'true', note: null }, [])
}
