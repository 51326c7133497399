/** The modules of a bus as its recorded frames tell of them, at the moment of the last frame shown. Framework-free. */
import type { BusFrame, RegisterMap, VehicleModule } from '../../../contract/modules.ts'

/** As the bus's own rule: so many unanswered requests in a row make a module one that does not answer. */
const missesToOffline = 3
/** What an answer that was not used is called; a late or uncalled one says nothing of the request before it. */
const misses: ReadonlySet<BusFrame['trouble']> = new Set(['timeout', 'crc', 'shape'])

/** What a module was when it was last seen live: its name and kind, should it still be known. */
export type KnownModule = Pick<VehicleModule, 'unit' | 'kind' | 'name' | 'map'>

interface Seen {
  readonly values: Map<string, number | null>
  readonly readAt: Map<string, number>
  hasAnswered: boolean
  misses: number
  state: 'online' | 'offline'
  stateSince: number
}

/** One of these is no row of the live table: it has no counters, and nothing can be asked of it. */
export interface ReplayedModule {
  readonly unit: number
  readonly kind: VehicleModule['kind']
  readonly name: string
  /** Of the register map that has all of its names; null: none. */
  readonly map: RegisterMap['id'] | null
  readonly state: 'online' | 'offline'
  readonly stateSince: number
  readonly values: Readonly<Record<string, number | null>>
  /** By poll group, when the oldest of its values was read; without a map all of them are one group, `main`. */
  readonly readAt: Readonly<Record<string, number>>
}

export class ReplayModules {
  readonly #seen = new Map<number, Seen>()
  #at = 0

  /** Epoch ms of the last frame; 0 before the first. */
  get at(): number {
    return this.#at
  }

  add(frames: readonly BusFrame[]): void {
    for (const frame of frames) this.#add(frame)
  }

  modules(known: readonly KnownModule[], maps: readonly RegisterMap[]): ReplayedModule[] {
    return [...this.#seen]
      .filter(([, seen]) => seen.hasAnswered || seen.state === 'offline')
      .filter(([unit, seen]) => seen.hasAnswered || known.some((one) => one.unit === unit))
      .sort(([a], [b]) => a - b)
      .map(([unit, seen]) =>
        rowOf(
          unit,
          seen,
          known.find((one) => one.unit === unit),
          maps,
        ),
      )
  }

  #add({ at, direction, unit, trouble, values }: BusFrame): void {
    this.#at = Math.max(this.#at, at)
    if (unit === null || direction !== 'reply') return
    const isAnswer = trouble === '' || trouble === 'exception'
    if (!isAnswer && !misses.has(trouble)) return
    const seen = this.#seen.get(unit) ?? {
      values: new Map(),
      readAt: new Map(),
      hasAnswered: false,
      misses: 0,
      state: 'online',
      stateSince: at,
    }
    this.#seen.set(unit, seen)
    seen.misses = isAnswer ? 0 : seen.misses + 1
    seen.hasAnswered ||= isAnswer
    const state = isAnswer ? 'online' : seen.misses >= missesToOffline ? 'offline' : seen.state
    if (state !== seen.state) seen.stateSince = at
    seen.state = state
    for (const [name, value] of Object.entries(values ?? {})) {
      seen.values.set(name, value)
      seen.readAt.set(name, at)
    }
  }
}

function rowOf(
  unit: number,
  { values, readAt, state, stateSince }: Seen,
  known: KnownModule | undefined,
  maps: readonly RegisterMap[],
): ReplayedModule {
  const map = mapOf(values, known, maps)
  const groups: Record<string, number> = {}
  for (const [name, at] of readAt) {
    const group = map?.registers.find((register) => register.name === name)?.poll ?? 'main'
    groups[group] = Math.min(groups[group] ?? at, at)
  }
  return {
    unit,
    kind: known?.kind ?? map?.kind ?? 'unknown',
    name: known?.name ?? map?.title ?? '',
    map: map?.id ?? null,
    state,
    stateSince,
    values: Object.fromEntries(values),
    readAt: groups,
  }
}

/** The frames were decoded by the map of that day: today's, where it has all those names, else any that has them. */
function mapOf(
  values: ReadonlyMap<string, unknown>,
  known: KnownModule | undefined,
  maps: readonly RegisterMap[],
): RegisterMap | undefined {
  if (values.size === 0) return maps.find(({ id }) => id === known?.map)
  const fitting = maps.filter(({ registers }) =>
    [...values.keys()].every((name) => registers.some((register) => register.name === name)),
  )
  return fitting.find(({ id }) => id === known?.map) ?? fitting[0]
}
