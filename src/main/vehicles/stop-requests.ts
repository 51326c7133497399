/** STOP REQUESTs: one row per vehicle and request, on the timeline step by step, and an alert while one is not confirmed. */

import { DeviceId } from '../../contract/devices.ts'
import { Fault } from '../../contract/fault.ts'
import type { VehicleName } from '../../contract/vehicle-name.ts'
import { priorityOfLevel } from '../../contract/vehicle-rules.ts'
import type { StopRequest } from '../../contract/vehicles.ts'
import { LiveTable } from '../live/live-table.ts'
import { type DeskParts, note, ownSource } from './parts.ts'
import { StopTry } from './stop-try.ts'

const rowsKept = 50
/** Marks the source id of an alert about a request: a restart finds it again. */
export const stopSourceId = 'stop:'

type Parts = Pick<DeskParts, 'store' | 'live' | 'clock' | 'log' | 'ingest' | 'dispatch'>

export class StopRequests {
  readonly rows = new LiveTable<StopRequest>()
  readonly #parts: Parts
  readonly #trying = new Map<VehicleName, StopTry>()
  /** Alerts that are raised, or being raised: cleared only after that. */
  readonly #alerts = new Map<string, Promise<unknown>>()
  readonly #undo: () => void

  constructor(parts: Parts) {
    this.#parts = parts
    this.#undo = parts.live.vehicles.subscribe((changes) => {
      for (const change of changes)
        if ('row' in change) this.#trying.get(change.row.vehicle)?.heard(change.row)
    })
  }

  isTrying(vehicle: VehicleName): boolean {
    return this.#trying.has(vehicle)
  }

  /** Ids, one per vehicle; null: every vehicle that was reported. Nothing here waits for a disk. */
  request(vehicle: VehicleName | null, by: string): string[] {
    const known = new Set<VehicleName>()
    for (const row of this.#parts.live.vehicles.snapshot()) known.add(row.vehicle)
    if (vehicle === null && known.size === 0)
      throw new Fault(
        'not-found',
        'No vehicle has been heard of, so no STOP REQUEST was sent',
        'Use the emergency stop on the vehicle itself. Then look at Links: one to the vehicle must be live.',
      )
    if (vehicle !== null && !known.has(vehicle) && !this.#hasLink(vehicle))
      throw new Fault(
        'not-found',
        `No link speaks of a vehicle “${vehicle}”, so no STOP REQUEST was sent`,
        'Use the emergency stop on the vehicle itself. Then check the vehicle’s name in its link.',
      )
    return (vehicle === null ? [...known] : [vehicle]).map((one) => this.#requestOne(one, by))
  }

  /** Ends the trying. A request that has ended already stays as it is. */
  release(id: string, by: string): void {
    const row = this.rows.get(id)
    if (row === undefined)
      throw new Fault('not-found', 'There is no such STOP REQUEST', 'It may be too long ago.')
    const trying = this.#trying.get(row.vehicle)
    if (trying?.row.id === id) trying.release(by)
  }

  async close(): Promise<void> {
    this.#undo()
    for (const trying of this.#trying.values()) trying.close()
    this.#trying.clear()
    await Promise.all(this.#alerts.values())
  }

  #requestOne(vehicle: VehicleName, by: string): string {
    const under = this.#trying.get(vehicle)
    if (under !== undefined) {
      this.#note(vehicle, `STOP REQUEST asked for again by ${by}: one is being sent already`, null, by)
      return under.row.id
    }
    const { live, clock, dispatch } = this.#parts
    const trying = new StopTry(
      {
        live,
        clock,
        dispatch,
        changed: (row) => this.#show(row),
        note: (text, link, who) => this.#note(vehicle, text, link, who),
        unconfirmed: (row) => this.#raise(row),
        ended: (row) => this.#ended(row),
      },
      vehicle,
      by,
    )
    this.#trying.set(vehicle, trying)
    trying.start()
    return trying.row.id
  }

  #hasLink(vehicle: VehicleName): boolean {
    for (const { profile } of this.#parts.live.links.snapshot())
      if (profile.enabled && 'vehicle' in profile && profile.vehicle === vehicle) return true
    return false
  }

  #show(row: StopRequest): void {
    this.rows.set(row)
    if (this.rows.size <= rowsKept) return
    // In the order in which they were requested.
    const ended = [...this.rows.snapshot()].filter(({ isTrying }) => !isTrying).map(({ id }) => id)
    this.rows.delete(...ended.slice(0, this.rows.size - rowsKept))
  }

  #ended(row: StopRequest): void {
    this.#trying.delete(row.vehicle)
    const raised = this.#alerts.get(row.id)
    if (raised === undefined) return
    const { clock, ingest } = this.#parts
    const at = clock.now()
    void raised.then(() => {
      this.#alerts.delete(row.id)
      ingest.tell({
        type: 'alert-cleared',
        source: ownSource,
        kind: 'vehicle',
        device: DeviceId.parse(row.vehicle),
        sourceId: stopSourceId + row.id,
        at,
        note: row.state === 'confirmed' ? 'the vehicle reports ESTOP' : 'released: it is no longer sent',
      })
    })
  }

  #raise(row: StopRequest): void {
    const { clock, log, ingest } = this.#parts
    const at = clock.now()
    const ways = row.ways.map(({ name, text }) => `${name}: ${text}`).join('; ')
    const raised = ingest
      .raise({
        type: 'alert-raised',
        source: ownSource,
        sourceId: stopSourceId + row.id,
        kind: 'vehicle',
        priority: priorityOfLevel.emergency,
        device: DeviceId.parse(row.vehicle),
        deviceName: row.vehicle,
        group: null,
        location: null,
        text: `STOP REQUEST not confirmed: ${row.vehicle} has not reported ESTOP. It goes on being sent. ${ways}`,
        raisedAt: at,
        receivedAt: at,
        late: false,
        clockSuspect: false,
        blue: null,
        picture: null,
        raw: null,
      })
      // The screens show the request itself either way, and that the store is in trouble.
      .catch((error: unknown) => log.error('stop-alert-not-stored', { error: String(error) }))
    this.#alerts.set(row.id, raised)
  }

  #note(
    vehicle: VehicleName,
    text: string,
    link: StopRequest['ways'][number]['link'] | null,
    by: string | null,
  ) {
    note(this.#parts, { type: 'stop-request', link, device: vehicle, by, text: `${vehicle}: ${text}` })
  }
}
