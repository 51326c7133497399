/**
 * Real sockets, real JPEGs, a server that reads them: over a thousand results, each held against the patch that was painted into the
 * very picture it is said to be of.
 */
import { expect, test } from 'vitest'
import type { OwtOptions } from '../../../sim/owt/options.ts'
import { isBoxOf, numbered, placeOf } from './pictures.ts'
import { connect, pictureOf, quickClock, serve } from './stand.ts'

const results = 350
/** Painted once: the same numbers come again and again. */
const pictures = Array.from({ length: 144 }, (_, n) => numbered(n))

test.each<[string, OwtOptions, 'document' | 'deployed']>([
  [
    'ids, answers that overtake each other, some lost, repeated or failed',
    { latencyMs: [0, 30], faults: { lose: 0.01, repeat: 0.1, fail: 0.02, grumble: 0.02 } },
    'document',
  ],
  [
    'the deployed form, some lost, repeated or failed',
    {
      speaks: 'deployed',
      latencyMs: [0, 6],
      faults: { lose: 0.01, repeat: 0.05, fail: 0.01, grumble: 0.01 },
    },
    'deployed',
  ],
  [
    "the document's form without ids, some lost, and answers later than their budget",
    { speaks: 'document', echoesIds: false, latencyMs: [0, 8], faults: { lose: 0.01, repeat: 0.05 } },
    'document',
  ],
])('no box is ever of another picture: %s', async (_, options, dialect) => {
  const sim = await serve(options)
  // So fast that a lost answer costs little, and that the slowest answers come when nobody waits for them any more.
  const stand = await connect(sim.url, {
    profile: { dialect },
    clock: quickClock(dialect === 'deployed' ? 500 : 200),
  })
  let frame = 0
  while (stand.found.length < results) {
    await stand.room()
    while (stand.server.room > 0) {
      frame += 1
      stand.server.send(pictureOf(frame, pictures[frame % 144]))
    }
  }
  const wrong = stand.found.filter(
    ({ frame: of, faces }) => faces.length !== 1 || !isBoxOf(of % 144, faces[0]?.box ?? null),
  )
  expect(wrong.map(({ frame: of, faces }) => ({ of, painted: placeOf(of % 144), faces }))).toEqual([])
  const frames = stand.found.map((fact) => fact.frame)
  expect(new Set(frames).size).toBe(frames.length)
  // All of it happened: some were lost, and some answers were not used.
  expect(frame).toBeGreaterThan(results)
  expect(stand.report.counters.duplicates).toBeGreaterThan(0)
})
