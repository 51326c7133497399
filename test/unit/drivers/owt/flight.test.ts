/** Which answer belongs to which picture: whatever arrives, in whatever order, no result becomes another picture's. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerWithinMs, Flight, type Mark } from '../../../../src/main/drivers/owt/flight.ts'

/** A server as it may be: it knows which picture each of its answers is truly about. */
interface Owed {
  readonly of: number
  readonly frameId: string | null
  readonly mark: Mark
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('fail' as const), which: fc.nat(20), isNamed: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('foreign' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 9000 }) }),
  },
)

test.each([
  ['ids that are told back', true, true],
  ['ids that are not told back', true, false],
  ['a form without ids', false, false],
])('%s: any latency, order, loss, repeat or error maps no result to another picture', (_, hasIds, echoes) => {
  let settled = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 160, size: 'max' }), (steps) => {
      const flight = new Flight<number>()
      let sockets = 0
      let now = 0
      let sent = 0
      let owed: Owed[] = []
      let said: Owed[] = []
      const done = new Set<number>()
      const renew = () => {
        sockets += 1
        // What the server still owes was owed on the socket that is gone.
        owed = []
        said = []
        for (const lost of flight.begin(hasIds)) expect(done.has(lost)).toBe(false)
      }
      const hear = (answer: Owed) => {
        flight.expire(now)
        const landing = flight.land(answer.frameId, now, answer.mark)
        if (landing.is === 'answer') {
          expect(landing.picture).toBe(answer.of)
          expect(done.has(landing.picture)).toBe(false)
          expect(landing.tookMs).toBeLessThan(answerWithinMs)
          done.add(landing.picture)
          settled += 1
        }
      }
      renew()
      for (const each of steps) {
        if (flight.isBroken) renew()
        switch (each.do) {
          case 'send': {
            const hadRoom = flight.room > 0
            const frameId = `f${sent}`
            expect(flight.add(frameId, sent, now)).toBe(hadRoom)
            if (hadRoom)
              owed.push({
                of: sent,
                frameId: echoes ? frameId : null,
                mark: { at: sent, digest: `${sockets} ${sent}` },
              })
            sent += 1
            break
          }
          case 'answer': {
            const [answer] = owed.splice(each.which % Math.max(1, owed.length), 1)
            if (answer === undefined) break
            said.push(answer)
            hear(answer)
            break
          }
          case 'lose':
            owed.splice(each.which % Math.max(1, owed.length), 1)
            break
          case 'repeat': {
            const again = said[each.which % Math.max(1, said.length)]
            if (again !== undefined) hear(again)
            break
          }
          case 'fail': {
            const about = owed[each.which % Math.max(1, owed.length)]
            flight.expire(now)
            flight.fail(each.isNamed && echoes ? (about?.frameId ?? 'nobody') : null)
            break
          }
          case 'foreign':
            // In a form without ids nothing tells an answer nobody asked for; docs/protocols/owt.md says so.
            if (hasIds) hear({ of: -1, frameId: 'a name of its own', mark: { at: sent, digest: 'foreign' } })
            break
          case 'wait':
            now += each.ms
            flight.expire(now)
            break
        }
        expect(flight.size).toBeLessThanOrEqual(4)
      }
    }),
    { numRuns: 300 },
  )
  expect(settled).toBeGreaterThan(1000)
})

test('one picture goes out until an id comes back, then four', () => {
  const flight = new Flight<string>()
  flight.begin(true)
  expect(flight.room).toBe(1)
  flight.add('a', 'A', 0)
  expect(flight.room).toBe(0)
  expect(flight.add('b', 'B', 0)).toBe(false)
  expect(flight.land('a', 12, null)).toEqual({ is: 'answer', picture: 'A', tookMs: 12 })
  expect(flight.room).toBe(4)
})

test('without ids one lost answer ends all trust until a new socket', () => {
  const flight = new Flight<string>()
  flight.begin(false)
  flight.add('a', 'A', 0)
  expect(flight.expire(answerWithinMs - 1)).toEqual([])
  expect(flight.expire(answerWithinMs)).toEqual(['A'])
  expect(flight.room).toBe(0)
  expect(flight.land(null, answerWithinMs + 1, null)).toEqual({ is: 'stray', why: 'unknown' })
  flight.begin(false)
  expect(flight.room).toBe(1)
})

test('with ids a late answer is late, and the others are not touched', () => {
  const flight = new Flight<string>()
  flight.begin(true)
  flight.add('a', 'A', 0)
  flight.land('a', 1, null)
  for (const id of ['b', 'c', 'd', 'e']) flight.add(id, id.toUpperCase(), id === 'b' ? 10 : 4000)
  expect(flight.room).toBe(0)
  expect(flight.expire(5500)).toEqual(['B'])
  expect(flight.room).toBe(1)
  expect(flight.land('b', 5600, null)).toEqual({ is: 'stray', why: 'late' })
  expect(flight.land('e', 5600, null)).toMatchObject({ is: 'answer', picture: 'E' })
  expect(flight.land('e', 5601, null)).toEqual({ is: 'stray', why: 'repeated' })
  expect(flight.land('zzz', 5601, null)).toEqual({ is: 'stray', why: 'unknown' })
  expect(flight.land(null, 5601, null)).toEqual({ is: 'stray', why: 'unknown' })
})

test('an error without an id, where order is all there is, ends the trust', () => {
  const flight = new Flight<string>()
  flight.begin(false)
  expect(flight.fail(null)).toEqual([])
  expect(flight.isBroken).toBe(false)
  flight.add('a', 'A', 0)
  expect(flight.fail(null)).toEqual(['A'])
  expect(flight.isBroken).toBe(true)
})

test('an answer before anything was asked harms nothing; one more than was asked ends the trust', () => {
  const flight = new Flight<string>()
  flight.begin(false)
  expect(flight.land(null, 0, null)).toEqual({ is: 'stray', why: 'unknown' })
  expect(flight.room).toBe(1)
  flight.add('a', 'A', 0)
  flight.land(null, 1, null)
  expect(flight.land(null, 2, null)).toEqual({ is: 'stray', why: 'unknown' })
  expect(flight.room).toBe(0)
})
