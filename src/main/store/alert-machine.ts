/** The ISA-18.2 state machine of one alert, pure: what may happen in which state, and what the alert is afterwards. */
import type { Alert, AlertState, Transition } from '../../contract/alerts.ts'
import { Fault, never } from '../../contract/fault.ts'
import type { Act } from './store.ts'

/** `under` is the state a shelved alert returns to; null for every alert that is not shelved. */
export interface Standing {
  readonly alert: Alert
  readonly under: AlertState | null
}

export type Clearing = { readonly kind: 'clear'; readonly at: number; readonly note: string | null }
export type Step = Omit<Transition, 'seq'>

/** The transition an act or a clearing makes, or a Fault that says why not and what to do instead. */
export function transitionFor(standing: Standing, act: Act | Clearing): Step | Fault {
  const { alert } = standing
  switch (act.kind) {
    case 'acknowledge':
      if (alert.state === 'unacknowledged-active') return step(alert, act, 'acknowledged-active')
      if (alert.state === 'unacknowledged-cleared') return step(alert, act, 'cleared')
      return cannotAcknowledge(alert)
    case 'silence':
      if (hasEnded(alert.state)) return wrongState(`This alert is ${words(alert.state)}; it makes no sound.`)
      return step(alert, act, alert.state)
    case 'shelve':
      if (act.until <= act.at) {
        return new Fault('bad-input', 'The shelf would end before it begins.', 'Choose a later time.')
      }
      if (hasEnded(alert.state) || alert.state === 'out-of-service') {
        return wrongState(`This alert is ${words(alert.state)}; there is nothing to shelve.`)
      }
      return step(alert, act, 'shelved')
    case 'unshelve':
      if (alert.state !== 'shelved')
        return wrongState('This alert is not shelved.', 'It may have run out already.')
      return step(alert, act, standing.under ?? 'unacknowledged-active')
    case 'close':
      return close(alert, act)
    case 'note':
      return step(alert, act, alert.state)
    case 'clear':
      return clear(standing, act)
    default:
      return never(act, 'act')
  }
}

/** The alert after the transition, and what lies under its shelf. */
export function applyTransition(standing: Standing, transition: Step): Standing {
  const { alert } = standing
  const after = { ...alert, state: transition.to }
  const { at, by, note } = transition
  switch (transition.kind) {
    case 'raise':
      return { alert: after, under: null }
    case 'acknowledge':
      return {
        alert: { ...after, acknowledgedAt: at, acknowledgedBy: by, note: note ?? alert.note },
        under: null,
      }
    case 'silence':
      return { alert: { ...after, silencedAt: at }, under: standing.under }
    case 'shelve':
      return {
        alert: { ...after, shelvedUntil: transition.until, note: note ?? alert.note },
        under: standing.under ?? alert.state,
      }
    case 'unshelve':
      return { alert: { ...after, shelvedUntil: null }, under: null }
    case 'clear':
      return { alert: { ...after, clearedAt: at }, under: clearedUnder(standing.under) }
    case 'close':
      return {
        alert: { ...after, disposition: transition.disposition, note: note ?? alert.note },
        under: null,
      }
    case 'note':
      return { alert: { ...after, note: note ?? alert.note }, under: standing.under }
    default:
      return never(transition.kind, 'transition')
  }
}

/** The alert as it was after the last of `transitions`: its first ones, ascending. Counters stay as they are now. */
export function replay(alert: Alert, transitions: readonly Step[]): Alert {
  let standing: Standing = {
    alert: {
      ...alert,
      silencedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      clearedAt: null,
      shelvedUntil: null,
      disposition: null,
      note: null,
    },
    under: null,
  }
  for (const transition of transitions) standing = applyTransition(standing, transition)
  return standing.alert
}

function clear({ alert, under }: Standing, act: Clearing): Step | Fault {
  switch (alert.state) {
    case 'unacknowledged-active':
      return step(alert, act, 'unacknowledged-cleared')
    case 'acknowledged-active':
    case 'out-of-service':
      return step(alert, act, 'cleared')
    case 'shelved':
      if (under !== clearedUnder(under)) return step(alert, act, 'shelved')
      return wrongState('The source has already returned to normal.')
    case 'unacknowledged-cleared':
    case 'cleared':
    case 'suppressed-by-design':
      return wrongState(`This alert is ${words(alert.state)}.`)
    default:
      return never(alert.state, 'alert state')
  }
}

function clearedUnder(under: AlertState | null): AlertState | null {
  if (under === 'unacknowledged-active') return 'unacknowledged-cleared'
  if (under === 'acknowledged-active') return 'cleared'
  return under
}

function close(alert: Alert, act: Extract<Act, { kind: 'close' }>): Step | Fault {
  switch (alert.state) {
    case 'acknowledged-active':
    case 'suppressed-by-design':
    case 'out-of-service':
      return step(alert, act, 'cleared')
    case 'cleared':
      // Acknowledged and back to normal: it ended by itself, a person may still say what it was.
      if (alert.disposition === null) return step(alert, act, 'cleared')
      return wrongState(`This alert is closed already, as “${alert.disposition}”.`)
    case 'unacknowledged-active':
    case 'unacknowledged-cleared':
      return wrongState('This alert is not acknowledged yet.', 'Acknowledge it first, then close it.')
    case 'shelved':
      return wrongState('This alert is shelved.', 'Take it off the shelf first.')
    default:
      return never(alert.state, 'alert state')
  }
}

function cannotAcknowledge(alert: Alert): Fault {
  if (alert.acknowledgedAt !== null && alert.acknowledgedBy !== null) {
    const at = new Date(alert.acknowledgedAt).toISOString()
    return wrongState(`Already acknowledged by ${alert.acknowledgedBy} at ${at}.`, 'Nothing more is needed.')
  }
  if (alert.state === 'shelved') return wrongState('This alert is shelved.', 'Take it off the shelf first.')
  return wrongState(`This alert is ${words(alert.state)}; it needs no acknowledgement.`)
}

function step(alert: Alert, act: Act | Clearing, to: AlertState): Step {
  return {
    alert: alert.id,
    kind: act.kind,
    from: alert.state,
    to,
    at: act.at,
    by: act.kind === 'clear' ? 'source' : act.by,
    note: 'note' in act ? act.note : null,
    until: act.kind === 'shelve' ? act.until : null,
    disposition: act.kind === 'close' ? act.disposition : null,
  }
}

function hasEnded(state: AlertState): boolean {
  return state === 'cleared' || state === 'suppressed-by-design'
}

function words(state: AlertState): string {
  return state.replaceAll('-', ' ')
}

function wrongState(message: string, tip = ''): Fault {
  return new Fault('wrong-state', message, tip)
}
