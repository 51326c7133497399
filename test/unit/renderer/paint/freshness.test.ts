/** A picture looks live only while it is; faces are drawn only within their budget. */
import { describe, expect, test } from 'vitest'
import type { CameraId } from '../../../../src/contract/cameras.ts'
import type { LinkId } from '../../../../src/contract/links.ts'
import { freshFaces } from '../../../../src/renderer/data/faces-now.ts'
import { badPicture, freshnessOf, missingMs, tooSlow } from '../../../../src/renderer/paint/freshness.ts'

const start = 1_700_000_000_000
const seen = (receivedAt: number | null, trouble = '', openedAt: number | null = start) => ({
  openedAt,
  receivedAt,
  trouble,
})

describe('a picture', () => {
  test('is live, then late after 2 s, then lost after 10 s', () => {
    const at = start + 500
    expect(freshnessOf(seen(at), at)).toBe('live')
    expect(freshnessOf(seen(at), at + 2000)).toBe('live')
    expect(freshnessOf(seen(at), at + 2001)).toBe('late')
    expect(freshnessOf(seen(at), at + 10_000)).toBe('late')
    expect(freshnessOf(seen(at), at + 10_001)).toBe('lost')
  })

  test('is opening before the first frame, and lost when none ever comes', () => {
    expect(freshnessOf(seen(null), start + 9000)).toBe('opening')
    expect(freshnessOf(seen(null), start + 10_001)).toBe('lost')
    expect(missingMs(seen(null), start + 12_000)).toBe(12_000)
  })

  test('is lost at once when its source says why', () => {
    expect(freshnessOf(seen(start + 10, 'RTSP: refused'), start + 20)).toBe('lost')
  })

  test('is not lost for one bad picture among good ones, but does not stay live on bad ones', () => {
    expect(freshnessOf(seen(start + 10, badPicture), start + 500)).toBe('live')
    expect(freshnessOf(seen(start + 10, badPicture), start + 2500)).toBe('late')
  })

  test('is not lost when the machine was busy for a moment, but does not stay live on that', () => {
    expect(freshnessOf(seen(start + 10, tooSlow), start + 500)).toBe('live')
    expect(freshnessOf(seen(start + 10, tooSlow), start + 2500)).toBe('late')
  })

  test('from before a break is never live, and gets time for a new one', () => {
    const old = seen(start - 60_000)
    expect(freshnessOf(old, start + 100)).toBe('late')
    expect(freshnessOf(seen(start - 100), start + 100)).toBe('late')
    expect(freshnessOf(old, start + 10_001)).toBe('lost')
  })

  test('that nobody asks for ages like any other', () => {
    expect(freshnessOf(seen(start, '', null), start + 20_000)).toBe('lost')
  })
})

describe('faces', () => {
  const face = (at: number) => ({ person: 'Linh', confidence: 0.9, at, box: null })
  const row = (faces: ReturnType<typeof face>[], receivedAt: number) => ({
    id: 'eye/1' as CameraId,
    // The source's clock is an hour ahead: it may not matter.
    at: start + 3_600_000,
    receivedAt,
    budgetMs: 5000,
    frame: null,
    link: 'eye' as LinkId,
    faces,
  })

  test('fade, and are gone at the end of their budget', () => {
    const one = row([face(start + 3_600_000)], start)
    expect(freshFaces(one, start)[0]?.strength).toBe(1)
    expect(freshFaces(one, start + 2500)[0]?.strength).toBe(0.5)
    expect(freshFaces(one, start + 5000)).toEqual([])
  })

  test('that are older than the newest go first', () => {
    const two = row([face(start + 3_600_000), face(start + 3_597_000)], start)
    expect(freshFaces(two, start).map(({ ageMs }) => ageMs)).toEqual([0, 3000])
    expect(freshFaces(two, start + 2500)).toHaveLength(1)
  })

  test('are none where nothing is known', () => {
    expect(freshFaces(undefined, start)).toEqual([])
  })
})
