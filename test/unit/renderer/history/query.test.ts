/** What a person sets on the History screen against what the store is asked. */
import { expect, test } from 'vitest'
import { AlertFilter, AlertKind, AlertState, Priority } from '../../../../src/contract/alerts.ts'
import { LinkId } from '../../../../src/contract/links.ts'
import {
  allKinds,
  allPriorities,
  allStates,
  emptyQuery,
  matches,
  narrowings,
  type Query,
  toFilter,
  toggled,
  widen,
} from '../../../../src/renderer/features/history/query.ts'
import { makeAlert } from './make-alert.ts'

const now = 1_800_000_000_000
const hub = LinkId.parse('hub')
const full: Query = {
  span: { is: 'custom', fromAt: 5, toAt: 9 },
  sources: [hub],
  kinds: ['blue-light'],
  priorities: ['critical', 'high'],
  states: ['cleared'],
  devices: [],
  text: '  hall east ',
}

test('the words the screen offers are the contract’s', () => {
  expect(allKinds).toEqual(AlertKind.options)
  expect(allPriorities).toEqual(Priority.options)
  expect(allStates).toEqual(AlertState.options)
})

test('empty fields are left out, and the filter fits its schema', () => {
  expect(toFilter({ ...emptyQuery, span: { is: 'all' } }, now)).toEqual({})
  expect(toFilter(emptyQuery, now)).toEqual({ from: now - 86_400_000 })
  expect(toFilter({ ...emptyQuery, span: { is: 'shift' } }, now)).toEqual({ from: now - 28_800_000 })
  const filter = toFilter(full, now)
  expect(AlertFilter.parse(filter)).toEqual({
    from: 5,
    to: 9,
    sources: ['hub'],
    kinds: ['blue-light'],
    priorities: ['critical', 'high'],
    states: ['cleared'],
    text: 'hall east',
  })
})

test('a text longer than the contract allows is cut, not refused', () => {
  expect(AlertFilter.safeParse(toFilter({ ...emptyQuery, text: 'x'.repeat(900) }, now)).success).toBe(true)
})

test('taking every chip away leads back to everything', () => {
  let query = full
  expect(narrowings(query)).toHaveLength(7)
  for (const chip of narrowings(query)) query = widen(query, chip)
  expect(narrowings(query)).toEqual([])
  expect(toFilter(query, now)).toEqual({})
})

test('toggling twice changes nothing', () => {
  expect(toggled(toggled(['a', 'b'], 'c'), 'c')).toEqual(['a', 'b'])
  expect(toggled(['a'], 'a')).toEqual([])
})

test('a new alert counts as newer only where the filter admits it', () => {
  const alert = makeAlert(1, 100)
  expect(matches({}, alert)).toBe(true)
  expect(matches({ from: 101 }, alert)).toBe(false)
  expect(matches({ to: 99 }, alert)).toBe(false)
  expect(matches({ priorities: ['low'] }, alert)).toBe(false)
  expect(matches({ text: 'HALL blue' }, alert)).toBe(true)
  expect(matches({ text: 'hall cellar' }, alert)).toBe(false)
})
