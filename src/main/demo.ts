/** The demo site as the app runs it: devices that dial the hub and, where the installation has one, an OpenEye server to dial. */
import type { Credentials } from '../contract/accounts.ts'
import { LinkId, type LinkProfile } from '../contract/links.ts'
import { hubLink } from './links.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'

/** A running demo site. */
export interface Demo {
  /** The simulated OpenEye server of the site; null when it has none. */
  readonly openEye: { readonly url: string; readonly user: string; readonly password: string } | null
  stop(): Promise<void>
}

interface Parts {
  readonly live: Pick<Live, 'links'>
  readonly log: Log
  readonly links: {
    save(profile: LinkProfile, by: string): Promise<void>
    remove(id: LinkId, by: string): Promise<void>
    credentials(id: LinkId, credentials: Credentials | null, by: string): Promise<void>
  }
  /** Undefined where the demo site is not installed. */
  readonly start: ((hub: string) => Promise<Demo>) | undefined
}

export const demoLink = LinkId.parse('demo-openeye')
const by = 'watchfloor'

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
      if (this.#running !== null) await this.#dial(this.#running)
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

  /** The demo's link does not outlive the demo: also not when the app was cut off. */
  async forget(): Promise<void> {
    const { live, links, log } = this.#parts
    if (live.links.get(demoLink) === undefined) return
    await links
      .remove(demoLink, by)
      .catch((error: unknown) => log.warn('demo-link', { error: String(error) }))
  }

  async #dial({ openEye }: Demo): Promise<void> {
    if (openEye === null) return
    const { links, log } = this.#parts
    const { url, user, password } = openEye
    try {
      await links.save(profileOf(url), by)
      await links.credentials(demoLink, { is: 'password', user, password }, by)
    } catch (error) {
      log.warn('demo-link', { error: String(error) }) // the devices of the demo run all the same
    }
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {})
    return result
  }
}

function profileOf(url: string): LinkProfile {
  return {
    id: demoLink,
    driver: 'openeye-client',
    name: 'Demo OpenEye',
    enabled: true,
    url,
    ladder: 'lan',
    pollMs: 5000,
    zone: 'utc',
    recognitionZone: 'local',
    // Four small streams on this very machine: each sighting then has the picture it was made on.
    keepStreams: true,
  }
}
