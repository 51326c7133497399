/** The order of the alert list, and how many are open. */
import { expect, test } from 'vitest'
import { compareAlerts, openCount } from '../../../../src/renderer/data/alerts.ts'
import { freshnessOf } from '../../../../src/renderer/data/devices.ts'
import { makeAlert } from '../history/make-alert.ts'

test('newest unacknowledged on top by priority, then what is being dealt with, then what was put aside', () => {
  const sorted = [
    makeAlert(1, 100, { priority: 'critical', state: 'acknowledged-active' }),
    makeAlert(2, 200, { priority: 'low' }),
    makeAlert(3, 300, { priority: 'high' }),
    makeAlert(4, 400, { priority: 'high' }),
    makeAlert(5, 500, { priority: 'critical', state: 'shelved' }),
    makeAlert(6, 50, { priority: 'critical', state: 'unacknowledged-cleared' }),
  ].toSorted(compareAlerts)
  expect(sorted.map((alert) => alert.seq)).toEqual([6, 4, 3, 2, 1, 5])
})

test('ended alerts are not counted as open', () => {
  const counts = { unacknowledgedActive: 1, acknowledgedActive: 2, unacknowledgedCleared: 3 }
  expect(openCount({ id: 'all', ...counts, shelved: 4, outOfService: 5, total: 1_000_000, shown: 15 })).toBe(
    15,
  )
})

test('a value is current up to its budget and never after it', () => {
  expect(freshnessOf(1000, 500, 1500)).toEqual({ isFresh: true, ageMs: 500 })
  expect(freshnessOf(1000, 500, 1501)).toEqual({ isFresh: false, ageMs: 501 })
  expect(freshnessOf(null, 500, 1501)).toEqual({ isFresh: false, ageMs: null })
})

test('a message from a clock slightly ahead has no negative age', () => {
  expect(freshnessOf(1010, 500, 1000)).toEqual({ isFresh: true, ageMs: 0 })
})
