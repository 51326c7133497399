/** The dialling link as a table of steps, its ladders, and that no order of events makes it give up. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ceilingMs,
  type KeepEffect,
  type KeepEvent,
  type KeepState,
  type Ladder,
  step,
  stopped,
} from '../../../src/main/io/keep-open.ts'

const now = { at: 1_000_000, monotonic: 50_000, random: 0.5 }
const opening: KeepState = { link: { is: 'opening', attempt: 1 }, attempt: 1, troubleAt: null }
const greeting: KeepState = { ...opening, link: { is: 'greeting' } }
const live: KeepState = { link: { is: 'live', since: 1 }, attempt: 0, troubleAt: null }
const silent: KeepState = { ...live, link: { is: 'silent', since: 1 } }
const waiting: KeepState = {
  link: { is: 'waiting', retryAt: 1, attempt: 3, reason: 'x' },
  attempt: 3,
  troubleAt: 40_000,
}
const refused: KeepState = { ...waiting, link: { is: 'refused', reason: 'no' } }

const open: KeepEffect = { do: 'open' }
const close: KeepEffect = { do: 'close' }
const cancel: KeepEffect = { do: 'cancel-wait' }
const half: KeepEffect = { do: 'wait', delayMs: 500 }

const table: readonly (readonly [string, KeepState, KeepEvent, string, readonly KeepEffect[]])[] = [
  ['start opens', stopped, { type: 'start' }, 'opening', [open]],
  ['start twice is once', live, { type: 'start' }, 'live', []],
  ['an open socket is only a greeting', opening, { type: 'opened' }, 'greeting', []],
  ['something useful makes it live', greeting, { type: 'useful' }, 'live', []],
  ['a socket that says nothing is silent', greeting, { type: 'quiet' }, 'silent', []],
  ['live, then nothing: silent', live, { type: 'quiet' }, 'silent', []],
  ['silent, then something: live', silent, { type: 'useful' }, 'live', []],
  ['failed to open: wait', opening, { type: 'lost', reason: 'x' }, 'waiting', [half]],
  ['lost while live: wait', live, { type: 'lost', reason: 'x' }, 'waiting', [half]],
  ['lost while waiting changes nothing', waiting, { type: 'lost', reason: 'x' }, 'waiting', []],
  ['the wait is over', waiting, { type: 'due' }, 'opening', [open]],
  ['a late timer after success changes nothing', live, { type: 'due' }, 'live', []],
  ['retry does not wait', waiting, { type: 'retry' }, 'opening', [cancel, open]],
  ['retry replaces a silent socket', silent, { type: 'retry' }, 'opening', [close, open]],
  ['refused stays until somebody asks', refused, { type: 'due' }, 'refused', []],
  ['refused, asked', refused, { type: 'retry' }, 'opening', [open]],
  ['a refusal closes', greeting, { type: 'refused', reason: 'no' }, 'refused', [close]],
  ['stop from anywhere', waiting, { type: 'stop' }, 'stopped', [cancel, close]],
]

test.each(table)('%s', (_name, state, event, is, effects) => {
  const next = step(state, event, 'lan', now)
  expect(next.state.link.is).toBe(is)
  expect(next.effects).toEqual(effects)
})

test('the ladders climb as written', () => {
  const lan = [0, 299_999, 300_000, 3_599_999, 3_600_000, 1e9].map((trouble) => ceilingMs('lan', 9, trouble))
  expect(lan).toEqual([1000, 1000, 5000, 5000, 30_000, 30_000])
  const steps = Array.from({ length: 12 }, (_, index) => ceilingMs('document', index + 1, 0) / 1000)
  expect(steps).toEqual([1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 1800, 1800])
  expect(ceilingMs('steady-5s', 40, 1e9)).toBe(5000)
})

test('a peer that accepts and drops keeps climbing', () => {
  let state: KeepState = step(stopped, { type: 'start' }, 'document', now).state
  const delays: number[] = []
  for (let round = 0; round < 5; round += 1) {
    state = step(state, { type: 'opened' }, 'document', now).state
    const dropped = step(state, { type: 'lost', reason: 'dropped' }, 'document', { ...now, random: 1 })
    delays.push(...dropped.effects.flatMap((effect) => (effect.do === 'wait' ? [effect.delayMs] : [])))
    state = step(dropped.state, { type: 'due' }, 'document', now).state
  }
  expect(delays).toEqual([1000, 2000, 5000, 10_000, 30_000])
})

const event = fc.constantFrom<KeepEvent>(
  { type: 'start' },
  { type: 'opened' },
  { type: 'useful' },
  { type: 'quiet' },
  { type: 'lost', reason: 'x' },
  { type: 'due' },
  { type: 'retry' },
)

test('whatever happens, a link that was started is open, opening, or has a timer', () => {
  const ladder = fc.constantFrom<Ladder>('lan', 'steady-5s', 'document')
  fc.assert(
    fc.property(
      ladder,
      fc.array(event, { maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (l, events, random) => {
        let state = step(stopped, { type: 'start' }, l, now).state
        let timers = 0
        for (const one of events) {
          if (one.type === 'due') timers = 0
          const next = step(state, one, l, { ...now, random })
          for (const effect of next.effects) {
            if (effect.do === 'wait') {
              timers += 1
              expect(effect.delayMs).toBeGreaterThanOrEqual(50)
            }
            if (effect.do === 'cancel-wait') timers = 0
          }
          state = next.state
          expect(state.link.is === 'waiting' ? timers : 1).toBe(1)
        }
      },
    ),
  )
})
