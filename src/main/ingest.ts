/** The one door for facts. What must not be lost goes to the store, what is true now to live; one exhaustive switch. */
import { randomUUID } from 'node:crypto'
import { AlertId } from '../contract/alerts.ts'
import type { FacesNow } from '../contract/faces.ts'
import { never } from '../contract/fault.ts'
import type { LinkId } from '../contract/links.ts'
import type { BusFrame, VehicleModule } from '../contract/modules.ts'
import type { TimelineType } from '../contract/timeline.ts'
import type { VehicleReport } from '../contract/vehicles.ts'
import type {
  AlertRaised,
  CamerasReported,
  DeviceReported,
  FacesFound,
  Fact,
  LinkReported,
  PeopleReported,
  Stored,
} from './fact.ts'
import type { Clock } from './io/clock.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'

export interface Ingest {
  raise(fact: AlertRaised): Promise<Stored>
  tell(fact: Exclude<Fact, AlertRaised>): void
}

interface Parts {
  readonly store: Store
  readonly live: Live
  readonly clock: Clock
  readonly log: Log
  /** Orders for this target may go out now. */
  wake(link: LinkId, target: string): void
  /** Faces of a known camera: they are parts of appearances. */
  found?(fact: FacesFound): void
  /** Frames of a bus, for whoever records them. */
  busFrames?(link: LinkId, frames: readonly BusFrame[]): void
}

/** A device's row is written when something a restart must know changes, not with every heartbeat. */
const durableDeviceFields = [
  'name',
  'role',
  'group',
  'location',
  'version',
  'settings',
  'settingsVersion',
  'lastAlertAt',
] as const

/** The same for a camera: what a restart shows while its link is not there yet. Times, rates and troubles are not kept. */
const durableCameraFields = [
  'camera',
  'name',
  'location',
  'kind',
  'can',
  'isActive',
  'isRunning',
  'isRecording',
  'findsFaces',
  'budgetMs',
] as const

const durableModuleFields = ['vehicle', 'unit', 'kind', 'name', 'map', 'mapChosen'] as const

const durablePersonFields = ['name', 'photoCount'] as const

export function createIngest({
  store,
  live,
  clock,
  log,
  wake,
  found = () => {},
  busFrames = () => {},
}: Parts): Ingest {
  /** A write nobody waits for: its failure is the store's trouble to announce, and is logged here. */
  function later(what: string, write: Promise<unknown>): void {
    write.catch((error: unknown) => log.error('fact-not-stored', { what, error: String(error) }))
  }

  function note(type: TimelineType, link: LinkId, device: string | null, text: string, by?: string | null) {
    later(type, store.addTimeline({ at: clock.now(), type, link, device, by: by ?? null, text }))
  }

  async function raise(fact: AlertRaised): Promise<Stored> {
    const device = fact.device === null ? undefined : live.devices.get(`${fact.source}/${fact.device}`)
    const { type: _, ...alert } = fact
    const outcome = await store.raise({
      ...alert,
      id: newAlertId(fact.receivedAt),
      state: device?.outOfService === true ? 'out-of-service' : 'unacknowledged-active',
    })
    return { seq: outcome.alert.seq, duplicate: outcome.duplicate }
  }

  function reportDevice({ device }: DeviceReported): void {
    const before = live.devices.get(device.id)
    const row = { ...device, outOfService: before?.outOfService ?? false }
    live.devices.set(row)
    if (differs(before, row, durableDeviceFields)) later('device', store.saveDevice(row))
    if (before !== undefined && before.state !== row.state)
      note('device-state', row.link, row.device, `${row.name}: ${before.state} → ${row.state}`)
  }

  function reportLink(fact: LinkReported): void {
    const before = live.links.get(fact.link)
    if (before === undefined) return // removed while its last report was on the way
    const { address, state, lastUsefulAt, budgetMs, peers, counters } = fact
    const changed = before.state.is !== state.is
    const stateSince = changed ? clock.now() : before.stateSince
    const said = fact.note === undefined ? {} : { note: fact.note }
    live.links.set({
      ...before,
      address,
      state,
      stateSince,
      lastUsefulAt,
      budgetMs,
      peers,
      counters,
      ...said,
    })
    live.frames.refresh()
    if (!changed) return
    const reason = 'reason' in state ? `: ${state.reason}` : ''
    const text = `${before.name}: ${before.state.is} → ${state.is}${reason}`
    log.info('link-state', { link: fact.link, state: state.is, reason })
    note('link-state', fact.link, null, text)
  }

  function reportCameras({ link, cameras }: CamerasReported): void {
    const reported = new Set<string>(cameras.map(({ id }) => id))
    const gone = idsOf(live.cameras.snapshot(), link).filter((id) => !reported.has(id))
    const changed = cameras.filter((row) => differs(live.cameras.get(row.id), row, durableCameraFields))
    if (gone.length > 0) {
      live.cameras.delete(...gone)
      live.facesNow.delete(...gone)
      later('cameras-gone', store.unkeep('camera', ...gone))
    }
    if (cameras.length > 0) live.cameras.set(...cameras)
    if (changed.length > 0) later('cameras', store.keep('camera', ...changed))
    live.frames.refresh()
  }

  function reportPeople({ link, people }: PeopleReported): void {
    const reported = new Set(people.map(({ id }) => id))
    const gone = idsOf(live.people.snapshot(), link).filter((id) => !reported.has(id))
    const changed = people.filter((row) => differs(live.people.get(row.id), row, durablePersonFields))
    if (gone.length > 0) {
      live.people.delete(...gone)
      later('people-gone', store.unkeep('person', ...gone))
    }
    if (people.length > 0) live.people.set(...people)
    if (changed.length > 0) later('people', store.keep('person', ...changed))
  }

  function reportVehicle(row: VehicleReport): void {
    const before = live.vehicles.get(row.id)?.readings.state?.value
    live.vehicles.set(row)
    const state = row.readings.state?.value
    if (state !== undefined && before !== undefined && state !== before)
      note('vehicle-state', row.link, row.vehicle, `${row.vehicle}: ${before} → ${state}`)
  }

  function reportModule(row: VehicleModule): void {
    const before = live.modules.get(row.id)
    live.modules.set(row)
    if (differs(before, row, durableModuleFields)) later('module', store.keep('module', row))
    if (before !== undefined && before.state !== row.state)
      note('device-state', row.link, row.id, `${row.name}: ${before.state} → ${row.state}`)
  }

  /** A removed link's figures and library go with it. Its cameras stay, stale, until somebody forgets them: events name them. */
  function forgetLink(link: string): void {
    live.statistics.delete(link)
    live.facesNow.delete(...idsOf(live.cameras.snapshot(), link))
    const people = idsOf(live.people.snapshot(), link)
    if (people.length > 0) {
      live.people.delete(...people)
      later('people-gone', store.unkeep('person', ...people))
    }
    live.frames.refresh()
  }

  live.links.subscribe((changes) => {
    for (const change of changes) if ('gone' in change) forgetLink(change.gone)
  })

  /** A report that was on its way when its link was removed would never be taken back. */
  function isRemoved(link: LinkId): boolean {
    return live.links.get(link) === undefined
  }

  function tell(fact: Exclude<Fact, AlertRaised>): void {
    switch (fact.type) {
      case 'alert-cleared': {
        const { type: _, ...what } = fact
        later('alert-cleared', store.clear(what))
        break
      }
      case 'device-reported':
        reportDevice(fact)
        break
      case 'device-joined':
        note('device-joined', fact.link, fact.device, fact.text)
        break
      case 'command-refused':
        note('vehicle-command', fact.link, fact.vehicle, fact.text, fact.by)
        break
      case 'target-reachable':
        wake(fact.link, fact.target)
        break
      case 'link-reported':
        reportLink(fact)
        break
      case 'coverage-changed':
        later('coverage', store.cover(fact.source, fact.state, fact.at))
        break
      case 'message-crossed':
        live.messages.push(fact.link, fact.message)
        break
      case 'cameras-reported':
        if (!isRemoved(fact.link)) reportCameras(fact)
        break
      case 'frame-arrived':
        live.frames.push(fact)
        break
      case 'stream-troubled':
        live.frames.trouble(fact.camera, fact.trouble)
        break
      case 'faces-seen':
        if (live.cameras.get(fact.faces.id) !== undefined) live.facesNow.set(fact.faces)
        break
      case 'faces-found':
        if (live.cameras.get(fact.camera) === undefined) break
        live.facesNow.set(facesNowOf(fact))
        found(fact)
        break
      case 'event-detected':
        later('event', store.addEvent(fact.event))
        break
      case 'people-reported':
        if (!isRemoved(fact.link)) reportPeople(fact)
        break
      case 'statistics-reported':
        if (live.links.get(fact.statistics.id) !== undefined) live.statistics.set(fact.statistics)
        break
      case 'vehicle-reported':
        if (!isRemoved(fact.vehicle.link)) reportVehicle(fact.vehicle)
        break
      case 'module-reported':
        if (!isRemoved(fact.module.link)) reportModule(fact.module)
        break
      case 'lidar-reported':
        if (!isRemoved(fact.lidar.link)) live.lidars.set(fact.lidar)
        break
      case 'scan-arrived':
        live.scans.push(fact)
        break
      case 'bus-frames-seen':
        live.busFrames.push(fact.link, ...fact.frames)
        busFrames(fact.link, fact.frames)
        break
      default:
        never(fact, 'fact')
    }
  }

  return { raise, tell }
}

/** Faces of an engine are told many times a second: what is older than this is no longer there. */
const facesBudgetMs = 1000

function facesNowOf({ camera, link, frame, at, receivedAt, faces }: FacesFound): FacesNow {
  return { id: camera, link, frame, at, receivedAt, budgetMs: facesBudgetMs, faces: [...faces] }
}

/** UUID version 7 (RFC 9562 §5.7): ids that grow with time land on the index page that is already in memory. */
function newAlertId(now: number): AlertId {
  const time = now.toString(16).padStart(12, '0')
  return AlertId.parse(`${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`)
}

function idsOf(rows: Iterable<{ readonly id: string; readonly link: string }>, link: string): string[] {
  return [...rows].filter((row) => row.link === link).map(({ id }) => id)
}

function differs<R extends object>(before: R | undefined, row: R, fields: readonly (keyof R)[]): boolean {
  const isOther = (a: unknown, b: unknown) => a !== b && JSON.stringify(a) !== JSON.stringify(b)
  return before === undefined || fields.some((field) => isOther(before[field], row[field]))
}
