/** The oracle of the crash run and of the bad-input suite: it must see every way a promise can be broken. */
import { expect, test } from 'vitest'
import { Ledger } from '../fakes/ledger.ts'
import { Random } from '../fakes/random.ts'

function ledger(sent: readonly string[], acked: readonly string[]): Ledger {
  const made = new Ledger()
  for (const id of sent) made.sent(id)
  for (const id of acked) made.acked(id)
  return made
}

test('all kept once is no complaint, and what was never acknowledged may be missing', () => {
  const verdict = ledger(['a', 'b', 'c'], ['a', 'b']).judge(['b', 'a'])
  expect(verdict).toEqual({ sent: 3, acked: 2, stored: 2, lost: [], duplicated: [], invented: [] })
})

test('an acknowledged alert that is not stored is lost', () => {
  expect(ledger(['a', 'b'], ['a', 'b']).judge(['a']).lost).toEqual(['b'])
})

test('a stored one that was not acknowledged yet is fine, twice is not', () => {
  const verdict = ledger(['a', 'b'], ['a']).judge(['a', 'b', 'a'])
  expect(verdict).toMatchObject({ lost: [], duplicated: ['a'] })
})

test('a row nobody sent is invented', () => {
  expect(ledger(['a'], []).judge(['x']).invented).toEqual(['x'])
})

test('an acknowledgement of what was never sent is refused at once', () => {
  expect(() => ledger([], ['ghost'])).toThrow('never sent')
})

test('the same seed makes the same run', () => {
  const [one, two, other] = [new Random(7), new Random(7), new Random(8)]
  const draw = (random: Random) => Array.from({ length: 50 }, () => random.between(1, 1000))
  const first = draw(one)
  expect(draw(two)).toEqual(first)
  expect(draw(other)).not.toEqual(first)
  expect(Math.min(...first)).toBeGreaterThanOrEqual(1)
  expect(Math.max(...first)).toBeLessThanOrEqual(1000)
})
