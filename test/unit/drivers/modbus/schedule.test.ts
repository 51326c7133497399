/** Who is read next on a bus that carries one request at a time. That safety never starves is shown in starving.test.ts, with the master. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Job, Schedule } from '../../../../src/main/drivers/modbus/schedule.ts'

interface Timed extends Job {
  /** How long the bus is taken by one reading: an answer, or a timeout and what is waited after it. */
  readonly takesMs: number
}

/** Runs it on a bus of its own; tells when each job was begun. */
function run(jobs: readonly Timed[], forMs: number): Map<string, number[]> {
  const schedule = new Schedule<Timed>()
  const begun = new Map<string, number[]>()
  for (const job of jobs) {
    schedule.set(job, 0)
    begun.set(job.key, [])
  }
  let now = 0
  while (now < forMs) {
    const job = schedule.next(now)
    if (job === null) {
      now = Math.max(now, schedule.dueAt)
      continue
    }
    begun.get(job.key)?.push(now)
    now += job.takesMs
    schedule.done(job.key, now)
  }
  return begun
}

function widest(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((at, n) => at - (times[n] ?? 0)))
}

const safety: Timed = { key: '3/main', unit: 3, everyMs: 500, takesMs: 8 }
const others = fc.array(
  fc.record({
    everyMs: fc.constantFrom(20, 50, 200, 1000, 5000, 30_000),
    takesMs: fc.integer({ min: 1, max: 600 }),
  }),
  { maxLength: 12 },
)

describe('the schedule of a bus', () => {
  test('keeps every deadline of a bus that has room for all', () => {
    fc.assert(
      fc.property(others, (rest) => {
        const jobs = rest.map((job, n): Timed => ({ ...job, key: `${n}/x`, unit: 10 + n }))
        // Work that cannot be interrupted: nobody may take longer than the most impatient can wait.
        const load = jobs.reduce((sum, { takesMs, everyMs }) => sum + takesMs / everyMs, 0)
        const longest = Math.max(0, ...jobs.map(({ takesMs }) => takesMs))
        fc.pre(load <= 0.5 && jobs.every(({ everyMs }) => 2 * longest <= everyMs))
        for (const [key, times] of run(jobs, 60_000)) {
          const everyMs = jobs.find((job) => job.key === key)?.everyMs ?? 0
          for (const [round, at] of times.entries()) expect(at).toBeLessThan((round + 1) * everyMs)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('lets nobody starve on a bus that is too busy: the slowest reading comes too', () => {
    const greedy: Timed = { key: '5/main', unit: 5, everyMs: 50, takesMs: 60 }
    const slow: Timed = { key: '2/slow', unit: 2, everyMs: 5000, takesMs: 60 }
    const look: Timed = { key: '7/identity', unit: 7, everyMs: 10_000, takesMs: 600 }
    const begun = run([safety, greedy, slow, look], 120_000)
    expect(widest(begun.get(slow.key) ?? [])).toBeLessThan(10_000)
    expect(begun.get(look.key)?.length).toBeGreaterThan(8)
  })

  test('keeps the pace when it can, and does not make up for what was missed', () => {
    const idle = run([safety], 5100).get(safety.key) ?? []
    expect(idle).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000])
    const schedule = new Schedule<Timed>()
    schedule.set(safety, 0)
    schedule.done(safety.key, 10_000)
    expect(schedule.dueAt).toBe(10_000)
    schedule.done(safety.key, 10_000)
    expect(schedule.dueAt).toBe(10_500)
  })

  test('forgets a unit, and takes a later date', () => {
    const schedule = new Schedule<Timed>()
    schedule.set(safety, 0)
    schedule.putOff(safety.key, 700)
    expect([schedule.next(699), schedule.next(700)?.key]).toEqual([null, '3/main'])
    schedule.removeUnit(3)
    expect([schedule.next(700), schedule.dueAt]).toEqual([null, Number.POSITIVE_INFINITY])
  })
})
