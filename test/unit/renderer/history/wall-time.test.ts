/** Dates as typed, in the site's zone. */
import { describe, expect, test } from 'vitest'
import { parseWallTime, wallTime } from '../../../../src/renderer/features/history/wall-time.ts'

describe('wall time', () => {
  test.each([
    ['2026-03-09 14:05:00', 'UTC', Date.UTC(2026, 2, 9, 14, 5)],
    ['2026-03-09 14:05', 'Asia/Ho_Chi_Minh', Date.UTC(2026, 2, 9, 7, 5)],
    ['2026-03-09', 'Asia/Ho_Chi_Minh', Date.UTC(2026, 2, 8, 17)],
    ['2026-03-09T23:59:59', 'America/New_York', Date.UTC(2026, 2, 10, 3, 59, 59)],
    [' 2026-7-1 8 ', 'Europe/Berlin', Date.UTC(2026, 6, 1, 6)],
  ])('%s in %s', (text, zone, at) => {
    expect(parseWallTime(text, zone)).toBe(at)
    expect(parseWallTime(wallTime(at, zone), zone)).toBe(at)
  })

  test.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-01-01 24:00',
    '2026-01-01 10:60',
    '09/03/2026',
  ])('%j is refused', (text) => {
    expect(parseWallTime(text, 'UTC')).toBeNull()
  })

  test('midnight reads 00:00:00, not 24:00:00', () => {
    expect(wallTime(Date.UTC(2026, 0, 1), 'UTC')).toBe('2026-01-01 00:00:00')
  })
})
