/** The demo site as the app runs it: devices that dial the hub, and servers and cameras for which links are made. */
import { randomUUID } from 'node:crypto'
import type { Credentials } from '../contract/accounts.ts'
import { DeviceId } from '../contract/devices.ts'
import type { LinkId, LinkProfile } from '../contract/links.ts'
import type { DemoOffer } from './demo-offer.ts'
import type { Dispatch } from './dispatch.ts'
import { deviceFacesLink, hubLink } from './links.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { ChangeLibrary } from './order.ts'
import type { Store } from './store/store.ts'

/** A running demo site. */
export interface Demo {
  readonly offer: DemoOffer
  stop(): Promise<void>
}

interface Parts {
  readonly live: Pick<Live, 'links' | 'plans' | 'walls' | 'people'>
  readonly dispatch: Pick<Dispatch, 'now'>
  readonly store: Pick<Store, 'keep' | 'unkeep'>
  readonly log: Log
  readonly links: {
    save(profile: LinkProfile, by: string): Promise<void>
    remove(id: LinkId, by: string): Promise<void>
    credentials(id: LinkId, credentials: Credentials | null, by: string): Promise<void>
  }
  /** Undefined where the demo site is not installed. */
  readonly start: ((hub: string) => Promise<Demo>) | undefined
}

const by = 'watchfloor'

function isDemo({ id }: { readonly id: string }): boolean {
  return id.startsWith('demo-')
}

function isDemoName(name: string): boolean {
  return name.endsWith('(demo)')
}

export class DemoSite {
  readonly #parts: Parts
  #running: Demo | null = null
  /** Two clicks at once must not start two sites. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get available(): boolean {
    return this.#parts.start !== undefined
  }

  running(): boolean {
    return this.#running !== null
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      const hub = this.#parts.live.links.get(hubLink)?.address
      if (this.#running !== null || hub === undefined) return
      this.#running = (await this.#parts.start?.(hub)) ?? null
      if (this.#running !== null) await this.#connect(this.#running.offer)
    })
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const running = this.#running
      this.#running = null
      if (running === null) return
      await this.forget()
      await running.stop()
    })
  }

  /** What was made for the demo does not outlive it: also not when the app was cut off. */
  async forget(): Promise<void> {
    const { live, store, links } = this.#parts
    for (const { id } of [...live.links.snapshot()].filter(isDemo))
      await this.#try(() => links.remove(id, by))
    const plans = [...live.plans.snapshot()].filter(isDemo).map(({ id }) => id)
    const walls = [...live.walls.snapshot()].filter(isDemo).map(({ id }) => id)
    if (plans.length > 0) await this.#try(() => store.unkeep('plan', ...plans))
    if (walls.length > 0) await this.#try(() => store.unkeep('wall', ...walls))
    live.plans.delete(...plans)
    live.walls.delete(...walls)
    for (const { link, name } of [...live.people.snapshot()])
      if (link === deviceFacesLink && isDemoName(name)) await this.#change({ do: 'remove-person', name })
  }

  #change(change: ChangeLibrary['change']): Promise<void> {
    const about = 'name' in change ? change.name : 'library'
    const device = DeviceId.parse(about)
    const order = { type: 'change-library', id: randomUUID(), link: deviceFacesLink, device, change } as const
    return this.#try(() => this.#parts.dispatch.now(order))
  }

  /** One that cannot be connected is logged; the rest of the demo runs all the same. */
  async #connect(offer: DemoOffer): Promise<void> {
    const { live, store, links } = this.#parts
    for (const plan of offer.plans.filter(isDemo)) {
      await this.#try(() => store.keep('plan', plan))
      live.plans.set(plan)
    }
    for (const wall of offer.walls.filter(isDemo)) {
      await this.#try(() => store.keep('wall', wall))
      live.walls.set(wall)
    }
    for (const { name, photos } of offer.people) {
      if (!isDemoName(name)) continue
      await this.#change({ do: 'add-person', name })
      for (const photo of photos) await this.#change({ do: 'add-photo', name, photo })
    }
    for (const { profile, credentials } of offer.links) {
      if (!isDemo(profile)) continue
      await this.#try(async () => {
        await links.save(profile, by)
        if (credentials !== null) await links.credentials(profile.id, credentials, by)
      })
    }
  }

  async #try(step: () => Promise<unknown>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.#parts.log.warn('demo-link', { error: String(error) })
    }
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {})
    return result
  }
}
