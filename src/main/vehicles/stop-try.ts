/**
 * One STOP REQUEST to one vehicle: sent over every link that can, at once and again and again, until the vehicle itself
 * reports ESTOP or the operator releases it. An answer is only that: nothing but a report received after the request confirms it.
 */
import { randomUUID } from 'node:crypto'
import { DeviceId } from '../../contract/devices.ts'
import type { LinkId } from '../../contract/links.ts'
import type { VehicleName } from '../../contract/vehicle-name.ts'
import type { Reading, StopRequest, VehicleReport } from '../../contract/vehicles.ts'
import type { Dispatch } from '../dispatch.ts'
import type { Clock } from '../io/clock.ts'
import type { Live } from '../live/live.ts'
import { wordsOf } from './parts.ts'

/** An attempt must have left by then; the next one over the same link is that much later, or when the last one has ended. */
export const attemptMs = 500
/** Said loudly when the vehicle has not reported ESTOP by then. */
export const confirmWithinMs = 1000
/** A link that has not answered by then is asked once more: it must not keep a request from being sent. */
export const hungAfterMs = 2000
/** How often is looked for what is due. */
const lookEveryMs = 50
/** Words that change with every attempt would fill the timeline. */
const notedAtMostEveryMs = 10_000

export interface TryParts {
  readonly live: Pick<Live, 'vehicles' | 'links'>
  readonly clock: Clock
  readonly dispatch: Pick<Dispatch, 'now'>
  /** The row as it is now. */
  changed(row: StopRequest): void
  /** For the timeline. */
  note(text: string, link: LinkId | null, by: string | null): void
  /** Time is over without a confirmation; told once. */
  unconfirmed(row: StopRequest): void
  ended(row: StopRequest): void
}

interface Way {
  text: string
  ok: boolean
  /** The attempt that is under way. */
  busy: object | null
  /** Monotonic. */
  dueAt: number
  notedAt: number
  notedOk: boolean | null
  notedText: string
}

export class StopTry {
  readonly #parts: TryParts
  readonly #startedAt: number
  readonly #ways = new Map<LinkId, Way>()
  /** When the readings that were there at the request were received: they prove nothing, whatever the wall clock does. */
  readonly #known = new Set<string>()
  #row: StopRequest
  #stopLooking: () => void = () => {}

  constructor(parts: TryParts, vehicle: VehicleName, by: string) {
    this.#parts = parts
    const { clock, live } = parts
    this.#startedAt = clock.monotonic()
    this.#row = {
      id: randomUUID(),
      vehicle,
      by,
      state: 'requested',
      requestedAt: clock.now(),
      acceptedAt: null,
      confirmedAt: null,
      releasedAt: null,
      isTrying: true,
      attempts: 0,
      ways: [],
    }
    for (const report of live.vehicles.snapshot()) {
      const { state, estop } = report.readings
      for (const reading of [state, estop])
        if (reading !== null) this.#known.add(`${report.link} ${reading.at}`)
    }
  }

  get row(): StopRequest {
    return this.#row
  }

  start(): void {
    this.#stopLooking = this.#parts.clock.every(lookEveryMs, () => this.#look())
    this.#look()
    const names = [...this.#ways.keys()].map((link) => this.#nameOf(link))
    const over = names.length === 0 ? 'no link can pass it on now' : `over ${names.join(', ')}`
    this.#parts.note(`STOP REQUEST to ${this.#row.vehicle} by ${this.#row.by}, ${over}`, null, this.#row.by)
  }

  /** A report of this vehicle has come. */
  heard(report: VehicleReport): void {
    if (!this.#row.isTrying) return
    const { state, estop } = report.readings
    const saysState = state?.value === 'ESTOP' && this.#isNew(report.link, state)
    // A backend only passes on what it was told of the safety chain.
    const saysChain = estop?.value === true && report.source !== 'backend' && this.#isNew(report.link, estop)
    if (saysState || saysChain) this.#confirm(report.link, saysState ? 'ESTOP' : 'its emergency stop')
    else this.#look()
  }

  release(by: string): void {
    if (!this.#row.isTrying) return
    const seen =
      this.#row.state === 'not-confirmed' ? 'the vehicle never reported ESTOP' : 'before it was confirmed'
    this.#end({ state: 'released', releasedAt: this.#parts.clock.now() })
    this.#parts.note(`released by ${by}, ${seen}: no longer sent${this.#times()}`, null, by)
    this.#parts.ended(this.#row)
  }

  /** Watchfloor ends. */
  close(): void {
    this.#stopLooking()
    if (!this.#row.isTrying) return
    this.#row = { ...this.#row, isTrying: false }
    this.#parts.note(`no longer sent, as Watchfloor ends: ESTOP was not reported${this.#times()}`, null, null)
  }

  #look(): void {
    if (!this.#row.isTrying) return
    const { clock } = this.#parts
    for (const link of this.#capable()) {
      const way = this.#ways.get(link) ?? blankWay()
      this.#ways.set(link, way)
      if (way.busy === null && clock.monotonic() >= way.dueAt) this.#attempt(link, way)
    }
    const waited = clock.monotonic() - this.#startedAt
    const isWaiting = this.#row.state === 'requested' || this.#row.state === 'accepted'
    if (isWaiting && waited >= confirmWithinMs) {
      this.#publish({ state: 'not-confirmed' })
      const how = this.#row.ways.map(({ name, text }) => `${name}: ${text}`).join('; ')
      this.#parts.note(`NOT confirmed within ${confirmWithinMs / 1000} s${this.#times()}: ${how}`, null, null)
      this.#parts.unconfirmed(this.#row)
    } else this.#publish({})
  }

  #attempt(link: LinkId, way: Way): void {
    const { clock, dispatch } = this.#parts
    const attempt = {}
    const deadlineAt = clock.now() + attemptMs
    way.busy = attempt
    way.dueAt = clock.monotonic() + attemptMs
    this.#row = { ...this.#row, attempts: this.#row.attempts + 1 }
    const giveUp = clock.after(hungAfterMs, () => {
      if (way.busy === attempt) this.#answered(link, way, `no answer within ${hungAfterMs / 1000} s`, false)
    })
    const done = (text: string, ok: boolean) => {
      giveUp()
      // An answer to an attempt that was given up still counts when it says that the vehicle took it.
      if (ok || way.busy === attempt) this.#answered(link, way, text, ok, attempt)
    }
    const { by, vehicle } = this.#row
    const order = { id: randomUUID(), link, device: DeviceId.parse(vehicle), deadlineAt, by } as const
    dispatch.now({ type: 'request-stop', ...order }).then(
      ({ said }) => done(said === undefined || said === '' ? 'accepted' : `accepted: ${said}`, true),
      (error: unknown) => done(wordsOf(error), false),
    )
  }

  #answered(link: LinkId, way: Way, text: string, ok: boolean, attempt = way.busy): void {
    if (way.busy === attempt) way.busy = null
    way.text = text
    way.ok = ok
    this.#noteWay(link, way)
    const { isTrying, acceptedAt, state } = this.#row
    if (!isTrying || !ok || acceptedAt !== null) this.#publish({})
    else
      this.#publish({
        acceptedAt: this.#parts.clock.now(),
        state: state === 'requested' ? 'accepted' : state,
      })
    this.#look()
  }

  #noteWay(link: LinkId, way: Way): void {
    const now = this.#parts.clock.monotonic()
    const isTooSoon = now - way.notedAt < notedAtMostEveryMs
    if (way.notedOk === way.ok && (way.notedText === way.text || isTooSoon)) return
    way.notedAt = now
    way.notedOk = way.ok
    way.notedText = way.text
    this.#parts.note(`over ${this.#nameOf(link)}: ${way.text}`, link, null)
  }

  #confirm(link: LinkId, what: string): void {
    const { clock } = this.#parts
    const took = ((clock.monotonic() - this.#startedAt) / 1000).toFixed(2)
    this.#end({ state: 'confirmed', confirmedAt: clock.now() })
    const { vehicle } = this.#row
    const text = `confirmed: ${vehicle} reports ${what}, over ${this.#nameOf(link)}, after ${took} s${this.#times()}`
    this.#parts.note(text, link, null)
    this.#parts.ended(this.#row)
  }

  #end(change: Partial<StopRequest>): void {
    this.#stopLooking()
    this.#publish({ ...change, isTrying: false })
  }

  #publish(change: Partial<StopRequest>): void {
    const next = { ...this.#row, ...change, ways: this.#waysNow() }
    if (JSON.stringify(next) === this.#published) return
    this.#row = next
    this.#published = JSON.stringify(next)
    this.#parts.changed(next)
  }
  #published = ''

  #isNew(link: LinkId, { at }: Reading<unknown>): boolean {
    return at > this.#row.requestedAt && !this.#known.has(`${link} ${at}`)
  }

  #reports(): VehicleReport[] {
    return [...this.#parts.live.vehicles.snapshot()].filter(({ vehicle }) => vehicle === this.#row.vehicle)
  }

  #capable(): LinkId[] {
    return this.#reports().flatMap(({ link, can }) => (can.includes('stop-request') ? [link] : []))
  }

  /** Every link that speaks of the vehicle, also those that are of no use now, each with its reason. */
  #waysNow(): StopRequest['ways'] {
    const words = new Map<LinkId, { text: string; ok: boolean }>()
    for (const { id, profile } of this.#parts.live.links.snapshot())
      if ('vehicle' in profile && profile.vehicle === this.#row.vehicle && profile.driver !== 'rplidar')
        words.set(id, {
          text: profile.enabled ? 'has not said anything of the vehicle yet' : 'is switched off',
          ok: false,
        })
    for (const { link, can } of this.#reports())
      words.set(link, {
        text: can.includes('stop-request') ? 'sent, no answer yet' : 'cannot pass a stop request on',
        ok: false,
      })
    for (const [link, { text, ok }] of this.#ways) if (text !== '') words.set(link, { text, ok })
    return [...words].map(([link, way]) => ({ link, name: this.#nameOf(link), ...way }))
  }

  #nameOf(link: LinkId): string {
    return this.#parts.live.links.get(link)?.name ?? link
  }

  #times(): string {
    const { attempts } = this.#row
    return `, sent ${attempts} ${attempts === 1 ? 'time' : 'times'}`
  }
}

function blankWay(): Way {
  return {
    text: '',
    ok: false,
    busy: null,
    dueAt: Number.NEGATIVE_INFINITY,
    notedAt: Number.NEGATIVE_INFINITY,
    notedOk: null,
    notedText: '',
  }
}
