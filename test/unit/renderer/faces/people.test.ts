/** Finding and naming people, when a library was last heard, and training that outlives the screen it was started on. */
import { describe, expect, test } from 'vitest'
import type { Person } from '../../../../src/contract/faces.ts'
import { Fault } from '../../../../src/contract/fault.ts'
import { LinkId, type LinkState } from '../../../../src/contract/links.ts'
import { lastSeenOf } from '../../../../src/renderer/data/events.ts'
import { isReachable, libraryHeardAt, rowArrives } from '../../../../src/renderer/data/people.ts'
import { statisticsFreshness } from '../../../../src/renderer/data/statistics.ts'
import { bestMatches } from '../../../../src/renderer/features/faces/find-person.ts'
import { nameComplaint } from '../../../../src/renderer/features/faces/person-name.ts'
import { train, trainingOf } from '../../../../src/renderer/features/faces/training.ts'

describe('finding a name', () => {
  const names = ['Lê Đình An', 'Ana', 'Đặng Hoàn', 'Joanna', 'An']
  test.each([
    ['an', ['An', 'Ana', 'Lê Đình An', 'Đặng Hoàn', 'Joanna']],
    ['dang', ['Đặng Hoàn']],
    ['dinh', ['Lê Đình An']],
    ['ĐẶNG', ['Đặng Hoàn']],
    ['zz', []],
    ['', names],
  ])('%s', (typed, found) => {
    expect(bestMatches(names, typed)).toEqual(found)
  })
})

test.each([
  ['An', null],
  ['  ', 'name-missing'],
  ['x'.repeat(101), 'name-long'],
  ['bo', 'name-taken'],
  ['../etc', 'name-odd'],
  ['..', 'name-odd'],
  ['a\\b', 'name-odd'],
  ['Nguyễn Văn Ổn', null],
])('the name %j: %s', (typed, complaint) => {
  expect(nameComplaint(typed, ['Bo'])).toBe(complaint)
})

test('a library is as old as its server’s last confirmation', () => {
  const person = (heardAt: number | null): Person => ({
    id: 'eye/An',
    link: LinkId.parse('eye'),
    name: 'An',
    photoCount: 1,
    heardAt,
  })
  expect(libraryHeardAt([person(null), person(5), person(3)])).toBe(5)
  expect(libraryHeardAt([person(null)])).toBeNull()
  expect(libraryHeardAt([])).toBeNull()
})

test.each<[LinkState, boolean]>([
  [{ is: 'live', since: 1 }, true],
  [{ is: 'polling', since: 1, retryAt: 2, reason: '' }, true],
  [{ is: 'waiting', retryAt: 2, attempt: 1, reason: '' }, false],
  [{ is: 'refused', reason: '' }, false],
  [{ is: 'stopped' }, false],
])('a server whose link is %j can be told something: %s', (state, isUp) => {
  expect(isReachable({ state })).toBe(isUp)
})

test('figures past their budget, or behind a lost pipe, are not current', () => {
  const row = {
    id: 'site',
    totalPeople: 1,
    recognitionsToday: 2,
    unknownFacesToday: 3,
    lastRecognitionAt: null,
    totalCameras: null,
    activeCameras: null,
    recordingCameras: null,
    at: 1000,
    receivedAt: 1000,
    budgetMs: 500,
    via: 'here' as const,
  }
  expect(statisticsFreshness(row, 1500, false)).toEqual({ isFresh: true, ageMs: 500 })
  expect(statisticsFreshness(row, 1501, false)).toEqual({ isFresh: false, ageMs: 501 })
  expect(statisticsFreshness(row, 1001, true).isFresh).toBe(false)
})

test('somebody was last seen at the newest of what is stored and what just came', () => {
  const seen = [
    { person: 'An', lastAt: 5 },
    { person: 'Bo', lastAt: 9 },
  ]
  const newest = [
    { person: 'An', lastAt: 7 },
    { person: 'Bo', lastAt: 3 },
    { person: null, lastAt: 99 },
    { person: 'Cy', lastAt: 1 },
  ]
  expect([...lastSeenOf(seen, newest)]).toEqual([
    ['An', 7],
    ['Bo', 9],
    ['Cy', 1],
  ])
})

describe('somebody just added', () => {
  function rows() {
    const here = new Set<string>()
    const listeners = new Set<() => void>()
    return {
      listeners,
      row: (id: string) => (here.has(id) ? {} : undefined),
      subscribe: (listener: () => void) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      add: (id: string) => {
        here.add(id)
        for (const listener of [...listeners]) listener()
      },
    }
  }

  test('is waited for until the library lists them, and not listened for afterwards', async () => {
    const library = rows()
    const arrival = rowArrives(library, 'eye/An', 60_000)
    library.add('eye/Bo')
    library.add('eye/An')
    expect(await arrival).toBe(true)
    expect(library.listeners.size).toBe(0)
    expect(await rowArrives(library, 'eye/An', 60_000)).toBe(true)
  })

  test('is given up when they never come', async () => {
    const library = rows()
    expect(await rowArrives(library, 'eye/An', 1)).toBe(false)
    expect(library.listeners.size).toBe(0)
  })
})

describe('training', () => {
  type Call = Parameters<typeof train>[0]['call']

  test('runs once at a time, waits longer than other calls, and keeps the server’s words', async () => {
    const link = LinkId.parse('trained')
    const waits: (number | undefined)[] = []
    let answer: (value: { text: string }) => void = () => {}
    const call = ((_name: string, _input: unknown, options?: { timeoutMs?: number }) => {
      waits.push(options?.timeoutMs)
      return new Promise((done) => {
        answer = done
      })
    }) as unknown as Call
    let now = 1000
    const first = train({ call }, link, () => now)
    expect(trainingOf(link).get()).toEqual({ is: 'running', sinceAt: 1000 })
    await train({ call }, link, () => now)
    expect(waits).toHaveLength(1)
    expect(waits[0]).toBeGreaterThan(300_000)
    now = 91_000
    answer({ text: 'Trained 12 faces' })
    await first
    expect(trainingOf(link).get()).toEqual({ is: 'done', text: 'Trained 12 faces', tookMs: 90_000 })
  })

  test('a refusal is kept with its reason, and it can be tried again', async () => {
    const link = LinkId.parse('refused')
    const call = (async () => {
      throw new Fault('link-down', 'not connected')
    }) as unknown as Call
    await train({ call }, link, () => 5)
    expect(trainingOf(link).get()).toMatchObject({ is: 'failed', fault: { code: 'link-down' } })
    await train({ call }, link, () => 9)
    expect(trainingOf(link).get().is).toBe('failed')
  })
})
