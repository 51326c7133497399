/** The ISA-18.2 machine: every state against every act, and what must hold after any sequence of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOpen } from '../../../src/contract/alert-state.ts'
import { Alert, type AlertState, AlertState as States } from '../../../src/contract/alerts.ts'
import { Fault } from '../../../src/contract/fault.ts'
import {
  applyTransition,
  type Clearing,
  replay,
  type Standing,
  type Step,
  transitionFor,
} from '../../../src/main/store/alert-machine.ts'
import type { Act } from '../../../src/main/store/store.ts'
import { alert, id, start } from './scratch.ts'

const { picture: _, raw: __, ...raised } = alert(1)
const fresh: Alert = {
  ...raised,
  seq: 1,
  evidence: null,
  silencedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  ackDelivery: 'none',
  clearedAt: null,
  shelvedUntil: null,
  disposition: null,
  note: null,
  duplicates: 0,
}
const acts = {
  acknowledge: { kind: 'acknowledge', alert: id(1), by: 'Lan', at: start + 1, note: null },
  silence: { kind: 'silence', alert: id(1), by: 'Lan', at: start + 2 },
  shelve: { kind: 'shelve', alert: id(1), by: 'Lan', at: start + 3, until: start + 9999, note: 'works' },
  unshelve: { kind: 'unshelve', alert: id(1), by: 'watchfloor', at: start + 4 },
  close: { kind: 'close', alert: id(1), by: 'Lan', at: start + 5, disposition: 'true', note: null },
  note: { kind: 'note', alert: id(1), by: 'Lan', at: start + 6, note: 'seen on camera 2' },
  clear: { kind: 'clear', at: start + 7, note: null },
} as const satisfies Record<string, Act | Clearing>
type Name = keyof typeof acts

function does(name: Name, state: AlertState, under: AlertState | null = null): AlertState | string {
  const step = transitionFor({ alert: { ...fresh, state }, under }, acts[name])
  return step instanceof Fault ? step.code : step.to
}

const U = 'unacknowledged-active'
const A = 'acknowledged-active'
const R = 'unacknowledged-cleared'
const C = 'cleared'
const S = 'shelved'
const D = 'suppressed-by-design'
const O = 'out-of-service'
const no = 'wrong-state'

describe('alert machine', () => {
  it.each<[AlertState, Record<Name, string>]>([
    [U, { acknowledge: A, silence: U, shelve: S, unshelve: no, close: no, note: U, clear: R }],
    [A, { acknowledge: no, silence: A, shelve: S, unshelve: no, close: C, note: A, clear: C }],
    [R, { acknowledge: C, silence: R, shelve: S, unshelve: no, close: no, note: R, clear: no }],
    [C, { acknowledge: no, silence: no, shelve: no, unshelve: no, close: C, note: C, clear: no }],
    [S, { acknowledge: no, silence: S, shelve: S, unshelve: U, close: no, note: S, clear: S }],
    [D, { acknowledge: no, silence: no, shelve: no, unshelve: no, close: C, note: D, clear: no }],
    [O, { acknowledge: no, silence: O, shelve: no, unshelve: no, close: C, note: O, clear: C }],
  ])('from %s', (state, expected) => {
    for (const [name, to] of Object.entries(expected)) {
      expect([name, does(name as Name, state, state === S ? U : null)]).toEqual([name, to])
    }
  })

  it('says who acknowledged first, and when', () => {
    const once = run([acts.acknowledge])
    const fault = transitionFor(once, { ...acts.acknowledge, by: 'Minh' })
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code: 'wrong-state', message: expect.stringContaining('Lan') })
    expect(fault).toMatchObject({ message: expect.stringContaining('2026-01-15T08:00:00.001Z') })
  })

  it('asks for the acknowledgement before closing', () => {
    expect(transitionFor({ alert: fresh, under: null }, acts.close)).toMatchObject({
      tip: expect.stringContaining('Acknowledge it first'),
    })
  })

  it('refuses a shelf that ends before it begins', () => {
    const fault = transitionFor({ alert: fresh, under: null }, { ...acts.shelve, until: acts.shelve.at })
    expect(fault).toMatchObject({ code: 'bad-input' })
  })

  it.each<[Name[], AlertState]>([
    [['shelve', 'unshelve'], U],
    [['acknowledge', 'shelve', 'unshelve'], A],
    [['shelve', 'clear', 'unshelve'], R],
    [['acknowledge', 'shelve', 'clear', 'unshelve'], C],
    [['clear', 'shelve', 'unshelve', 'acknowledge'], C],
    [['shelve', 'shelve', 'unshelve'], U],
  ])('comes off the shelf as what it has become: %s', (names, state) => {
    expect(run(names.map((name) => acts[name])).alert.state).toBe(state)
  })

  it('holds its promises over any sequence', () => {
    const name = fc.constantFrom<Name[]>(
      'acknowledge',
      'silence',
      'shelve',
      'unshelve',
      'close',
      'note',
      'clear',
    )
    fc.assert(
      fc.property(fc.array(name, { maxLength: 25 }), (names) => {
        let standing: Standing = { alert: fresh, under: null }
        const steps: Step[] = [raiseStep()]
        for (const each of names) {
          const step = transitionFor(standing, acts[each])
          if (step instanceof Fault) continue
          expect(step.from).toBe(standing.alert.state)
          steps.push(step)
          standing = applyTransition(standing, step)
          const { alert: now, under } = standing
          expect(() => Alert.parse(now)).not.toThrow()
          expect(now.state === 'shelved').toBe(under !== null)
          expect(now.state === 'shelved').toBe(now.shelvedUntil !== null)
          // Nothing ends unseen: only an acknowledged alert can be over.
          if (!isOpen(now.state)) expect(now.acknowledgedAt).not.toBeNull()
          if (now.disposition !== null) expect(now.state).toBe('cleared')
          expect(replay(standing.alert, steps)).toEqual(now)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('knows every state', () => {
    expect(new Set([U, A, R, C, S, D, O])).toEqual(new Set(States.options))
  })
})

function raiseStep(): Step {
  return {
    alert: fresh.id,
    kind: 'raise',
    from: null,
    to: fresh.state,
    at: start,
    by: 'source',
    note: null,
    until: null,
    disposition: null,
  }
}

function run(sequence: readonly (Act | Clearing)[]): Standing {
  return sequence.reduce<Standing>(
    (standing, act) => {
      const step = transitionFor(standing, act)
      if (step instanceof Fault) throw step
      return applyTransition(standing, step)
    },
    { alert: fresh, under: null },
  )
}
