/** The span of an export as it is typed: what it means, and which field is to be mended. */
import { expect, test } from 'vitest'
import { longestExportMs } from '../../../../src/contract/export-limits.ts'
import { readSpan } from '../../../../src/renderer/features/recordings/export-form.ts'

const zone = 'Asia/Ho_Chi_Minh'
const now = Date.parse('2026-11-21T12:00:00+07:00')

function read(from: string, to: string) {
  return readSpan({ from, to }, zone, now)
}

test('a typed second means all of it, in the zone of the site', () => {
  const at = Date.parse('2026-11-21T11:00:00+07:00')
  const span = read('2026-11-21 11:00:00', '2026-11-21 11:00:00')
  expect(span).toEqual({ is: 'span', fromAt: at, toAt: at + 999 })
})

test('what cannot be read is marked, and nothing else', () => {
  const good = '2026-11-21 11:00:00'
  expect(read('yesterday', good)).toEqual({ is: 'wrong', why: 'exportBadTime', fields: ['from'] })
  expect(read(good, '2026-11-31 11:00:00')).toEqual({ is: 'wrong', why: 'exportBadTime', fields: ['to'] })
  expect(read('', '')).toEqual({ is: 'wrong', why: 'exportBadTime', fields: ['from', 'to'] })
})

test('backwards, too long and not yet are each said', () => {
  expect(read('2026-11-21 11:00:01', '2026-11-21 11:00:00')).toMatchObject({ why: 'exportOrder' })
  expect(read('2026-11-21 13:00:00', '2026-11-21 13:01:00')).toMatchObject({
    why: 'exportAhead',
    fields: ['from'],
  })
  expect(read('2026-11-21 10:00:00', '2026-11-21 11:00:01')).toMatchObject({ why: 'exportTooLong' })
})

test('an hour on the clock is an hour, with no second more than may be asked for', () => {
  const fromAt = Date.parse('2026-11-21T10:00:00+07:00')
  const span = read('2026-11-21 10:00:00', '2026-11-21 11:00:00')
  expect(span).toEqual({ is: 'span', fromAt, toAt: fromAt + longestExportMs })
})
