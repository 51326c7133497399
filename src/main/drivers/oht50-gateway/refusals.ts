/**
 * Refused commands for the timeline: who asked for what from where, and why not. Bounded: the first few of each client are told one by one,
 * what follows within the interval is counted into one entry at its end, and so is everything of more clients than anybody could read about.
 */
import { VehicleName } from '../../../contract/vehicle-name.ts'
import type { LinkContext } from '../../link.ts'
import type { GatewayLimits } from './limits.ts'
import type { GatewayProfile } from './profile.ts'

export interface Refusal {
  /** Null: no token was brought. */
  readonly user: string | null
  readonly address: string
  /** As it was asked for; null: none was named. */
  readonly vehicle: string | null
  readonly isStop: boolean
  readonly what: string
  readonly why: string
}

/** What one client, or everybody there was no more room for, asked for within one interval. */
interface Tally {
  told: number
  more: number
  readonly what: Map<string, number>
  last: Refusal
  readonly isCrowd: boolean
  readonly cancel: () => void
}

/** Kinds of commands named in one entry. */
const mostKinds = 5
const longestWhat = 80

interface RefusalParts {
  readonly context: Pick<LinkContext<GatewayProfile>, 'profile' | 'clock' | 'tell'>
  readonly limits: Pick<GatewayLimits, 'refusalsEveryMs' | 'refusalsTold' | 'refusalClients'>
  knows(vehicle: string): boolean
}

export function gatewayName(user: string): string {
  return `${user}@gateway`
}

export class Refusals {
  readonly #parts: RefusalParts
  readonly #tallies = new Map<string, Tally>()

  constructor(parts: RefusalParts) {
    this.#parts = parts
  }

  refused(refusal: Refusal): void {
    const tally = this.#tallyOf(refusal)
    tally.last = refusal
    if (!tally.isCrowd && tally.told < this.#parts.limits.refusalsTold) {
      tally.told += 1
      this.#tellOne(refusal)
      return
    }
    tally.more += 1
    const what = refusal.what.slice(0, longestWhat)
    const kind = tally.what.has(what) || tally.what.size < mostKinds ? what : 'others'
    tally.what.set(kind, (tally.what.get(kind) ?? 0) + 1)
  }

  /** A STOP REQUEST is counted for itself: commands before it must not keep it from being told. */
  #tallyOf(refusal: Refusal): Tally {
    const { user, address, isStop } = refusal
    // Users are as many as there are accounts, wherever they come from; addresses are as many as somebody likes.
    const own = JSON.stringify(user === null ? { address, isStop } : { user, isStop })
    const isCrowd =
      user === null && !this.#tallies.has(own) && this.#tallies.size >= this.#parts.limits.refusalClients
    const key = isCrowd ? 'crowd' : own
    return this.#tallies.get(key) ?? this.#open(key, refusal, isCrowd)
  }

  #open(key: string, last: Refusal, isCrowd: boolean): Tally {
    const { context, limits } = this.#parts
    const cancel = context.clock.after(limits.refusalsEveryMs, () => {
      this.#tallies.delete(key)
      this.#tellMore(tally)
    })
    const tally: Tally = { told: 0, more: 0, what: new Map(), last, isCrowd, cancel }
    this.#tallies.set(key, tally)
    return tally
  }

  #tellOne(refusal: Refusal): void {
    const { user, address, vehicle, isStop, what, why } = refusal
    const whom = vehicle ?? (isStop ? 'every vehicle' : 'no vehicle named')
    this.#tell(
      refusal,
      `${whom}: ${what.slice(0, longestWhat)}, over ${this.#from(user, address)}: refused: ${why}`,
    )
  }

  #tellMore({ more, what, last, isCrowd }: Tally): void {
    if (more === 0) return
    const kinds = [...what].map(([kind, count]) => `${kind} ×${count}`).join(', ')
    const seconds = Math.round(this.#parts.limits.refusalsEveryMs / 1000)
    const from = isCrowd
      ? `${this.#parts.context.profile.name} from many addresses`
      : this.#from(last.user, last.address)
    const times = more === 1 ? 'one more command' : `${more} more commands`
    const text = `${from}: ${times} refused within ${seconds} s: ${kinds}; the last: ${last.why}`
    this.#tell(isCrowd ? { user: null, vehicle: null } : { user: last.user, vehicle: last.vehicle }, text)
  }

  #from(user: string | null, address: string): string {
    return `${this.#parts.context.profile.name} from ${address}${user === null ? ', without a token' : ''}`
  }

  #tell({ user, vehicle }: Pick<Refusal, 'user' | 'vehicle'>, text: string): void {
    const { context, knows } = this.#parts
    context.tell({
      type: 'command-refused',
      link: context.profile.id,
      // Only a name that is ours: what somebody made up must not make a vehicle.
      vehicle: vehicle !== null && knows(vehicle) ? VehicleName.parse(vehicle) : null,
      by: user === null ? null : gatewayName(user),
      text,
    })
  }

  /** What was counted is told: it happened. */
  close(): void {
    for (const tally of this.#tallies.values()) {
      tally.cancel()
      this.#tellMore(tally)
    }
    this.#tallies.clear()
  }
}
