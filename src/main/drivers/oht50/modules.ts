/** The modules the vehicle speaks of, as rows. */
import type { ModuleCounters, VehicleModule } from '../../../contract/modules.ts'
import type { LinkContext } from '../../link.ts'
import type { VehicleProfile } from './profile.ts'
import type { SaidModule } from './said.ts'

const soonestMs = 250
const mostModules = 32
const mostValues = 200

/** Their bus is not ours: nothing on it is counted here. */
const notCounted: ModuleCounters = {
  requests: 0,
  replies: 0,
  timeouts: 0,
  crcErrors: 0,
  exceptions: 0,
  strays: 0,
}

const usualNames: Readonly<Record<VehicleModule['kind'], string>> = {
  power: 'Power',
  safety: 'Safety',
  motor: 'Travel motor',
  dock: 'Dock',
  unknown: 'Module',
}

type ModulesContext = Pick<LinkContext<VehicleProfile>, 'profile' | 'clock' | 'tell'> & {
  readonly knownModules: readonly VehicleModule[]
}

/** Of `module_telemetry`, as the firmware's documents name them (`websocket_server.c`). Numbers of other names have no unit there. */
const documented: Readonly<Record<string, string>> = {
  voltage: 'V',
  current: 'A',
  power: 'W',
  temperature: '°C',
  efficiency: '%',
  load_percentage: '%',
}

type Units = NonNullable<VehicleModule['valueUnits']>

interface Known {
  row: VehicleModule
  /** Since this link runs the vehicle has told its values with their units. */
  hasUnits: boolean
  untold: boolean
}

export class Modules {
  readonly #context: ModulesContext
  readonly #known = new Map<number, Known>()
  readonly #stop: () => void

  constructor(context: ModulesContext) {
    this.#context = context
    for (const row of context.knownModules.slice(0, mostModules))
      this.#known.set(row.unit, {
        row: { ...row, vehicle: context.profile.vehicle, state: 'unknown' },
        hasUnits: false,
        untold: false,
      })
    this.#stop = context.clock.every(soonestMs, () => {
      for (const known of this.#known.values()) if (known.untold) this.#tell(known)
    })
  }

  get units(): readonly number[] {
    return [...this.#known.keys()]
  }

  /** Whether somebody answers whose values were never told with their units. */
  get lackUnits(): boolean {
    for (const { row, hasUnits } of this.#known.values())
      if (!hasUnits && row.state === 'online' && Object.keys(row.values).length > 0) return true
    return false
  }

  take(said: SaidModule): void {
    const { clock } = this.#context
    const now = clock.now()
    const known = this.#known.get(said.unit) ?? this.#meet(said)
    if (known === null) return
    const before = known.row
    const state = said.online === null ? before.state : said.online ? 'online' : 'offline'
    const values = said.values === null ? before.values : merged(before.values, said.values)
    if (said.units !== null) known.hasUnits = true
    known.row = {
      ...before,
      ...unitsOf(before, said),
      name: said.name ?? before.name,
      kind: before.kind === 'unknown' ? said.kind : before.kind,
      state,
      stateSince: state === before.state ? before.stateSince : now,
      values,
      readAt: said.values === null ? before.readAt : { main: now },
      trouble: said.trouble ?? before.trouble,
    }
    if (differs(before, known.row)) this.#tell(known)
    else known.untold = true
  }

  #meet({ unit, kind, name }: SaidModule): Known | null {
    if (this.#known.size >= mostModules) return null
    const { profile, clock } = this.#context
    const row: VehicleModule = {
      id: `${profile.id}/${unit}`,
      link: profile.id,
      vehicle: profile.vehicle,
      unit,
      kind,
      name: name ?? (kind === 'unknown' ? `${usualNames.unknown} ${unit}` : usualNames[kind]),
      state: 'unknown',
      stateSince: clock.now(),
      identity: null,
      map: null,
      mapChosen: 'none',
      values: {},
      readAt: {},
      counters: notCounted,
      replyMs: null,
      trouble: '',
      writable: false,
    }
    const known: Known = { row, hasUnits: false, untold: true }
    this.#known.set(unit, known)
    return known
  }

  /** The vehicle cannot be heard: nothing can be said of its modules. */
  lost(): void {
    const now = this.#context.clock.now()
    for (const known of this.#known.values()) {
      if (known.row.state === 'unknown') continue
      known.row = { ...known.row, state: 'unknown', stateSince: now }
      this.#tell(known)
    }
  }

  forget(unit: number): void {
    this.#known.delete(unit)
  }

  #tell(known: Known): void {
    known.untold = false
    this.#context.tell({ type: 'module-reported', module: known.row })
  }

  close(): void {
    this.#stop()
    this.lost()
  }
}

/** What stands beside a value goes before what a document says of its name. */
function unitsOf(before: VehicleModule, { values, units }: SaidModule): Pick<VehicleModule, 'valueUnits'> {
  const all: Units = { ...before.valueUnits }
  for (const name of Object.keys(values ?? {})) {
    const [told, known] = [units?.[name], documented[name]]
    if (told !== undefined) all[name] = { unit: told, from: 'vehicle' }
    else if (known !== undefined && units === null) all[name] ??= { unit: known, from: 'document' }
  }
  return Object.keys(all).length === 0 ? {} : { valueUnits: all }
}

function merged(
  before: VehicleModule['values'],
  said: Readonly<Record<string, number | null>>,
): VehicleModule['values'] {
  const values = { ...before, ...said }
  const over = Object.keys(values).length - mostValues
  // A module that invents names would fill the memory: what is no longer told goes.
  return over > 0 ? { ...said } : values
}

function differs(a: VehicleModule, b: VehicleModule): boolean {
  if (a.state !== b.state || a.name !== b.name || a.trouble !== b.trouble || a.kind !== b.kind) return true
  const names = Object.keys(b.values)
  return (
    names.length !== Object.keys(a.values).length || names.some((name) => a.values[name] !== b.values[name])
  )
}
