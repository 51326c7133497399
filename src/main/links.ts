/** Opens, changes and closes the running links, and keeps their rows in live and their profiles in the store. */
import { Fault } from '../contract/fault.ts'
import { type Link, LinkId, type LinkProfile, type LinkTest, noCounters } from '../contract/links.ts'
import type { Settings } from '../contract/settings.ts'
import type { Ingest } from './ingest.ts'
import type { Clock } from './io/clock.ts'
import type { Driver, LinkContext, RunningLink } from './link.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'

/** The hub every installation has. Its host, port and heartbeat are settings, so flags can set them. */
export const hubLink = LinkId.parse('blue-light')

/** Erases which profile a driver is for; `driverOf` is the one place that pairs them again. */
export type Drivers = { readonly [N in LinkProfile['driver']]: Driver<Extract<LinkProfile, { driver: N }>> }

interface Parts {
  readonly store: Store
  readonly live: Live
  readonly clock: Clock
  readonly log: Log
  readonly drivers: Drivers
  readonly settings: () => Settings
  readonly changeSetting: (
    key: 'hubHost' | 'hubPort' | 'heartbeatMs',
    value: unknown,
    by: string,
  ) => Promise<void>
  readonly ingest: () => Ingest
}

export class Links {
  readonly #parts: Parts
  readonly #running = new Map<LinkId, RunningLink>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async openAll(): Promise<void> {
    const stored = await this.#parts.store.links()
    const hub = stored.find(({ id }) => id === hubLink) ?? this.#hubProfile('Blue light', true)
    const others = stored.filter(({ id }) => id !== hubLink)
    for (const profile of [hub, ...others]) await this.#start(this.#withSettings(profile))
  }

  get(id: LinkId): RunningLink | undefined {
    return this.#running.get(id)
  }

  async save(profile: LinkProfile, by: string): Promise<void> {
    const { store, settings } = this.#parts
    if (profile.driver === 'blue-light-client') checkUrl(profile.url)
    if (profile.id === hubLink) {
      if (profile.driver !== 'blue-light-hub')
        throw new Fault('bad-input', 'The built-in hub cannot become a client', 'Add another link instead.')
      const { hubHost, hubPort, heartbeatMs } = settings()
      if (profile.host !== hubHost) await this.#parts.changeSetting('hubHost', profile.host, by)
      if (profile.port !== hubPort) await this.#parts.changeSetting('hubPort', profile.port, by)
      if (profile.heartbeatMs !== heartbeatMs)
        await this.#parts.changeSetting('heartbeatMs', profile.heartbeatMs, by)
    }
    await store.saveLink(profile)
    await this.#note(profile.id, by, `${profile.name}: saved${profile.enabled ? '' : ', switched off'}`)
    await this.#stop(profile.id)
    await this.#start(this.#withSettings(profile))
  }

  async remove(id: LinkId, by: string): Promise<void> {
    const row = this.#row(id)
    if (id === hubLink)
      throw new Fault('wrong-state', 'The built-in hub stays', 'Switch it off instead: edit the link.')
    await this.#stop(id)
    this.#parts.live.links.delete(id)
    await this.#parts.store.removeLink(id)
    await this.#note(id, by, `${row.name}: removed`)
  }

  /** The hub again, after one of its settings changed. */
  async reopenHub(): Promise<void> {
    const { profile } = this.#row(hubLink)
    await this.#stop(hubLink)
    await this.#start(this.#withSettings(profile))
  }

  test(profile: LinkProfile): Promise<LinkTest> {
    if (profile.driver === 'blue-light-client') checkUrl(profile.url)
    return this.#driverOf(profile).test(profile)
  }

  retry(id: LinkId): void {
    this.#row(id)
    this.#running.get(id)?.retry()
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.#stop(id)))
  }

  #row(id: LinkId): Link {
    const row = this.#parts.live.links.get(id)
    if (row === undefined)
      throw new Fault('not-found', `No link ${id}`, 'It may have been removed; look at the list again.')
    return row
  }

  #hubProfile(name: string, enabled: boolean): LinkProfile {
    const { hubHost: host, hubPort: port, heartbeatMs } = this.#parts.settings()
    return { id: hubLink, driver: 'blue-light-hub', name, enabled, host, port, heartbeatMs }
  }

  #withSettings(profile: LinkProfile): LinkProfile {
    return profile.id === hubLink ? this.#hubProfile(profile.name, profile.enabled) : profile
  }

  #driverOf(profile: LinkProfile): Driver {
    return this.#parts.drivers[profile.driver] as Driver
  }

  async #start(profile: LinkProfile): Promise<void> {
    const { live, store, settings, clock, log } = this.#parts
    const driver = this.#driverOf(profile)
    live.links.set(firstRow(profile, driver.role, clock.now()))
    if (!profile.enabled) return
    const ingest = this.#parts.ingest()
    const context: LinkContext = {
      profile,
      settings: settings(),
      clock,
      log,
      knownDevices: (await store.devices()).filter((device) => device.link === profile.id),
      inspected: () => live.messages.watched(profile.id),
      raise: (fact) => ingest.raise(fact),
      tell: (fact) => ingest.tell(fact),
    }
    this.#running.set(profile.id, await driver.open(context))
  }

  async #stop(id: LinkId): Promise<void> {
    const running = this.#running.get(id)
    this.#running.delete(id)
    await running?.close()
  }

  #note(link: LinkId, by: string, text: string): Promise<void> {
    const { store, clock } = this.#parts
    return store.addTimeline({ at: clock.now(), type: 'link-changed', link, device: null, by, text })
  }
}

function firstRow(profile: LinkProfile, role: Link['role'], now: number): Link {
  const address = profile.driver === 'blue-light-hub' ? `ws://${profile.host}:${profile.port}` : profile.url
  return {
    id: profile.id,
    name: profile.name,
    driver: profile.driver,
    role,
    address,
    state: profile.enabled ? { is: 'opening', attempt: 1 } : { is: 'stopped' },
    stateSince: now,
    lastUsefulAt: null,
    budgetMs: 60_000,
    peers: 0,
    queueDepth: 0,
    counters: noCounters,
    profile,
  }
}

function checkUrl(text: string): void {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'ws:' && url.protocol !== 'wss:'))
    throw new Fault(
      'bad-input',
      `"${text}" is not a WebSocket address`,
      'It looks like ws://192.168.1.20:8765 or wss://relay.example.org/path.',
    )
  if (url.username !== '' || url.password !== '')
    throw new Fault(
      'bad-input',
      'The address carries a password',
      'Leave it out: addresses are shown on screen and in logs.',
    )
}
