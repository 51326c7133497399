/** Reads the modules of one opening of the port: looks for them, asks who they are, then reads what their maps say, each as often as it wants. */
import type { LinkProfile } from '../../../contract/links.ts'
import type { RegisterMap } from '../../../contract/modules.ts'
import type { Clock } from '../../io/clock.ts'
import { chooseMap } from './choose-map.ts'
import { identify, isSame } from './identity.ts'
import { identityJob, Lane, type Read, retryWithinMs, urgencyOf } from './lane.ts'
import type { Module } from './module.ts'
import { requestOf } from './plan.ts'
import type { ModbusMaster, ModbusOutcome, ModbusRequest, Urgency } from './transaction.ts'

export type BusProfile = Extract<LinkProfile, { driver: 'modbus-bus' }>

export interface PollerDoors {
  readonly clock: Clock
  readonly profile: BusProfile
  readonly master: ModbusMaster
  readonly maps: readonly RegisterMap[]
  /** A module of a unit that answers for the first time is made here. */
  module(unit: number, mayMake: boolean): Module | null
  /** `atOnce`: a value or the state changed. */
  changed(module: Module, atOnce: boolean): void
  /** Something answered. */
  useful(): void
  /** Every unit was looked for once, or the line turned out never to be quiet. */
  looked(isNoisy: boolean): void
}

/** After a module stopped answering, and from then on the last. */
const askAgainMs = [1000, 2000, 5000, 10_000]
/** Units where nothing was ever heard: one look may have gone unanswered on a bad line, but each costs everybody a timeout. */
const lookAgainMs = [2000, 5000, 30_000]
const lookEveryMs = 30_000
/** A module may be exchanged between two polls; its status is told along. */
const identityEveryMs = 10_000
const identityEveryMsWithoutMap = 2000
const restMs = 200

/**
 * Two lanes ask the same master: safety has its own, so that it is in the master's queue, ahead of the rest, the moment it is due. In one lane it would
 * stand behind a request that itself waits for the quarantine after somebody else's silence.
 */
export class Poller {
  readonly #doors: PollerDoors
  readonly #safety: Lane
  readonly #rest: Lane
  readonly #tries = new Map<number, number>()
  /** Blocks of a group that were read in this round. */
  readonly #round = new Map<string, number>()
  readonly #unlooked: Set<number>
  #isOver = false

  constructor(doors: PollerDoors) {
    this.#doors = doors
    this.#safety = new Lane(doors.clock)
    this.#rest = new Lane(doors.clock)
    this.#unlooked = new Set(doors.profile.units)
  }

  /** Ends by itself after `close`. */
  async run(): Promise<void> {
    this.lookNow()
    const isOver = () => this.#isOver
    const perform = (job: Read) => (job.poll === null ? this.#identify(job) : this.#read(job, job.poll))
    await Promise.all([this.#safety.run(isOver, perform), this.#rest.run(isOver, perform)])
  }

  close(): void {
    this.#isOver = true
    for (const lane of [this.#safety, this.#rest]) {
      lane.schedule.clear()
      lane.wake()
    }
  }

  #laneOf({ urgency }: Pick<Read, 'urgency'>): Lane {
    return urgency === 'safety' ? this.#safety : this.#rest
  }

  #set(job: Read, dueAt: number): void {
    const lane = this.#laneOf(job)
    lane.schedule.set(job, dueAt)
    lane.wake()
  }

  #removeUnit(unit: number): void {
    this.#safety.schedule.removeUnit(unit)
    this.#rest.schedule.removeUnit(unit)
  }

  /** Asks every unit that does not answer, whatever the wait. */
  lookNow(): void {
    const now = this.#doors.clock.monotonic()
    for (const unit of this.#doors.profile.units) {
      if (this.#doors.module(unit, false)?.state === 'online') continue
      this.#tries.delete(unit)
      this.#set(identityJob(unit, lookEveryMs), now)
    }
  }

  /** It is looked for like any unit where nothing was ever heard. */
  forget(unit: number): void {
    this.#removeUnit(unit)
    this.#tries.delete(unit)
    this.#putOff(unit)
  }

  /** One request, counted with its module. Commands go through here too. */
  async ask(request: ModbusRequest, urgency: Urgency, deadlineAt?: number): Promise<ModbusOutcome> {
    const { master, clock } = this.#doors
    const outcome = await master.transact(request, urgency, deadlineAt)
    const module = this.#doors.module(request.unit, false)
    switch (outcome.is) {
      case 'words':
      case 'bits':
      case 'written':
      case 'exception':
        module?.asked()
        module?.replied(outcome.tookMs, outcome.is === 'exception')
        if (!this.#isOver) this.#doors.useful()
        break
      case 'timeout':
        if (outcome.why === 'noise') {
          this.#doors.looked(true)
          break
        }
        module?.asked()
        if (module?.missed(outcome.why, clock.now()) === true && !this.#isOver) this.#lost(module)
        break
      case 'closed':
      case 'expired':
        break
    }
    return outcome
  }

  /** It stopped answering. Only it is asked less often. */
  #lost(module: Module): void {
    this.#removeUnit(module.unit)
    this.#tries.set(module.unit, 0)
    this.#putOff(module.unit)
    this.#doors.changed(module, true)
  }

  #putOff(unit: number): void {
    const { clock } = this.#doors
    const tries = this.#tries.get(unit)
    const ladder = this.#doors.module(unit, false) === null ? lookAgainMs : askAgainMs
    const waitMs = ladder[tries ?? 0] ?? ladder.at(-1) ?? lookEveryMs
    this.#tries.set(unit, (tries ?? 0) + 1)
    this.#set(identityJob(unit, waitMs), clock.monotonic() + waitMs)
  }

  async #identify({ unit, key }: Read): Promise<void> {
    const { schedule } = this.#rest
    const { clock, profile, maps } = this.#doors
    const before = this.#doors.module(unit, false)
    const wasOnline = before?.state === 'online'
    const urgency = wasOnline ? 'poll' : 'scan'
    const found = await identify((address, quantity) => this.ask({ unit, fn: 3, address, quantity }, urgency))
    if (this.#isOver) return
    if (found.is === 'unknown') return this.#rest.sleep(restMs)
    if (found.is === 'silent') this.#unheard(unit, key, before, wasOnline)
    else {
      const module = this.#doors.module(unit, true)
      if (module !== null && wasOnline && isSame(module.identity, found.identity)) {
        schedule.done(key, clock.monotonic())
        this.#doors.changed(module, module.told(found.identity))
      } else if (module !== null) {
        const choice = chooseMap(unit, found.identity, profile.maps, maps)
        module.identified(found.identity, choice, clock.now())
        this.#begin(module)
        this.#doors.changed(module, true)
      }
    }
    if (this.#unlooked.delete(unit) && this.#unlooked.size === 0) this.#doors.looked(false)
  }

  #unheard(unit: number, key: string, before: Module | null, wasOnline: boolean): void {
    const { clock } = this.#doors
    if (wasOnline && before?.state === 'online') {
      // A miss like any other; asked again at once until it counts as offline.
      this.#rest.schedule.putOff(key, clock.monotonic())
      return
    }
    if (before?.state === 'unknown') {
      before.offline(clock.now())
      this.#doors.changed(before, true)
    }
    if (!wasOnline) this.#putOff(unit)
  }

  /** From now on it is read as its map says. */
  #begin(module: Module): void {
    const now = this.#doors.clock.monotonic()
    const { unit, map } = module
    this.#removeUnit(unit)
    this.#tries.delete(unit)
    const every = map === null ? identityEveryMsWithoutMap : identityEveryMs
    this.#set(identityJob(unit, every), now + every)
    if (map === null) return
    for (const poll of module.plan.keys()) {
      const everyMs = map.polls[poll]?.everyMs ?? identityEveryMs
      const key = `${unit}/${poll}`
      this.#round.delete(key)
      this.#set({ key, unit, urgency: urgencyOf(map, poll), everyMs, poll }, now)
    }
  }

  /** One block of a group; the group stays due until all of it was read, so that what is more urgent goes between. */
  async #read(job: Read, poll: string): Promise<void> {
    const { clock } = this.#doors
    const { unit, key } = job
    const lane = this.#laneOf(job)
    const { schedule } = lane
    const module = this.#doors.module(unit, false)
    const blocks = module?.plan.get(poll)
    const index = this.#round.get(key) ?? 0
    const block = blocks?.[index]
    if (module === null || blocks === undefined || block === undefined) {
      this.#round.delete(key)
      if (blocks === undefined) schedule.remove(key)
      else schedule.done(key, clock.monotonic())
      return
    }
    const outcome = await this.ask(requestOf(unit, block), job.urgency)
    // It may have been identified as another one meanwhile.
    if (this.#isOver || module.plan.get(poll)?.[index] !== block) return
    switch (outcome.is) {
      case 'words':
      case 'bits': {
        const raw = outcome.is === 'words' ? outcome.words : outcome.bits.map(Number)
        const hasChanged = module.read(block, raw, clock.now())
        const isWhole = index + 1 >= blocks.length
        if (isWhole) {
          this.#round.delete(key)
          module.groupRead(poll, clock.now())
          schedule.done(key, clock.monotonic())
        } else this.#round.set(key, index + 1)
        this.#doors.changed(module, hasChanged)
        return
      }
      case 'exception':
        return this.#refused(job, poll, module, index, outcome.code)
      case 'timeout':
        return outcome.why === 'noise' ? lane.sleep(restMs) : this.#missed(job, module)
      default:
        return lane.sleep(restMs)
    }
  }

  #refused(job: Read, poll: string, module: Module, index: number, code: number): void {
    const now = this.#doors.clock.monotonic()
    const block = module.plan.get(poll)?.[index]
    const { key } = job
    const { schedule } = this.#laneOf(job)
    if (block === undefined) return
    if (code <= 3) {
      const isNew = module.refusedBlock(poll, block, code)
      // Its halves, or what came after it, have its place now.
      if (index >= (module.plan.get(poll)?.length ?? 0)) {
        this.#round.delete(key)
        schedule.done(key, now)
      }
      this.#doors.changed(module, isNew)
      return
    }
    this.#round.delete(key)
    schedule.done(key, now)
    this.#doors.changed(module, module.excused(code))
  }

  /** Asked again after whoever is due: three misses in a row should not take three whole periods. */
  #missed(job: Read, module: Module): void {
    const { key, everyMs } = job
    const { schedule } = this.#laneOf(job)
    this.#round.delete(key)
    if (module.state === 'online')
      schedule.putOff(key, this.#doors.clock.monotonic() - everyMs + retryWithinMs(everyMs))
    this.#doors.changed(module, false)
  }
}
