/** Alerts of conditions: raised once per occurrence after a delay, cleared one by one, found again after a restart. */
import type { Alert, AlertKind, Priority } from '../../contract/alerts.ts'
import { DeviceId } from '../../contract/devices.ts'
import type { LinkId } from '../../contract/links.ts'
import type { AlertRaised } from '../fact.ts'
import type { DeskParts } from './parts.ts'

type Parts = Pick<DeskParts, 'clock' | 'log' | 'ingest'>

/** One condition as it is now, and what its alert would say. */
export interface Alarm {
  /** Unique, and the same whenever the condition comes again. Begins the alert's source id. */
  readonly key: string
  readonly is: boolean | null
  readonly onDelayMs: number
  readonly offDelayMs: number
  readonly source: LinkId
  readonly kind: AlertKind
  readonly priority: Priority
  /** The vehicle's name, or null: the link's own. */
  readonly device: string | null
  readonly text: string
}

interface State {
  /** Monotonic: since when it has been otherwise than its alert says. */
  since: number | null
  alert: {
    readonly sourceId: string
    readonly source: LinkId
    readonly kind: AlertKind
    readonly device: DeviceId | null
  } | null
  /** Resolves when the alert's raising is over, with whether it is stored. */
  stored: Promise<boolean>
  /** Monotonic: not tried again before. */
  retryAt: number
}

/** The store is in trouble, which it says itself. */
const retryMs = 5000

export class Alarms {
  readonly #parts: Parts
  readonly #states = new Map<string, State>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** An open alert from before the restart. */
  adopt(key: string, { sourceId, source, kind, device }: Alert): void {
    this.#states.set(key, { ...blank(), alert: { sourceId, source, kind, device } })
  }

  isRaised(key: string): boolean {
    return this.#states.get(key)?.alert != null
  }

  /** Keys of what is raised, with the source of each. */
  *raised(): Iterable<{ readonly key: string; readonly source: LinkId }> {
    for (const [key, { alert }] of this.#states) if (alert !== null) yield { key, source: alert.source }
  }

  step(alarm: Alarm): void {
    const state = this.#states.get(alarm.key) ?? blank()
    const isRaised = state.alert !== null
    // Nothing is known of it: its alert stays as it is, and a delay begins again.
    if (alarm.is === null || alarm.is === isRaised) {
      state.since = null
      if (!isRaised) this.#states.delete(alarm.key)
      return
    }
    this.#states.set(alarm.key, state)
    const mono = this.#parts.clock.monotonic()
    state.since ??= mono
    const lasted = mono - state.since
    if (lasted < (alarm.is ? alarm.onDelayMs : alarm.offDelayMs)) return
    if (!alarm.is) this.clear(alarm.key, 'it is over')
    else if (mono >= state.retryAt) this.#raise(alarm, state, lasted)
  }

  clear(key: string, why: string): void {
    const state = this.#states.get(key)
    if (state?.alert == null) return
    const { alert, stored } = state
    this.#states.delete(key)
    const at = this.#parts.clock.now()
    void stored.then((isStored) => {
      if (isStored) this.#parts.ingest.tell({ type: 'alert-cleared', ...alert, at, note: why })
    })
  }

  /** Resolves when what was raised is stored. */
  async close(): Promise<void> {
    await Promise.all([...this.#states.values()].map(({ stored }) => stored))
  }

  #raise(alarm: Alarm, state: State, lasted: number): void {
    const { clock, log, ingest } = this.#parts
    const now = clock.now()
    const raisedAt = Math.round(now - lasted)
    const device = alarm.device === null ? null : DeviceId.parse(alarm.device)
    const sourceId = `${alarm.key}:${raisedAt}`
    const { source, kind, priority, text } = alarm
    const fact: AlertRaised = {
      type: 'alert-raised',
      source,
      sourceId,
      kind,
      priority,
      device,
      deviceName: alarm.device,
      group: null,
      location: null,
      text,
      raisedAt,
      receivedAt: now,
      late: false,
      clockSuspect: false,
      blue: null,
      picture: null,
      raw: null,
    }
    const alert = { sourceId, source, kind, device }
    state.alert = alert
    state.since = null
    state.stored = ingest.raise(fact).then(
      () => true,
      (error: unknown) => {
        log.error('vehicle-alert-not-stored', { key: alarm.key, error: String(error) })
        // It is still so, or it is not: the next look tells.
        if (state.alert === alert) state.alert = null
        state.retryAt = clock.monotonic() + retryMs
        return false
      },
    )
  }
}

function blank(): State {
  return { since: null, alert: null, stored: Promise.resolve(true), retryAt: Number.NEGATIVE_INFINITY }
}
