/** Alerts of the vehicle and of its backend become ours, and end when their list no longer has them. One the store could not keep is tried again. */
import { createHash } from 'node:crypto'
import type { Alert } from '../../../contract/alerts.ts'
import { priorityOfLevel } from '../../../contract/vehicle-rules.ts'
import type { AlertRaised } from '../../fact.ts'
import type { LinkContext } from '../../link.ts'
import type { Counters } from '../../link-book.ts'
import { hashedId } from '../../order.ts'
import type { VehicleProfile } from './profile.ts'
import type { SaidAlert } from './said.ts'

const againMs = 5000
const mostWaiting = 200
const lateAfterMs = 5 * 60_000
const suspectAfterMs = 60 * 60_000
/** An alert without id and time that is said again within this is the same one. */
const sameWithinMs = 60_000

/** Whose list an alert is on: the lists are told apart, as each is whole only for itself. */
export type AlertList = 'vehicle' | 'backend'

type AlarmContext = Pick<LinkContext<VehicleProfile>, 'profile' | 'clock' | 'log' | 'raise' | 'tell'>

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export class Alarms {
  readonly #context: AlarmContext
  readonly #counters: Counters
  /** Open conditions, and the ids under which they were raised. */
  readonly #open: Record<AlertList, Map<string, string>> = { vehicle: new Map(), backend: new Map() }
  readonly #untimed = new Map<string, number>()
  readonly #waiting: AlertRaised[] = []
  #cancelAgain: (() => void) | null = null
  #closed = false

  constructor(context: AlarmContext, counters: Counters, known: Iterable<Alert>) {
    this.#context = context
    this.#counters = counters
    for (const { source, kind, sourceId } of known) {
      if (source !== context.profile.id || kind !== 'server-alert') continue
      const condition = sourceId.slice(0, sourceId.lastIndexOf('@'))
      for (const list of ['vehicle', 'backend'] as const)
        if (sourceId.startsWith(`${list}:`)) this.#open[list].set(condition, sourceId)
    }
  }

  /** All of a list that are open. */
  list(list: AlertList, alerts: readonly SaidAlert[]): void {
    const before = this.#open[list]
    const open = new Map<string, string>()
    for (const alert of alerts) {
      const condition = conditionOf(list, alert)
      if (open.has(condition)) continue
      const sourceId = before.get(condition) ?? `${condition}@${alert.at ?? this.#context.clock.now()}`
      open.set(condition, sourceId)
      if (!before.has(condition)) this.#raise(sourceId, alert)
    }
    this.#open[list] = open
    for (const [condition, sourceId] of before) if (!open.has(condition)) this.#clear(list, sourceId)
  }

  #clear(list: AlertList, sourceId: string): void {
    this.#context.tell({
      type: 'alert-cleared',
      source: this.#context.profile.id,
      kind: 'server-alert',
      device: null,
      sourceId,
      at: this.#context.clock.now(),
      note: `no longer among the ${list}'s open alerts`,
    })
  }

  /** One, as it happens; nothing says when it is over. */
  one(list: AlertList, alert: SaidAlert): void {
    const condition = conditionOf(list, alert)
    if (alert.id === null && alert.at === null) {
      const now = this.#context.clock.monotonic()
      for (const [key, at] of this.#untimed) if (now - at > sameWithinMs) this.#untimed.delete(key)
      const isSame = this.#untimed.has(condition)
      this.#untimed.set(condition, now)
      if (isSame) {
        this.#counters.duplicates += 1
        return
      }
    }
    if (this.#open[list].has(condition)) return
    const { level, text, at } = alert
    const told = JSON.stringify([level, text, at ?? this.#context.clock.now()])
    this.#raise(alert.id === null ? `${hashedId}${digest(told)}` : `${condition}@${at ?? ''}`, alert)
  }

  #raise(sourceId: string, { level, text, at }: SaidAlert): void {
    const { profile, clock } = this.#context
    const now = clock.now()
    const ageMs = at === null ? 0 : now - at
    void this.#keep({
      type: 'alert-raised',
      source: profile.id,
      sourceId,
      kind: 'server-alert',
      priority: priorityOfLevel[level],
      device: null,
      deviceName: profile.vehicle,
      group: null,
      location: null,
      text,
      raisedAt: at ?? now,
      receivedAt: now,
      late: ageMs > lateAfterMs,
      clockSuspect: Math.abs(ageMs) > suspectAfterMs,
      blue: null,
      picture: null,
      raw: null,
    })
  }

  async #keep(fact: AlertRaised): Promise<void> {
    const context = this.#context
    const counters = this.#counters
    try {
      const stored = await context.raise(fact)
      if (stored.duplicate) counters.duplicates += 1
      else {
        counters.alertsStored += 1
        if (fact.late) counters.lateAlerts += 1
      }
    } catch (error) {
      context.log.error('alert-not-stored', { link: context.profile.id, error: String(error) })
      if (this.#closed) return
      this.#waiting.push(fact)
      if (this.#waiting.length > mostWaiting) this.#waiting.shift()
      this.#cancelAgain ??= context.clock.after(againMs, () => {
        this.#cancelAgain = null
        for (const one of this.#waiting.splice(0)) void this.#keep(one)
      })
    }
  }

  close(): void {
    this.#closed = true
    this.#cancelAgain?.()
  }
}

/** The same alert at another level is another condition: it must be seen and heard again. */
function conditionOf(list: AlertList, { id, level, text }: SaidAlert): string {
  const key = id !== null && id.length <= 90 ? id : digest(id ?? text).slice(0, 40)
  return `${list}:${key}:${level}`
}
