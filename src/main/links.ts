/** Opens, changes and closes the running links, and keeps their rows in live, their profiles in the store, their secrets apart. */
import type { Credentials } from '../contract/accounts.ts'
import { Fault } from '../contract/fault.ts'
import { type Link, LinkId, type LinkProfile, type LinkTest } from '../contract/links.ts'
import type { Settings } from '../contract/settings.ts'
import type { Ingest } from './ingest.ts'
import type { Clock } from './io/clock.ts'
import type { Driver, LinkContext, RunningLink, SecretSlot, SiteView, VehicleSide } from './link.ts'
import { audienceOf, checkProfile, firstRow } from './link-checks.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { Secrets } from './secrets.ts'
import type { Store } from './store/store.ts'

/** The hub every installation has. Its host, port and heartbeat are settings, so flags can set them. */
export const hubLink = LinkId.parse('blue-light')
/** The face engine every installation has. It does nothing until a camera's plan asks for it. */
export const deviceFacesLink = LinkId.parse('device-faces')
export const builtInLinks: ReadonlySet<LinkId> = new Set([hubLink, deviceFacesLink])
const usualThreshold = 0.7

/** Erases which profile a driver is for; `driverOf` is the one place that pairs them again. */
export type Drivers = { readonly [N in LinkProfile['driver']]: Driver<Extract<LinkProfile, { driver: N }>> }

interface Parts {
  readonly store: Store
  readonly live: Live
  readonly clock: Clock
  readonly log: Log
  readonly drivers: Drivers
  readonly secrets: Secrets
  readonly settings: () => Settings
  readonly changeSetting: (
    key: 'hubHost' | 'hubPort' | 'heartbeatMs',
    value: unknown,
    by: string,
  ) => Promise<void>
  readonly ingest: () => Ingest
  readonly site: () => SiteView
  readonly vehicles?: (id: LinkId) => VehicleSide
}

export class Links {
  readonly #parts: Parts
  readonly #running = new Map<LinkId, RunningLink>()
  /** Changes one after the other: two at once would open the same link twice. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
    const { live, secrets } = parts
    secrets.onChange((id) => {
      const row = live.links.get(id)
      const secret = secrets.kept(id)
      if (row !== undefined && row.secret !== secret) live.links.set({ ...row, secret })
    })
  }

  async openAll(): Promise<void> {
    const stored = await this.#parts.store.links()
    const hub = stored.find(({ id }) => id === hubLink) ?? this.#hubProfile('Blue light', true)
    const engine = stored.find(({ id }) => id === deviceFacesLink) ?? engineProfile
    const others = stored.filter(({ id }) => !builtInLinks.has(id))
    for (const profile of [hub, engine, ...others]) await this.#start(this.#withSettings(profile))
  }

  running(id: LinkId): RunningLink | undefined {
    return this.#running.get(id)
  }

  save(profile: LinkProfile, by: string): Promise<void> {
    return this.#inTurn(() => this.#save(profile, by))
  }

  remove(id: LinkId, by: string): Promise<void> {
    return this.#inTurn(() => this.#remove(id, by))
  }

  credentials(id: LinkId, credentials: Credentials | null, by: string): Promise<void> {
    return this.#inTurn(() => this.#keepCredentials(id, credentials, by))
  }

  /** The hub again, after one of its settings changed. */
  reopenHub(): Promise<void> {
    return this.#inTurn(() => this.#restart(this.#row(hubLink).profile))
  }

  /** With credentials that are typed but not kept yet; without, with the kept ones, if they are for the same server. */
  async test(profile: LinkProfile, credentials?: Credentials): Promise<LinkTest> {
    checkProfile(profile)
    const driver = this.#driverOf(profile)
    return driver.test(profile, await this.#testSlot(profile, driver, credentials))
  }

  retry(id: LinkId): void {
    this.#row(id)
    this.#running.get(id)?.retry()
  }

  closeAll(): Promise<void> {
    return this.#inTurn(async () => {
      await Promise.all([...this.#running.keys()].map((id) => this.#stop(id)))
    })
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {})
    return result
  }

  async #save(profile: LinkProfile, by: string): Promise<void> {
    const { store, settings, live, secrets } = this.#parts
    checkProfile(profile)
    if (profile.id === hubLink) {
      if (profile.driver !== 'blue-light-hub')
        throw new Fault('bad-input', 'The built-in hub cannot become a client', 'Add another link instead.')
      const { hubHost, hubPort, heartbeatMs } = settings()
      if (profile.host !== hubHost) await this.#parts.changeSetting('hubHost', profile.host, by)
      if (profile.port !== hubPort) await this.#parts.changeSetting('hubPort', profile.port, by)
      if (profile.heartbeatMs !== heartbeatMs)
        await this.#parts.changeSetting('heartbeatMs', profile.heartbeatMs, by)
    }
    if (profile.driver === 'device-faces' && profile.id !== deviceFacesLink)
      throw new Fault(
        'bad-input',
        'There is one face engine in an installation',
        'Edit the one that is there.',
      )
    const before = live.links.get(profile.id)?.profile
    if (before !== undefined && before.driver !== profile.driver)
      throw new Fault(
        'bad-input',
        `${before.name} speaks ${before.driver} and cannot become ${profile.driver}`,
        'Add another link, and remove this one.',
      )
    const isElsewhere = before !== undefined && audienceOf(before) !== audienceOf(profile)
    const forgets = isElsewhere && secrets.kept(profile.id) !== 'none'
    await store.saveLink(profile)
    await this.#note(profile.id, by, `${profile.name}: saved${profile.enabled ? '' : ', switched off'}`)
    await this.#stop(profile.id)
    // Also what cannot be read today: it was for another server.
    if (isElsewhere) await secrets.forget(profile.id)
    if (forgets)
      await this.#note(
        profile.id,
        by,
        `${profile.name}: another server, so its credentials were forgotten`,
        'account-changed',
      )
    await this.#start(this.#withSettings(profile))
  }

  async #remove(id: LinkId, by: string): Promise<void> {
    const { live, store, secrets } = this.#parts
    const row = this.#row(id)
    if (id === hubLink)
      throw new Fault('wrong-state', 'The built-in hub stays', 'Switch it off instead: edit the link.')
    if (id === deviceFacesLink)
      throw new Fault(
        'wrong-state',
        'The face engine of this installation stays',
        'Switch it off instead: edit the link. Whom it knows is erased under Faces, People.',
      )
    await this.#stop(id)
    await secrets.forget(id)
    await store.removeLink(id)
    live.links.delete(id)
    // What happened on its cameras stays; the cameras and people themselves are only known through it.
    const cameras = [...live.cameras.snapshot()].filter(({ link }) => link === id).map((one) => one.id)
    const people = [...live.people.snapshot()].filter(({ link }) => link === id).map((one) => one.id)
    live.cameras.delete(...cameras)
    live.facesNow.delete(...cameras)
    live.people.delete(...people)
    live.statistics.delete(id)
    if (cameras.length > 0) await store.unkeep('camera', ...cameras)
    if (people.length > 0) await store.unkeep('person', ...people)
    const modules = [...live.modules.snapshot()].filter(({ link }) => link === id).map((one) => one.id)
    live.vehicles.delete(id)
    live.lidars.delete(id)
    live.modules.delete(...modules)
    if (modules.length > 0) await store.unkeep('module', ...modules)
    await this.#note(id, by, `${row.name}: removed`)
  }

  async #keepCredentials(id: LinkId, credentials: Credentials | null, by: string): Promise<void> {
    const row = this.#row(id)
    const { keepCredentials } = this.#driverOf(row.profile)
    if (keepCredentials === undefined)
      throw new Fault(
        'bad-input',
        `${row.name} has no use for credentials`,
        'It connects without logging in.',
      )
    const text = credentials === null ? null : keepCredentials(credentials)
    await this.#parts.secrets.slot(id).write(text)
    const what = credentials === null ? 'forgotten' : 'set'
    await this.#note(id, by, `${row.name}: credentials ${what} by ${by}`, 'account-changed')
    await this.#restart(row.profile)
  }

  /** What a test learns is not kept: it reads the real slot at most once and writes into memory. */
  async #testSlot(
    profile: LinkProfile,
    driver: Driver,
    credentials: Credentials | undefined,
  ): Promise<SecretSlot> {
    const { live, secrets } = this.#parts
    const saved = live.links.get(profile.id)?.profile
    let text: string | null = null
    if (credentials !== undefined) text = driver.keepCredentials?.(credentials) ?? null
    else if (saved?.driver === profile.driver && audienceOf(saved) === audienceOf(profile))
      text = await secrets.slot(profile.id).read()
    return {
      read: async () => text,
      write: async (next) => {
        text = next
      },
    }
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
    const { live, store, settings, clock, log, secrets, vehicles } = this.#parts
    const driver = this.#driverOf(profile)
    live.links.set(firstRow(profile, driver.role, secrets.kept(profile.id), clock.now()))
    if (!profile.enabled) return
    const ingest = this.#parts.ingest()
    const context: LinkContext = {
      profile,
      settings: settings(),
      clock,
      log,
      knownDevices: (await store.devices()).filter((device) => device.link === profile.id),
      secret: secrets.slot(profile.id),
      site: this.#parts.site(),
      ...(vehicles && { vehicles: vehicles(profile.id) }),
      faces: {
        read: () => store.faceLibrary(),
        photo: (id) => store.facePhoto(id),
        change: (change) => store.changeFaces(change),
      },
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

  async #restart(profile: LinkProfile): Promise<void> {
    await this.#stop(profile.id)
    await this.#start(this.#withSettings(profile))
  }

  #note(
    link: LinkId,
    by: string,
    text: string,
    type: 'link-changed' | 'account-changed' = 'link-changed',
  ): Promise<void> {
    const { store, clock } = this.#parts
    return store.addTimeline({ at: clock.now(), type, link, device: null, by, text })
  }
}

const engineProfile: LinkProfile = {
  id: deviceFacesLink,
  driver: 'device-faces',
  name: 'This machine’s face engine',
  enabled: true,
  threshold: usualThreshold,
}
