/** One module of the bus: what it said, whether it answers, and what is odd about it. */
import type { LinkId } from '../../../contract/links.ts'
import type {
  ModuleCounters,
  ModuleIdentity,
  ModuleKind,
  Register,
  RegisterMap,
  VehicleModule,
} from '../../../contract/modules.ts'
import type { VehicleName } from '../../../contract/vehicle-name.ts'
import type { Choice } from './choose-map.ts'
import { isSame, kindOf } from './identity.ts'
import { type Block, planOf, rawOf, splitBlock } from './plan.ts'
import { exceptionWords } from './rows.ts'
import type { NoAnswer } from './transaction.ts'
import { decode, sensible, valueWords } from './values.ts'

export interface Owner {
  readonly link: LinkId
  readonly vehicle: VehicleName
  readonly writable: boolean
}

/** How many unanswered requests in a row make it offline. */
export const missesToOffline = 3
const repliesKept = 51

const names: Readonly<Record<ModuleKind, string>> = {
  power: 'Power',
  safety: 'Safety',
  motor: 'Travel motor',
  dock: 'Dock',
  unknown: 'Module',
}

export class Module {
  readonly unit: number
  readonly #owner: Owner
  readonly #values = new Map<string, number | null>()
  readonly #valueAt = new Map<string, number>()
  readonly #readAt = new Map<string, number>()
  readonly #refused = new Set<string>()
  readonly #odd = new Map<string, string>()
  readonly #counters: { -readonly [K in keyof ModuleCounters]: number } = {
    requests: 0,
    replies: 0,
    timeouts: 0,
    crcErrors: 0,
    exceptions: 0,
    strays: 0,
  }
  readonly #replies: number[] = []
  #state: VehicleModule['state'] = 'unknown'
  #stateSince: number
  #identity: ModuleIdentity | null = null
  #choice: Choice = { map: null, by: 'none', trouble: '', isWrongType: false }
  /** From before the restart, until it is heard again. */
  #known: VehicleModule | null
  #plan = new Map<string, Block[]>()
  #misses = 0
  #isIdentified = false
  #exception = ''

  constructor(owner: Owner, unit: number, now: number, known: VehicleModule | null) {
    this.unit = unit
    this.#owner = owner
    this.#known = known
    this.#stateSince = known?.state === 'unknown' ? known.stateSince : now
    this.#identity = known?.identity ?? null
  }

  get state(): VehicleModule['state'] {
    return this.#state
  }

  get map(): RegisterMap | null {
    return this.#choice.map
  }

  get identity(): ModuleIdentity | null {
    return this.#identity
  }

  get name(): string {
    const kind = this.#kind
    return kind === 'unknown' ? `${names[kind]} ${this.unit}` : names[kind]
  }

  /** Heard in this opening of the port, of the type its map is for, and answering: it may be written to. */
  get mayBeWritten(): boolean {
    return this.#isIdentified && this.#state === 'online' && !this.#choice.isWrongType
  }

  get isWrongType(): boolean {
    return this.#choice.isWrongType
  }

  /** Poll groups and their blocks. */
  get plan(): ReadonlyMap<string, readonly Block[]> {
    return this.#plan
  }

  value(name: string): number | null {
    return this.#values.get(name) ?? null
  }

  /** When that value was read, epoch ms. */
  valueAt(name: string): number | null {
    return this.#valueAt.get(name) ?? null
  }

  get #kind(): ModuleKind {
    return this.#choice.map?.kind ?? this.#known?.kind ?? kindOf(this.#identity)
  }

  asked(): void {
    this.#counters.requests += 1
  }

  replied(tookMs: number, isException: boolean): void {
    this.#counters.replies += 1
    if (isException) this.#counters.exceptions += 1
    this.#misses = 0
    this.#replies.push(tookMs)
    if (this.#replies.length > repliesKept) this.#replies.shift()
  }

  /** True when this made it offline. */
  missed(why: NoAnswer, now: number): boolean {
    this.#counters.timeouts += 1
    if (why === 'crc') this.#counters.crcErrors += 1
    if (why === 'stray' || why === 'shape') this.#counters.strays += 1
    this.#misses += 1
    if (this.#misses < missesToOffline || this.#state === 'offline') return false
    this.#become('offline', now)
    return true
  }

  /** It said who it is. What it said before stays, with its age, when it is the same module and means the same by it. */
  identified(identity: ModuleIdentity | null, choice: Choice, now: number): void {
    const isSameAsBefore =
      this.#known === null && isSame(identity, this.#identity) && choice.map === this.#choice.map
    this.#known = null
    this.#identity = identity
    this.#choice = choice
    if (!isSameAsBefore) {
      this.#values.clear()
      this.#valueAt.clear()
      this.#readAt.clear()
      this.#odd.clear()
    }
    this.#refused.clear()
    this.#exception = ''
    this.#plan = choice.map === null ? new Map() : planOf(choice.map, this.#refused)
    this.#misses = 0
    this.#isIdentified = true
    this.#become('online', now)
  }

  /** The same module told its status again. True when that changed. */
  told(identity: ModuleIdentity | null): boolean {
    const changed = identity?.status !== this.#identity?.status || identity?.error !== this.#identity?.error
    this.#identity = identity
    return changed
  }

  offline(now: number): void {
    this.#become('offline', now)
  }

  /** The bus is away: nothing can be said of it, and it may be another module when the bus is back. */
  busLost(now: number): void {
    this.#isIdentified = false
    this.#misses = 0
    this.#become('unknown', now)
  }

  #become(state: VehicleModule['state'], now: number): void {
    if (state === this.#state) return
    this.#state = state
    this.#stateSince = now
  }

  /** A block was read. `raw`: words, or bits as 0 and 1. True when a value changed. */
  read(block: Block, raw: readonly number[], now: number): boolean {
    let changed = this.#exception !== ''
    this.#exception = ''
    for (const register of block.registers) {
      const value = decode(register, rawOf(block, register, raw))
      if (this.#keep(register, value, now)) changed = true
    }
    return changed
  }

  #keep(register: Register, value: number, now: number): boolean {
    const { name, range } = register
    const kept = sensible(register, value)
    if (kept !== null) this.#odd.delete(name)
    else
      this.#odd.set(
        name,
        `${name} says ${valueWords(register, value)}, outside ${range?.[0]} to ${range?.[1]}`,
      )
    const changed = !this.#values.has(name) || this.#values.get(name) !== kept
    this.#values.set(name, kept)
    this.#valueAt.set(name, now)
    return changed
  }

  /** All of a poll group was read. */
  groupRead(poll: string, now: number): void {
    this.#readAt.set(poll, now)
  }

  /** The module has not all of a block, or not that function. True when a register turned out to be missing. */
  refusedBlock(poll: string, block: Block, code: number): boolean {
    const blocks = this.#plan.get(poll)
    const index = blocks?.indexOf(block) ?? -1
    if (blocks === undefined || index < 0) return false
    const halves = code === 2 || code === 3 ? splitBlock(block) : null
    if (halves !== null) {
      blocks.splice(index, 1, ...halves)
      return false
    }
    blocks.splice(index, 1)
    if (blocks.length === 0) this.#plan.delete(poll)
    for (const { name } of block.registers) {
      this.#refused.add(name)
      this.#values.set(name, null)
    }
    return true
  }

  /** It answered, but would not tell now. True when that is new. */
  excused(code: number): boolean {
    const words = `It answers "${exceptionWords(code)}".`
    const isNew = words !== this.#exception
    this.#exception = words
    return isNew
  }

  get #trouble(): string {
    const { trouble, map } = this.#choice
    const parts = [trouble, this.#exception]
    if (this.#refused.size > 0)
      parts.push(`It has no ${listed([...this.#refused])}${map === null ? '' : `, which "${map.id}" names`}.`)
    if (this.#odd.size > 0) parts.push(`Makes no sense: ${listed([...this.#odd.values()])}.`)
    return parts.filter((part) => part !== '').join(' ')
  }

  get #replyMs(): number | null {
    if (this.#replies.length === 0) return null
    const sorted = this.#replies.toSorted((a, b) => a - b)
    return Math.round((sorted[sorted.length >> 1] ?? 0) * 100) / 100
  }

  row(): VehicleModule {
    const known = this.#known
    const { link, vehicle, writable } = this.#owner
    return {
      id: `${link}/${this.unit}`,
      link,
      vehicle,
      unit: this.unit,
      kind: this.#kind,
      name: this.name,
      state: this.#state,
      stateSince: this.#stateSince,
      identity: this.#identity,
      map: known?.map ?? this.#choice.map?.id ?? null,
      mapChosen: known?.mapChosen ?? this.#choice.by,
      values: known?.values ?? Object.fromEntries(this.#values),
      readAt: known?.readAt ?? Object.fromEntries(this.#readAt),
      counters: { ...this.#counters },
      replyMs: this.#replyMs,
      trouble: known === null ? this.#trouble : '',
      writable,
    }
  }
}

const namedAtMost = 4

function listed(items: readonly string[]): string {
  const rest = items.length - namedAtMost
  return rest <= 0 ? items.join(', ') : `${items.slice(0, namedAtMost).join(', ')} and ${rest} more`
}
