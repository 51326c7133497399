/**
 * STOP REQUEST against links and vehicles that do anything at any time. Whatever happens: nothing is called confirmed without a
 * report of ESTOP that was received after the request, nothing is sent once it has ended, nothing that is sent outlives its deadline.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LinkId } from '../../../src/contract/links.ts'
import type { StopRequest } from '../../../src/contract/vehicles.ts'
import { createDispatch } from '../../../src/main/dispatch.ts'
import type { RunningLink } from '../../../src/main/link.ts'
import { createLive } from '../../../src/main/live/live.ts'
import { silentLog } from '../../../src/main/log.ts'
import type { Delivery, RequestStop } from '../../../src/main/order.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { StopRequests } from '../../../src/main/vehicles/stop-requests.ts'
import { attemptMs, hungAfterMs } from '../../../src/main/vehicles/stop-try.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { clientProfile, fakeLink, oht, reading, report, vehicleLinkRow } from './stand.ts'

const links = ['a', 'b', 'c'].map((id) => LinkId.parse(id))

const answers = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      after: fc.integer({ min: 0, max: 900 }),
      is: fc.constantFrom('delivered', 'refused', 'unreachable', 'throws'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ after: 0, is: 'never' as const }) },
)
const steps = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3000 }) }),
  },
  fc.record({
    do: fc.constant('report' as const),
    link: fc.nat(2),
    state: fc.constantFrom('MOVE', 'ESTOP', 'FAULT'),
    ageMs: fc.constantFrom(0, 0, 0, 1, 400, 5000),
    can: fc.boolean(),
  }),
  fc.record({ do: fc.constant('chain' as const), link: fc.nat(2), ageMs: fc.constantFrom(0, 400) }),
  fc.record({ do: fc.constant('link' as const), link: fc.nat(2), is: fc.constantFrom('live', 'silent') }),
  fc.constant({ do: 'request' as const }),
  fc.constant({ do: 'release' as const }),
)

const seen = { runs: 0, sent: 0, confirmed: 0, released: 0, notConfirmed: 0, hung: 0, oldIgnored: 0 }

it('never claims, never sends, more than is true', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { minLength: 4, maxLength: 40 }),
      fc.array(answers, { minLength: 1, maxLength: 12 }),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      run,
    ),
    { numRuns: 1500 },
  )
  // Each of the things that could go wrong was really tried.
  expect(Object.entries(seen).filter(([, times]) => times < 20)).toEqual([])
})

async function run(
  plan: readonly (typeof steps extends fc.Arbitrary<infer S> ? S : never)[],
  script: readonly (typeof answers extends fc.Arbitrary<infer A> ? A : never)[],
  capable: readonly boolean[],
): Promise<void> {
  seen.runs++
  const clock = new HandClock()
  const live = createLive({ clock, refillAlerts: async () => [], sourceOf: () => undefined })
  const running = new Map<LinkId, RunningLink>()
  const store = { addTimeline: async () => {} } as unknown as Store
  const dispatch = createDispatch({
    store,
    clock,
    log: silentLog,
    link: (id) => running.get(id),
    isUp: (id) => live.links.get(id)?.state.is === 'live',
    parked() {},
  })
  const open = new Set<string>()
  const ingest = {
    async raise({ sourceId }: { sourceId: string }) {
      open.add(sourceId)
      return { seq: 1, duplicate: false }
    },
    tell(fact: { type: string; sourceId?: string }) {
      if (fact.type === 'alert-cleared') open.delete(fact.sourceId ?? '')
    },
  }
  const stops = new StopRequests({ store, live, clock, log: silentLog, ingest, dispatch })
  const rows = new Map<string, StopRequest>()
  /** The proof so far that the vehicle stands, by its newest reading: when it was received. */
  let provenAt = Number.NEGATIVE_INFINITY
  let turn = 0
  let asking = false
  let request = 0
  // Gathered, as what a link throws is only one more word of that link.
  const wrong: string[] = []
  const must = (isSo: boolean, otherwise: string): void => {
    if (!isSo) wrong.push(otherwise)
  }

  stops.rows.subscribe((changes) => {
    for (const change of changes) {
      if (!('row' in change)) continue
      const { row } = change
      const before = rows.get(row.id)
      rows.set(row.id, row)
      if (row.state === 'confirmed' && before?.state !== 'confirmed') {
        must(provenAt > row.requestedAt, 'confirmed without a report after it')
        seen.confirmed++
      }
      if (before?.isTrying === false)
        must(!row.isTrying && row.state === before.state, `${before.state} became ${row.state}`)
      must(row.state !== 'accepted' || row.acceptedAt !== null, 'accepted by nobody')
    }
  })

  links.forEach((id, n) => {
    live.links.set(vehicleLinkRow(clientProfile(id)))
    let last = { request: 0, startedAt: Number.NEGATIVE_INFINITY, isUnderWay: false }
    running.set(
      id,
      fakeLink(async (order) => {
        const { deadlineAt } = order as RequestStop
        const isTrying = [...rows.values()].some((row) => row.isTrying)
        // A row is shown when it has been sent for the first time.
        must(isTrying || asking, 'sent though nothing was asked for')
        must(clock.now() < deadlineAt, 'sent after its deadline')
        must(deadlineAt - clock.now() <= attemptMs, 'a deadline too far off')
        const sinceLast = clock.monotonic() - last.startedAt
        if (request === last.request) {
          must(sinceLast >= attemptMs, 'sent too soon')
          must(!last.isUnderWay || sinceLast >= hungAfterMs, 'sent while the last one was under way')
          if (last.isUnderWay) seen.hung++
        }
        seen.sent++
        const mine = { request, startedAt: clock.monotonic(), isUnderWay: true }
        last = mine
        const answer = script[turn++ % script.length]
        return new Promise<Delivery>((resolve, reject) => {
          if (answer === undefined || answer.is === 'never') return
          clock.after(answer.after, () => {
            mine.isUnderWay = false
            if (answer.is === 'throws') reject(new Error('broken'))
            else if (answer.is === 'delivered') resolve({ is: 'delivered', roundTripMs: answer.after })
            else
              resolve({
                is: answer.is === 'refused' ? 'refused' : 'unreachable',
                reason: `said ${answer.is}`,
              })
          })
        })
      }),
    )
    if (capable[n]) live.vehicles.set(report(id, { state: reading('MOVE', clock.now()) }))
  })

  for (const step of plan) {
    switch (step.do) {
      case 'wait':
        for (let left = step.ms; left > 0; left -= 50) {
          clock.advance(Math.min(50, left))
          await new Promise((resolve) => setImmediate(resolve))
        }
        break
      case 'report': {
        const link = links[step.link] as LinkId
        const at = clock.now() - step.ageMs
        const trying = [...rows.values()].find(({ isTrying }) => isTrying)
        if (step.state === 'ESTOP') {
          provenAt = Math.max(provenAt, at)
          if (trying !== undefined && at <= trying.requestedAt) seen.oldIgnored++
        }
        live.vehicles.set(
          report(
            link,
            { state: reading(step.state, at) },
            { source: 'vehicle', ...(step.can ? {} : { can: [] }) },
          ),
        )
        break
      }
      case 'chain': {
        const at = clock.now() - step.ageMs
        provenAt = Math.max(provenAt, at)
        live.vehicles.set(
          report(links[step.link] as LinkId, { estop: reading(true, at) }, { source: 'vehicle' }),
        )
        break
      }
      case 'link':
        live.links.set(vehicleLinkRow(clientProfile(links[step.link]), step.is))
        break
      case 'request':
        asking = true
        if (![...rows.values()].some(({ isTrying }) => isTrying)) request++
        stops.request(oht, 'Linh')
        asking = false
        break
      case 'release':
        for (const { id, isTrying } of rows.values()) {
          if (!isTrying) continue
          stops.release(id, 'Linh')
          seen.released++
        }
        break
    }
  }
  for (const { state, isTrying } of rows.values())
    if (isTrying && state === 'not-confirmed') seen.notConfirmed++
  // One alert for each that is loud now, none for what has ended.
  await new Promise((resolve) => setImmediate(resolve))
  const loud = [...rows.values()].filter(({ state, isTrying }) => isTrying && state === 'not-confirmed')
  expect([...open].sort()).toEqual(loud.map(({ id }) => `stop:${id}`).sort())
  expect(wrong).toEqual([])
  await stops.close()
  await dispatch.close()
}
