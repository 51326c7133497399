/** The state of the link from its two ways to the server, as a table; and the budget both ways share. */
import { describe, expect, test } from 'vitest'
import type { LinkState } from '../../../../../src/contract/links.ts'
import { limitWords, mode, type Ways } from '../../../../../src/main/drivers/openeye/client/mode.ts'
import { RequestBudget } from '../../../../../src/main/drivers/openeye/client/request-budget.ts'

const t0 = Date.UTC(2026, 2, 1, 12)

describe('the state of the link', () => {
  const now = t0
  const waiting: LinkState = { is: 'waiting', retryAt: now + 500, attempt: 2, reason: 'nothing listens' }
  const live: LinkState = { is: 'live', since: now - 1000 }
  const opening: LinkState = { is: 'opening', attempt: 3 }
  const silent: LinkState = { is: 'silent', since: now - 100 }
  const polling: LinkState = { is: 'polling', since: now - 9000, retryAt: now + 70, reason: 'before' }
  const hold = { retryAt: now + 15_000, reason: 'too many' }
  const base: Ways = {
    socket: waiting,
    withoutSocketMs: 5000,
    held: null,
    http: { is: 'answers' },
    lastReason: '',
    previous: waiting,
    now,
  }
  const table: [string, Partial<Ways>, LinkState][] = [
    ['a live socket is all there is to say', { socket: live, http: { is: 'down' } }, live],
    ['refused stays refused', { socket: { is: 'refused', reason: 'x' } }, { is: 'refused', reason: 'x' }],
    ['stopped stays stopped', { socket: { is: 'stopped' } }, { is: 'stopped' }],
    ['asking works', {}, { is: 'polling', since: now, retryAt: now + 500, reason: 'nothing listens' }],
    ['not for 3 s yet', { withoutSocketMs: 2999 }, waiting],
    ['asking has not been tried', { http: { is: 'unknown' } }, waiting],
    ['neither way answers', { http: { is: 'down' } }, waiting],
    ['neither way, opening', { http: { is: 'down' }, socket: opening }, opening],
    [
      'polling goes on while the socket is tried',
      { socket: opening, lastReason: 'before', previous: polling },
      { is: 'polling', since: now - 9000, retryAt: now + 70, reason: 'before' },
    ],
    [
      'an open socket without a word',
      { socket: silent },
      { is: 'polling', since: now, retryAt: now, reason: 'the socket is open but brings nothing' },
    ],
    ['silent both ways', { socket: silent, http: { is: 'down' } }, silent],
    [
      'the limit is reached',
      { http: { is: 'limited', until: now + 60_000 } },
      { is: 'polling', since: now, retryAt: now + 60_000, reason: limitWords },
    ],
    [
      'held back, nothing else works',
      { socket: opening, held: hold, http: { is: 'down' } },
      { is: 'waiting', attempt: 3, ...hold },
    ],
    ['held back, asking works', { socket: opening, held: hold }, { is: 'polling', since: now, ...hold }],
  ]
  test.each(table)('%s', (_name, ways, expected) => {
    expect(mode({ ...base, ...ways })).toEqual(expected)
  })
})

test('in no minute more than 90 requests, of which 20 are left to people', () => {
  const budget = new RequestBudget()
  const polls: number[] = []
  for (let now = 0; now < 300_000; now += 50) if (budget.take('poll', now)) polls.push(now)
  const inAnyMinute = (times: readonly number[]) =>
    Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length))
  expect(inAnyMinute(polls)).toBeLessThanOrEqual(71)
  expect(polls.length).toBeGreaterThan(290)
  // A person comes while the polls take all they may have.
  let orders = 0
  for (let turn = 0; turn < 10; turn += 1) if (budget.take('order', 300_000)) orders += 1
  expect(orders).toBe(10)

  const both = new RequestBudget()
  const all: number[] = []
  for (let now = 0; now < 300_000; now += 50) {
    if (both.take('poll', now)) all.push(now)
    if (both.take('order', now)) all.push(now)
  }
  expect(inAnyMinute(all)).toBeLessThanOrEqual(91)

  const snapshots = Array.from({ length: 60 }, (_, s) => budget.takeSnapshot(s * 1000)).filter(Boolean)
  expect(snapshots.length).toBeLessThanOrEqual(10)
})
