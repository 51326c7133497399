/** From what a person sets to the contract's filter, and whether a live event fits it. */
import { describe, expect, test } from 'vitest'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { EventFilter, faceKinds } from '../../../../src/contract/events.ts'
import { LinkId } from '../../../../src/contract/links.ts'
import { siteStatistics } from '../../../../src/contract/statistics.ts'
import * as events from '../../../../src/renderer/data/events.ts'
import { siteRow } from '../../../../src/renderer/data/statistics.ts'
import {
  emptySightingQuery,
  matchesFilter,
  type SightingQuery,
  toEventFilter,
} from '../../../../src/renderer/features/faces/sighting-query.ts'
import { makeEvent } from './make-event.ts'

const all: SightingQuery = { ...emptySightingQuery, span: { is: 'all' } }
const nowAt = 1_800_000_000_000

test('the words the page may not import are the contract’s', () => {
  expect(events.faceKinds).toEqual(faceKinds)
  expect(siteRow).toBe(siteStatistics)
})

describe('the filter', () => {
  test.each<[string, Partial<SightingQuery>, EventFilter]>([
    ['nothing set: both kinds of face, nothing else', {}, { kinds: ['face-recognized', 'face-unknown'] }],
    ['known', { who: 'known' }, { kinds: ['face-recognized'] }],
    ['unknown', { who: 'unknown' }, { kinds: ['face-unknown'], dismissed: false }],
    ['people imply known', { people: ['An'] }, { kinds: ['face-recognized'], people: ['An'] }],
    [
      'unknown has no people',
      { who: 'unknown', people: ['An'] },
      { kinds: ['face-unknown'], dismissed: false },
    ],
    [
      'a range',
      { span: { is: 'custom', fromAt: 5, toAt: 9 } },
      { from: 5, to: 9, kinds: ['face-recognized', 'face-unknown'] },
    ],
    [
      'the last hour stays open to what is still to come',
      { span: { is: 'hour' } },
      { from: nowAt - 3_600_000, kinds: ['face-recognized', 'face-unknown'] },
    ],
  ])('%s', (_, part, filter) => {
    const made = toEventFilter({ ...all, ...part }, nowAt)
    expect(made).toEqual(filter)
    expect(EventFilter.safeParse(made).success).toBe(true)
  })

  test('never asks for more than the contract takes', () => {
    const many = Array.from({ length: 300 }, (_, n) => `eye/${n}`)
    const filter = toEventFilter(
      { ...all, people: many, cameras: many.map((id) => CameraId.parse(id)) },
      nowAt,
    )
    expect(EventFilter.safeParse(filter).success).toBe(true)
  })
})

describe('a live event', () => {
  const event = makeEvent(1, 1000, { person: 'An', camera: CameraId.parse('eye/door') })
  test.each<[EventFilter, boolean]>([
    [{}, true],
    [{ from: 1000, to: 1000 }, true],
    [{ from: 1001 }, false],
    [{ to: 999 }, false],
    [{ links: [LinkId.parse('other')] }, false],
    [{ kinds: ['face-unknown'] }, false],
    [{ people: ['Bo', 'An'] }, true],
    [{ people: ['Bo'] }, false],
    [{ cameras: [CameraId.parse('eye/door')] }, true],
    [{ cameras: [CameraId.parse('eye/yard')] }, false],
  ])('%j fits: %s', (filter, fits) => {
    expect(matchesFilter(filter, event)).toBe(fits)
  })

  test('without camera or name fits no filter on them', () => {
    const bare = makeEvent(2, 1000, { person: null, camera: null })
    expect(matchesFilter({ people: ['An'] }, bare)).toBe(false)
    expect(matchesFilter({ cameras: [CameraId.parse('eye/door')] }, bare)).toBe(false)
  })
})
