/** Likeness as a measure, whatever the numbers; and whose face is whose between two close looks. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeptFacePhoto } from '../../../../src/contract/known-faces.ts'
import {
  embeddingOf,
  likeness,
  nearest,
  numbers,
} from '../../../../src/main/drivers/device-faces/matching.ts'
import { Tracks } from '../../../../src/main/drivers/device-faces/tracks.ts'
import { base64Of, faceOf } from './faces.ts'

function photo(person: string, embedding: Float32Array | null): KeptFacePhoto {
  return { id: `${person}.jpg`, person, sizeBytes: 1, addedAt: 0, event: null, embedding, trouble: '' }
}

describe('likeness', () => {
  it('is 1 for the very same face, falls with the distance, and is 0 for strangers', () => {
    expect(likeness(faceOf(1), faceOf(1))).toBe(1)
    const scores = [0, 5, 6, 8, 10, 14, 16].map((apart) => likeness(faceOf(1), faceOf(1, apart)))
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(likeness(faceOf(1), faceOf(1, 8))).toBeCloseTo((0.8 - 0.05 * 8) / 0.6, 4)
    expect(likeness(faceOf(1), faceOf(2))).toBe(0)
  })

  it('is the same both ways and always 0 to 1', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer(),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (one, other, apart) => {
          const a = faceOf(one, apart)
          const b = faceOf(other)
          const score = likeness(a, b)
          expect(score).toBe(likeness(b, a))
          expect(score >= 0 && score <= 1).toBe(true)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('the nearest person', () => {
  const library = [
    photo('An', faceOf(1)),
    photo('Binh', faceOf(2)),
    photo('An', faceOf(3)),
    photo('Chi', null),
  ]

  it('is the one with the likest photo, and its likeness is the confidence', () => {
    expect(nearest(faceOf(3, 6), library, 0.7)).toEqual({
      person: 'An',
      score: likeness(faceOf(3, 6), faceOf(3)),
    })
    expect(nearest(faceOf(2, 6), library, 0.7)?.person).toBe('Binh')
  })

  it('is nobody below the threshold, and at the threshold somebody', () => {
    const score = likeness(faceOf(1, 8), faceOf(1))
    expect(nearest(faceOf(1, 8), library, score + 0.001)).toBeNull()
    expect(nearest(faceOf(1, 8), library, score)?.person).toBe('An')
    expect(nearest(faceOf(9), library, 0.01)).toBeNull()
  })
})

describe('numbers from a screen', () => {
  it('come back as they were sent', () => {
    expect(embeddingOf(Buffer.from(base64Of(faceOf(4)), 'base64'))).toEqual(faceOf(4))
  })

  it('are nothing when they are too few, too many or not finite; no bytes throw', () => {
    expect(embeddingOf(Buffer.alloc(numbers * 4 - 1))).toBeNull()
    expect(embeddingOf(Buffer.from(base64Of(faceOf(4).fill(Number.NaN, 7, 8)), 'base64'))).toBeNull()
    expect(
      embeddingOf(Buffer.from(base64Of(faceOf(4).fill(Number.POSITIVE_INFINITY, 7, 8)), 'base64')),
    ).toBeNull()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const read = embeddingOf(bytes)
        expect(read === null || read.length === numbers).toBe(true)
      }),
    )
  })
})

describe('between two close looks', () => {
  const here = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 }
  const nearby = { ...here, x: 0.44 }
  const elsewhere = { ...here, x: 0.1 }
  const an = { person: 'An', score: 0.9 }

  it('a face that has hardly moved keeps its name, another one has none', () => {
    const tracks = new Tracks()
    expect(tracks.name([{ box: here, match: an }], 0)).toEqual([an])
    expect(
      tracks.name(
        [
          { box: elsewhere, match: undefined },
          { box: nearby, match: undefined },
        ],
        30,
      ),
    ).toEqual([null, an])
  })

  it('a closer look that knows nobody takes the name away, and a name is not trusted for long', () => {
    const tracks = new Tracks()
    tracks.name([{ box: here, match: an }], 0)
    expect(tracks.name([{ box: here, match: null }], 1000)).toEqual([null])
    tracks.name([{ box: here, match: an }], 2000)
    expect(tracks.name([{ box: here, match: undefined }], 4400)).toEqual([an])
    expect(tracks.name([{ box: here, match: undefined }], 4600)).toEqual([null])
  })

  it('one name is not given to two faces at once', () => {
    const tracks = new Tracks()
    tracks.name([{ box: here, match: an }], 0)
    const both = tracks.name(
      [
        { box: here, match: undefined },
        { box: nearby, match: undefined },
      ],
      30,
    )
    expect(both).toEqual([an, null])
  })
})
