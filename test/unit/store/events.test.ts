/** Events in a real store on a real file: they enter once, grow, are told, counted and pruned; and rows kept whole beside them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Camera } from '../../../src/contract/cameras.ts'
import { DetectionEvent } from '../../../src/contract/events.ts'
import { LinkId } from '../../../src/contract/links.ts'
import type { Rule } from '../../../src/contract/rules.ts'
import { newCommit } from '../../../src/main/store/commit.ts'
import { openDatabaseFile } from '../../../src/main/store/database-file.ts'
import { EventWrites } from '../../../src/main/store/event-writes.ts'
import type { Change, Store } from '../../../src/main/store/store.ts'
import { alert, hub, id, scratchDir, scratchStore, start } from './scratch.ts'
import { event, eye, picture } from './scratch-events.ts'

const acknowledge = { kind: 'acknowledge', by: 'Lan', at: start, note: null } as const

it('keeps an event and tells of it once', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  const changes = changesOf(store)
  const { event: kept, isNew } = await store.addEvent(
    event(1, { box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }, raw: '{"a":1}', picture: picture('a') }),
  )
  expect(isNew).toBe(true)
  expect(DetectionEvent.parse(kept)).toEqual(kept)
  expect(kept).toMatchObject({ id: String(kept.seq), person: 'Lan', evidence: picture('a').evidence })
  expect(changes).toMatchObject([{ entries: [], touched: [], events: [{ event: kept, isNew: true }] }])
  await store.close()
  const again = await scratchStore(dir)
  expect(await again.eventPage({}, null, 10)).toEqual({ rows: [kept], next: null })
  expect((await again.picture(picture('a').evidence.sha256)).bytes).toEqual(picture('a').bytes)
})

it('takes the same event twice as one, per link, and does not call it news', async () => {
  const store = await scratchStore()
  const first = await store.addEvent(event(1))
  const changes = changesOf(store)
  expect(await store.addEvent(event(1))).toEqual({ event: first.event, isNew: false })
  const less = event(1, { confidence: 0.1, count: 0, lastAt: start - 1, person: 'Minh', text: 'other' })
  expect(await store.addEvent(less)).toEqual({ event: first.event, isNew: false })
  expect(changes).toEqual([])
  const elsewhere = await store.addEvent(event(1, { link: LinkId.parse('relay') }))
  expect(elsewhere.isNew).toBe(true)
  expect(changes).toHaveLength(1)
})

it('lets an event grow, and never shrink', async () => {
  const store = await scratchStore()
  const { event: first } = await store.addEvent(event(1, { confidence: null }))
  const changes = changesOf(store)
  const box = { x: 0.5, y: 0.5, width: 0.1, height: 0.1 }
  const grow = async (more: Parameters<typeof event>[1]) => (await store.addEvent(event(1, more))).event
  expect(await grow({ lastAt: start + 9000, count: 4 })).toEqual({
    ...first,
    lastAt: start + 9000,
    count: 4,
    confidence: 0.8,
  })
  expect(await grow({ lastAt: start + 5000, count: 7, confidence: 0.2 })).toMatchObject({
    lastAt: start + 9000,
    count: 7,
    confidence: 0.8,
  })
  expect(await grow({ box, picture: picture('a'), pictureAt: start + 10 })).toMatchObject({
    box,
    evidence: picture('a').evidence,
    pictureAt: start + 10,
  })
  const other = { box: { ...box, x: 0 }, picture: picture('b'), pictureAt: start + 99, confidence: 0.9 }
  const last = await grow(other)
  expect(last).toEqual({
    ...first,
    lastAt: start + 9000,
    count: 7,
    confidence: 0.9,
    box,
    evidence: picture('a').evidence,
    pictureAt: start + 10,
  })
  await expect(store.picture(picture('b').evidence.sha256)).rejects.toMatchObject({ code: 'not-found' })
  expect((await store.eventPage({}, null, 10)).rows).toEqual([last])
  const told = changes.flatMap(({ events }) => events)
  expect(told.map(({ isNew }) => isNew)).toEqual([false, false, false, false])
  expect(told.at(-1)?.event).toEqual(last)
  expect(await store.seenPeople()).toEqual([{ person: 'Lan', sightings: 1, lastAt: start + 9000 }])
})

it('tells each event of a commit once, as it stands then', () => {
  const { db } = openDatabaseFile({ dir: scratchDir(), now: start })
  const writes = new EventWrites(db)
  writes.add(event(0), newCommit())
  const commit = newCommit()
  writes.add(event(1), commit)
  writes.add(event(0, { count: 5 }), commit)
  expect(writes.add(event(1, { count: 2 }), commit).isNew).toBe(false)
  writes.add(event(1, { count: 3 }), commit)
  const told = [...commit.events].map(([seq, { event: one, isNew }]) => [
    seq,
    one.at - start,
    one.count,
    isNew,
  ])
  expect(told).toEqual([
    [2, 1000, 3, true],
    [1, 0, 5, false],
  ])
  db.close()
})

it('tells the events of a change in order', async () => {
  const store = await scratchStore()
  await Promise.all([store.addEvent(event(0)), store.addEvent(event(1))])
  const changes = changesOf(store)
  await Promise.all([3, 1, 0, 2].map((n) => store.addEvent(event(n, { count: 5 }))))
  const told = changes.flatMap(({ events }) => events)
  expect(told.map(({ event: one, isNew }) => `${one.at - start} ${isNew}`).sort()).toEqual([
    '0 false',
    '1000 false',
    '2000 true',
    '3000 true',
  ])
  for (const { events } of changes) {
    const seqs = events.map(({ event: { seq } }) => seq)
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  }
})

it('shares a picture with an alert, whichever ends first', async () => {
  const store = await scratchStore()
  const [a, b] = [picture('a'), picture('b')]
  await store.raise(alert(1, { picture: a }))
  await store.addEvent(event(1, { picture: a }))
  await store.raise(alert(2, { picture: b }))
  await store.addEvent(event(2, { picture: b, lastAt: start + 50_000 }))
  await store.addEvent(event(3, { picture: a }))
  await end(store, 2)
  expect(await store.prune(start + 100_000)).toBe(1)
  expect((await store.picture(b.evidence.sha256)).bytes).toEqual(b.bytes)
  expect(await store.pruneEvents(start + 50_000)).toBe(2)
  expect((await store.picture(a.evidence.sha256)).bytes).toEqual(a.bytes)
  await end(store, 1)
  expect(await store.prune(start + 100_000)).toBe(1)
  await expect(store.picture(a.evidence.sha256)).rejects.toMatchObject({ code: 'not-found' })
  expect(await store.pruneEvents(start + 50_001)).toBe(1)
  await expect(store.picture(b.evidence.sha256)).rejects.toMatchObject({ code: 'not-found' })
})

it('leaves no picture of somebody erased in the file, of those neither that a surer one had replaced', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  const box = { x: 0.1, y: 0.1, width: 0.2, height: 0.2, at: start }
  await store.addEvent(event('another', { person: 'Minh', text: 'Minh', picture: picture('of Minh') }))
  // The second is small: it does not take the place of the first.
  for (const [n, shot] of ['the first of all', '*'].map(picture).entries())
    await store.addEvent(event('grows', { box, confidence: 0.7 + n / 10, picture: shot, pictureAt: start }))
  expect(await store.eraseEvents('Lan')).toBe(1)
  await store.close()
  const file = readFileSync(join(dir, 'watchfloor.db'))
  const holds = ['the first of all', '*', 'of Minh'].map((text) => file.includes(text.repeat(10)))
  expect(holds).toEqual([false, false, true])
})

it('leaves a name that somebody of the library had before nowhere in the file', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  const name = 'Nguyễn Thị Ẩn Danh Trước Đây'
  await store.changeFaces({ do: 'add-person', name, at: start })
  await store.changeFaces({ do: 'rename-person', name, to: 'An', keepsOld: false, by: 'Linh', at: start })
  expect((await store.faceLibrary()).people).toEqual(['An'])
  await store.close()
  // What takes its place may hide a part of it.
  const file = readFileSync(join(dir, 'watchfloor.db'))
  expect(['Nguyễn', 'Ẩn Danh', 'Trước Đây'].filter((part) => file.includes(part))).toEqual([])
})

it('prunes thousands in pieces by when they were last seen, and counts on', async () => {
  const store = await scratchStore()
  const people = ['Lan', 'Minh', null]
  const add = (n: number) => {
    const person = people[n % 3] ?? null
    return store.addEvent(event(n, { person, kind: person === null ? 'face-unknown' : 'face-recognized' }))
  }
  await Promise.all(Array.from({ length: 1500 }, (_, n) => add(n)))
  await store.addEvent(event('motion', { kind: 'motion_detected', person: null }))
  await store.addEvent(event('stay', { person: 'Hoa', lastAt: start + 2_000_000 }))
  expect(await store.eventKinds()).toEqual(['face-recognized', 'face-unknown', 'motion_detected'])
  expect(await store.sightings(start + 900_000)).toEqual({
    recognitions: 400,
    unknown: 200,
    lastRecognitionAt: start + 2_000_000,
  })
  const [gone] = await Promise.all([store.pruneEvents(start + 1_200_000), store.raise(alert(1))])
  expect(gone).toBe(1201)
  expect(await store.eventKinds()).toEqual(['face-recognized', 'face-unknown'])
  expect(await store.seenPeople()).toEqual([
    { person: 'Hoa', sightings: 1, lastAt: start + 2_000_000 },
    { person: 'Minh', sightings: 100, lastAt: start + 1_498_000 },
    { person: 'Lan', sightings: 100, lastAt: start + 1_497_000 },
  ])
  expect(await store.sightings(start)).toEqual({
    recognitions: 201,
    unknown: 100,
    lastRecognitionAt: start + 2_000_000,
  })
  expect(await store.pruneEvents(Number.MAX_SAFE_INTEGER)).toBe(301)
  expect(await store.eventPage({}, null, 10)).toEqual({ rows: [], next: null })
  expect(await store.eventPage({ people: ['Lan'] }, null, 10)).toEqual({ rows: [], next: null })
  expect(await store.seenPeople()).toEqual([])
  expect(await store.eventKinds()).toEqual([])
  // Of all time: it outlives its event.
  expect(await store.sightings(0)).toEqual({
    recognitions: 0,
    unknown: 0,
    lastRecognitionAt: start + 2_000_000,
  })
})

it('has never recognised anybody at first', async () => {
  const store = await scratchStore()
  await store.addEvent(event(1, { kind: 'face-unknown', person: null }))
  expect(await store.sightings(start)).toEqual({ recognitions: 0, unknown: 1, lastRecognitionAt: null })
})

it('keeps rows whole, by kind and id, over a restart', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  const cameras = ['a', 'b', 'c'].map((name) => cameraRow(name))
  await store.keep('camera', ...cameras)
  const rule = ruleRow('a', 'Strangers at night')
  await store.keep('rule', rule)
  await store.keep('rule', { ...rule, name: 'Anybody at night' })
  await store.keep('wall')
  await store.unkeep('camera', eye('a'), eye('none'))
  await store.unkeep('wall', 'a')
  await store.close()
  const again = await scratchStore(dir)
  expect(await again.kept('camera')).toEqual(cameras.slice(1))
  expect(await again.kept('rule')).toEqual([{ ...rule, name: 'Anybody at night' }])
  expect(await again.kept('person')).toEqual([])
})

function changesOf(store: Store): Change[] {
  const changes: Change[] = []
  store.onChange((change) => changes.push(change))
  return changes
}

async function end(store: Store, n: number): Promise<void> {
  await store.act({ ...acknowledge, alert: id(n) }, [])
  await store.act({ kind: 'close', alert: id(n), by: 'Lan', at: start, disposition: 'true', note: null }, [])
}

function cameraRow(name: string): Camera {
  return Camera.parse({
    id: eye(name),
    link: hub,
    camera: name,
    name: `Cổng ${name}`,
    location: null,
    kind: 'rtsp',
    can: ['stream'],
    isActive: null,
    isRunning: null,
    isRecording: null,
    findsFaces: null,
    fps: 12.5,
    lastFrameAt: start,
    trouble: '',
    heardAt: start,
    budgetMs: 10_000,
  })
}

function ruleRow(ruleId: string, name: string): Rule {
  return {
    id: ruleId,
    name,
    enabled: true,
    when: { kinds: ['face-unknown'], cameras: [], people: [], confidenceAtLeast: 0, hours: null },
    priority: 'high',
    holdOffS: 60,
    instruction: 'Look',
  }
}
