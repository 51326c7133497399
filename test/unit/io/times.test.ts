/** Instants as devices write them. */
import { expect, test } from 'vitest'
import { readInstant } from '../../../src/main/io/times.ts'

const noon = Date.UTC(2024, 0, 15, 10, 30, 15)
const table: readonly (readonly [unknown, number | null])[] = [
  ['2024-01-15T10:30:15Z', noon],
  ['2024-01-15T10:30:15.250Z', noon + 250],
  ['2024-01-15T12:30:15+02:00', noon],
  ['2024-01-15T12:30:15+0200', noon],
  ['2024-01-15T05:30:15-05:00', noon],
  // Dart, local time: no zone, six digits.
  ['2024-01-15T10:30:15.250123', noon + 250],
  ['2024-01-15 10:30:15', noon],
  ['2024-01-15T10:30', noon - 15_000],
  [noon, noon],
  [noon / 1000, noon],
  [noon / 1000 + 0.5, noon + 500],
  [String(noon), noon],
  ['yesterday', null],
  ['2024-13-45T99:99:99Z', null],
  ['2024-01-15', null],
  ['', null],
  ['2024-01-15T10:30:15Z; DROP TABLE alerts', null],
  [-1, null],
  [Number.POSITIVE_INFINITY, null],
  [Number.NaN, null],
  [1e300, null],
  [null, null],
  [{}, null],
]

test.each(table)('%j is %j', (written, at) => {
  expect(readInstant(written)).toBe(at)
})

test('a time without a zone may be local', () => {
  expect(readInstant('2024-01-15T10:30:15', 'local')).toBe(new Date(2024, 0, 15, 10, 30, 15).getTime())
  expect(readInstant('2024-01-15T10:30:15Z', 'local')).toBe(noon)
})
