/** Days of a place, whatever its clocks did. */
import { describe, expect, it } from 'vitest'
import { dayOf, minuteOfDay } from '../../../src/main/day.ts'

const hourMs = 3600_000

function utc(text: string): number {
  return Date.parse(`${text}Z`)
}

describe('the day of an instant', () => {
  it.each([
    ['Asia/Ho_Chi_Minh', '2026-03-01T16:59:59.999', '2026-02-28T17:00:00', 24],
    ['Asia/Ho_Chi_Minh', '2026-03-01T17:00:00', '2026-03-01T17:00:00', 24],
    ['UTC', '2026-03-01T00:00:00', '2026-03-01T00:00:00', 24],
    // clocks go forward on 8 March and back on 1 November
    ['America/New_York', '2026-03-08T12:00:00', '2026-03-08T05:00:00', 23],
    ['America/New_York', '2026-03-09T03:59:59', '2026-03-08T05:00:00', 23],
    ['America/New_York', '2026-11-01T12:00:00', '2026-11-01T04:00:00', 25],
    // by half an hour: forward on 4 October, back on 5 April
    ['Australia/Lord_Howe', '2026-10-04T05:00:00', '2026-10-03T13:30:00', 23.5],
    ['Australia/Lord_Howe', '2026-04-05T05:00:00', '2026-04-04T13:00:00', 24.5],
    // at midnight: 26 April 2024 began at one o'clock
    ['Africa/Cairo', '2024-04-26T09:00:00', '2024-04-25T22:00:00', 23],
    ['Pacific/Kiritimati', '2026-03-01T09:59:59', '2026-02-28T10:00:00', 24],
  ])('in %s at %s', (zone, at, startAt, hours) => {
    const day = dayOf(utc(at), zone)
    expect(new Date(day.startAt).toISOString()).toBe(new Date(utc(startAt)).toISOString())
    expect((day.endAt - day.startAt) / hourMs).toBe(hours)
  })

  it('of no zone, or of a name that is none, is this machine’s', () => {
    const at = utc('2026-07-15T13:14:15')
    const midnight = new Date(at)
    midnight.setHours(0, 0, 0, 0)
    expect(dayOf(at, '').startAt).toBe(midnight.getTime())
    expect(dayOf(at, 'Mars/Olympus').startAt).toBe(midnight.getTime())
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    expect(dayOf(at, '')).toEqual(dayOf(at, timeZone))
  })

  it('ends where the next one begins, through a year of each zone', () => {
    for (const zone of ['America/New_York', 'Australia/Lord_Howe', 'Asia/Ho_Chi_Minh', 'Africa/Cairo']) {
      let at = utc('2026-01-01T12:00:00')
      for (let n = 0; n < 366; n++) {
        const { startAt, endAt } = dayOf(at, zone)
        expect(startAt).toBeLessThanOrEqual(at)
        expect(dayOf(endAt, zone).startAt).toBe(endAt)
        at = endAt
      }
    }
  })
})

it('reads the minute of the day off the wall', () => {
  const at = utc('2026-03-01T23:05:00')
  expect(minuteOfDay(at, 'UTC')).toBe(23 * 60 + 5)
  expect(minuteOfDay(at, 'Asia/Ho_Chi_Minh')).toBe(6 * 60 + 5)
  expect(minuteOfDay(utc('2026-03-01T17:00:00'), 'Asia/Ho_Chi_Minh')).toBe(0)
  expect(minuteOfDay(utc('2026-03-08T07:30:00'), 'America/New_York')).toBe(3 * 60 + 30)
})
