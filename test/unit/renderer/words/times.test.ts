/** Times are 24-hour with seconds in the site's zone; ages get coarser as they grow. */
import { expect, test } from 'vitest'
import * as times from '../../../../src/renderer/words/times.ts'

const at = Date.UTC(2026, 10, 21, 17, 4, 5)
const words = { second: 's', minute: 'min', hour: 'h', day: 'd' }

test('the clock is the site’s, not the screen’s', () => {
  expect(times.clock(at, 'Asia/Ho_Chi_Minh')).toBe('00:04:05')
  expect(times.date(at, 'Asia/Ho_Chi_Minh')).toBe('2026-11-22')
  expect(times.dateTime(at, 'UTC')).toBe('2026-11-21 17:04:05')
})

test('midnight is 00, never 24', () => {
  expect(times.clock(Date.UTC(2026, 10, 21), 'UTC')).toBe('00:00:00')
})

test('the offset is written out', () => {
  expect(times.offset(at, 'Asia/Ho_Chi_Minh')).toBe('+07:00')
  expect(times.offset(at, 'America/St_Johns')).toBe('-03:30')
  expect(times.offset(at, 'UTC')).toBe('+00:00')
})

test('another day shows its date', () => {
  expect(times.clockOrDate(at, at + 60_000, 'UTC')).toBe('17:04:05')
  expect(times.clockOrDate(at, at + 86_400_000, 'UTC')).toBe('2026-11-21 17:04:05')
})

test.each([
  [-5, '0 s'],
  [999, '0 s'],
  [9_000, '9 s'],
  [60_000, '1 min'],
  [115_000, '1 min 55 s'],
  [600_000, '10 min'],
  [3_599_000, '59 min'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
])('%i ms are %s', (ms, expected) => {
  expect(times.duration(ms, words)).toBe(expected)
})
