/** What is heard, when it is heard again, and what never calls anybody. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alert, AlertState, Priority } from '../../../../src/contract/alerts.ts'
import {
  type Annunciation,
  currentPattern,
  heardOf,
  hush,
  isSounding,
  listedOf,
  quiet,
  repeatMs,
} from '../../../../src/renderer/features/alerts/annunciation.ts'
import { makeAlert } from '../history/make-alert.ts'

const silent = { kind: 'device-silent' } as const
const alert = (seq: number, priority: Priority, more: Partial<Alert> = {}) =>
  makeAlert(seq, seq * 1000, { ...silent, priority, ...more })

function after(...alerts: readonly Alert[]): Annunciation {
  return alerts.reduce((state, one) => heardOf(state, one).next, quiet)
}

describe('sounding', () => {
  const cases: readonly (readonly [string, Partial<Alert>, boolean])[] = [
    ['active and not acknowledged', { state: 'unacknowledged-active' }, true],
    ['returned to normal, not yet seen', { state: 'unacknowledged-cleared' }, true],
    ['acknowledged', { state: 'acknowledged-active' }, false],
    ['ended', { state: 'cleared' }, false],
    ['shelved', { state: 'shelved' }, false],
    ['out of service', { state: 'out-of-service' }, false],
    ['part of another alert', { state: 'suppressed-by-design' }, false],
    ['silenced', { state: 'unacknowledged-active', silencedAt: 1 }, false],
    ['late', { state: 'unacknowledged-active', late: true }, false],
  ]
  test.each(cases)('%s', (_, more, expected) => {
    expect(isSounding(alert(1, 'high', more))).toBe(expected)
  })
})

test('a new alert is heard at once', () => {
  expect(heardOf(quiet, alert(1, 'low')).now).toBe('low')
})

test('something more urgent is heard at once, something less urgent waits', () => {
  const high = after(alert(1, 'high'))
  expect(heardOf(high, alert(2, 'critical')).now).toBe('critical')
  expect(heardOf(high, alert(2, 'medium')).now).toBeNull()
  expect(currentPattern(heardOf(high, alert(2, 'medium')).next)).toBe('high')
})

test('blue light has its own sound, at the urgency of its priority', () => {
  const blue = after(alert(1, 'high', { kind: 'blue-light' }))
  expect(currentPattern(blue)).toBe('blue-light')
  expect(currentPattern(heardOf(blue, alert(2, 'critical')).next)).toBe('critical')
})

test('silencing one leaves the others sounding', () => {
  const both = after(alert(1, 'critical'), alert(2, 'medium'))
  const one = heardOf(both, alert(1, 'critical', { silencedAt: 5 })).next
  expect(currentPattern(one)).toBe('medium')
  expect(currentPattern(heardOf(one, alert(2, 'medium', { state: 'acknowledged-active' })).next)).toBeNull()
})

test('a hushed screen sounds again for the next alert, and only for it', () => {
  const hushed = hush(after(alert(1, 'critical')))
  expect(currentPattern(hushed)).toBeNull()
  const decision = heardOf(hushed, alert(2, 'low'))
  expect(decision.now).toBe('low')
  expect(currentPattern(decision.next)).toBe('low')
})

test('alerts already active at the start are heard', () => {
  const decision = listedOf(quiet, [alert(1, 'medium'), alert(2, 'high')])
  expect(decision.now).toBe('high')
})

test('an alert that left the list while the pipe was cut falls silent', () => {
  const listed = listedOf(quiet, [alert(1, 'high')]).next
  expect(currentPattern(listedOf(listed, []).next)).toBeNull()
})

test('a list one message behind the journal does not sound an acknowledged alert again', () => {
  const listed = listedOf(quiet, [alert(1, 'high')]).next
  const acknowledged = heardOf(listed, alert(1, 'high', { state: 'acknowledged-active' })).next
  const behind = listedOf(acknowledged, [alert(1, 'high'), alert(2, 'low')])
  expect(currentPattern(behind.next)).toBe('low')
  const level = listedOf(behind.next, [alert(1, 'high', { state: 'acknowledged-active' }), alert(2, 'low')])
  expect(level.next.ahead.size).toBe(0)
})

test('an alert only the journal knows is not silenced by a list without it', () => {
  const heard = after(alert(9, 'high'))
  expect(currentPattern(listedOf(heard, [alert(1, 'low')]).next)).toBe('high')
})

test('the more urgent, the more often', () => {
  expect(repeatMs.critical).toBeLessThan(repeatMs.high)
  expect(repeatMs.high).toBeLessThan(repeatMs.medium)
  expect(repeatMs.medium).toBeLessThan(repeatMs.low)
})

const states: readonly AlertState[] = ['unacknowledged-active', 'acknowledged-active', 'cleared', 'shelved']
const changes = fc.array(
  fc.record({
    seq: fc.integer({ min: 1, max: 6 }),
    priority: fc.constantFrom<Priority>('critical', 'high', 'medium', 'low'),
    state: fc.constantFrom(...states),
  }),
)

test('whatever happens, it sounds exactly while something should', () => {
  fc.assert(
    fc.property(changes, (told) => {
      const last = new Map<number, Alert>()
      let state = quiet
      for (const { seq, priority, state: standing } of told) {
        const one = alert(seq, last.get(seq)?.priority ?? priority, { state: standing })
        last.set(seq, one)
        state = heardOf(state, one).next
      }
      expect(currentPattern(state) !== null).toBe([...last.values()].some(isSounding))
    }),
  )
})
