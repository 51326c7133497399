/** Which acts an alert offers, and when a note is asked for. The app's own rules decide; the buttons may not promise more. */
import { describe, expect, test } from 'vitest'
import type { Alert, AlertState, Priority } from '../../../../src/contract/alerts.ts'
import type { Site } from '../../../../src/contract/site.ts'
import { transitionFor } from '../../../../src/main/store/alert-machine.ts'
import type { Act as StoreAct } from '../../../../src/main/store/store.ts'
import { type Act, allowedActs, needsNote } from '../../../../src/renderer/features/alerts/alert-acts.ts'
import { makeAlert } from '../history/make-alert.ts'

const states: readonly AlertState[] = [
  'unacknowledged-active',
  'acknowledged-active',
  'unacknowledged-cleared',
  'cleared',
  'shelved',
  'suppressed-by-design',
  'out-of-service',
]

function asked(act: Act, alert: Alert): StoreAct {
  const who = { alert: alert.id, by: 'Linh', at: 10 }
  switch (act) {
    case 'acknowledge':
      return { ...who, kind: act, note: null }
    case 'shelve':
      return { ...who, kind: act, until: 20, note: 'why' }
    case 'close':
      return { ...who, kind: act, disposition: 'true', note: null }
    case 'note':
      return { ...who, kind: act, note: 'seen' }
    case 'silence':
    case 'unshelve':
      return { ...who, kind: act }
  }
}

describe.each(states)('an alert that is %s', (state) => {
  const alert = makeAlert(1, 1, { state, late: false })

  test('offers only what the app accepts', () => {
    for (const act of allowedActs(alert)) {
      expect(transitionFor({ alert, under: null }, asked(act, alert)), act).not.toBeInstanceOf(Error)
    }
  })

  test('can be noted', () => {
    expect(allowedActs(alert).has('note')).toBe(true)
  })
})

test('silence is not offered twice, nor for a late alert, which makes no sound', () => {
  expect(allowedActs(makeAlert(1, 1)).has('silence')).toBe(true)
  expect(allowedActs(makeAlert(1, 1, { silencedAt: 5 })).has('silence')).toBe(false)
  expect(allowedActs(makeAlert(1, 1, { late: true })).has('silence')).toBe(false)
})

const rules: readonly (readonly [Site['notePriority'], Priority, boolean])[] = [
  ['none', 'critical', false],
  ['critical', 'critical', true],
  ['critical', 'high', false],
  ['high', 'critical', true],
  ['high', 'high', true],
  ['high', 'medium', false],
]

test.each(rules)('the rule %s asks for a note on %s: %s', (notePriority, priority, expected) => {
  const site: Site = {
    version: '0',
    role: 'operator',
    user: 'Linh',
    shell: 'node',
    siteName: '',
    timeZone: 'UTC',
    language: 'en',
    sound: true,
    notePriority,
    firstRun: false,
    demoAvailable: false,
  }
  expect(needsNote(makeAlert(1, 1, { priority }), site)).toBe(expected)
})
