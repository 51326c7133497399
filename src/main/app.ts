/** The composition root: builds, starts and stops everything. The only file that knows everybody. */
import type { DestinationStream } from 'pino'
import { type Api, api } from '../contract/api.ts'
import type { CameraId } from '../contract/cameras.ts'
import { Fault } from '../contract/fault.ts'
import type { Role } from '../contract/kinds.ts'
import { type SettingKey, type Settings, settingsTable } from '../contract/settings.ts'
import type { Handlers, Session } from '../rpc/handlers.ts'
import { type Served, serve } from '../rpc/server.ts'
import type { Wire } from '../rpc/wire.ts'
import { Analyst } from './analyst/analyst.ts'
import { createHandlers } from './api/handlers.ts'
import { appearancesIn } from './appearances.ts'
import { createCameraBlue } from './camera-blue.ts'
import { type Config, resolveSettings, settingRows } from './config.ts'
import { type Demo, DemoSite } from './demo.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import { drivers } from './drivers/index.ts'
import { applyChange, loadKept, shownOrders } from './fill-live.ts'
import { createIngest, type Ingest } from './ingest.ts'
import { type Clock, systemClock } from './io/clock.ts'
import { listSerialPorts, portUsers } from './io/serial-ports.ts'
import { Links } from './links.ts'
import { createLive, type Live } from './live/live.ts'
import { openAlertsCap } from './live/open-alerts.ts'
import { createLog, type Log } from './log.ts'
import { orderAlarm } from './order-alarm.ts'
import type { VideoExports } from './recorder/export/exports.ts'
import { Recorder } from './recorder/recorder.ts'
import { startRounds } from './rounds.ts'
import { RuleEngine } from './rule-engine.ts'
import { tryRule } from './rule-trial.ts'
import { openSecrets, type Protect } from './secrets.ts'
import { SiteStatistics } from './site-statistics.ts'
import { createSiteView } from './site-view.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/store.ts'
import type { VehicleDesk } from './vehicles/desk.ts'
import { openVehicleDesk } from './vehicles/open-desk.ts'
import { vehicleSide } from './vehicles/view.ts'

/** What a shell tells the app about its host. */
export interface Host {
  readonly dataDir: string
  readonly version: string
  readonly shell: 'electron' | 'node'
  readonly logSink: DestinationStream
  readonly access?: { links(): readonly { role: Role; url: string }[]; rotate(role: Role): Promise<void> }
  /** Starts the demo devices against a hub address. */
  readonly startDemo?: (hub: string) => Promise<Demo>
  /** The system's encryption for passwords and keys; without it they lie in a file only this account may read. */
  readonly protect?: Protect
}

export interface App {
  /** Serves the contract over a pipe to an already known session. */
  serve(wire: Wire, session: Session, onEnd?: () => void): Served
  readonly handlers: Handlers<Api>
  readonly store: Store
  readonly live: Live
  /** What screens exported, for the shell to hand out under its ticket. */
  readonly exports: Pick<VideoExports, 'take'>
  readonly log: Log
  readonly startedAt: number
  settings(): Settings
  close(): Promise<void>
}

export async function startApp(config: Config, host: Host, clock: Clock = systemClock): Promise<App> {
  const early = resolveSettings(config, {})
  const log = createLog(host.logSink, early.logLevel)
  const startedAt = clock.now()
  const store = await openStore({ dir: host.dataDir, log, clock, appVersion: host.version })
  await store.resumeCoverage(startedAt)
  const secrets = await openSecrets(host.dataDir, host.protect, log)
  if (secrets.trouble !== null) await note(secrets.trouble, 'store-trouble')

  let stored = await store.settings()
  let settings = resolveSettings(config, stored)
  const live = createLive({
    clock,
    refillAlerts: () => store.open(openAlertsCap),
    sourceOf: (camera) => {
      const link = live.cameras.get(camera)?.link
      return link === undefined ? undefined : links.running(link)?.cameras
    },
  })
  let ingest: Ingest
  let dispatch: Dispatch
  let fleet: VehicleDesk
  const site = createSiteView({ store, live, running: (id) => links.running(id) })

  async function changeSetting(key: string, value: unknown, by: string): Promise<void> {
    const option = settingsTable[key as SettingKey]
    const fixed = config.get(key as SettingKey)
    if (fixed !== undefined)
      throw new Fault(
        'wrong-state',
        `${key} is fixed by the ${fixed.from === 'flag' ? 'command line' : 'environment'}`,
        'Start without it to change it here.',
      )
    const parsed = option.schema.safeParse(value)
    if (!parsed.success)
      throw new Fault(
        'bad-input',
        parsed.error.issues[0]?.message ?? 'not a value for this option',
        option.text,
      )
    const was = settings[key as SettingKey]
    await store.saveSetting(key, parsed.data)
    stored = { ...stored, [key]: parsed.data }
    settings = resolveSettings(config, stored)
    live.settings.set(...settingRows(config, stored))
    const text = `${key}: ${JSON.stringify(was)} → ${JSON.stringify(parsed.data)}`
    await store.addTimeline({ at: clock.now(), type: 'setting-changed', link: null, device: null, by, text })
  }

  const links = new Links({
    store,
    live,
    clock,
    log,
    drivers,
    secrets,
    settings: () => settings,
    changeSetting,
    ingest: () => ingest,
    site: () => site,
    vehicles: (id) => vehicleSide(id, live, fleet),
  })
  dispatch = createDispatch({
    store,
    clock,
    log,
    link: (id) => links.running(id),
    isUp: (id) => ['live', 'polling'].includes(live.links.get(id)?.state.is ?? ''),
    parked: (row, reason) =>
      void ingest
        .raise(orderAlarm(row, reason, clock.now()))
        .catch((error: unknown) => log.error('order-alarm', { error: String(error) })),
  })
  const appearances = appearancesIn(store, live, clock, log)
  ingest = createIngest({
    store,
    live,
    clock,
    log,
    wake: dispatch.wake,
    found: (fact) => appearances.take(fact),
    busFrames: (link, frames) => fleet.saw(link, frames),
  })

  fleet = await openVehicleDesk({ dataDir: host.dataDir, store, live, clock, log, ingest, dispatch, links })

  const zone = () => settings.timeZone
  store.onChange((change) => applyChange(live, change))
  const ruleEngine = new RuleEngine({ store, live, clock, log, zone, raise: ingest.raise })
  live.settings.set(...settingRows(config, stored))
  live.orders.set(...(await store.orders(shownOrders)))
  live.devices.set(
    ...(await store.devices()).map((device) => ({ ...device, state: 'disconnected' as const })),
  )
  await loadKept(store, live)
  await live.alerts.load()
  live.counts.set({ ...(await store.counts()), shown: live.alerts.table.size })

  const cameraBlue = createCameraBlue({ live, clock, log, ingest, dispatch, links, settings: () => settings })
  const analyst = new Analyst({
    clock,
    live,
    running: (id) => links.running(id),
    blueSensitivity: () => settings.blueSensitivity,
    blue: (report) => cameraBlue.report(report),
  })

  const { dataDir, version } = host
  const recorder = await Recorder.open({
    ...{ dataDir, version, store, live, clock, log, ingest },
    settings: () => settings,
  })
  const records = (camera: CameraId) => recorder.cameras.get(camera)?.state === 'recording'
  const statistics = new SiteStatistics({ store, live, clock, log, zone, records })
  await statistics.read()

  const demo = new DemoSite({ live, store, dispatch, log, links, start: host.startDemo })

  /** Hub settings take effect at once: the hub opens again where it is told to be. */
  async function changeByScreen(key: string, value: unknown, by: string): Promise<void> {
    await changeSetting(key, value, by)
    if (hubSettings.includes(key)) await links.reopenHub()
  }

  const handlers = createHandlers({
    store,
    live,
    dispatch,
    clock,
    version: host.version,
    shell: host.shell,
    settings: () => settings,
    changeSetting: changeByScreen,
    links: {
      save: (profile, by) => links.save(profile, by),
      remove: (id, by) => links.remove(id, by),
      test: (profile, credentials) => links.test(profile, credentials),
      credentials: (id, credentials, by) => links.credentials(id, credentials, by),
      retry: (id) => links.retry(id),
      forget: (id, device) => links.running(id)?.forget(device),
      running: (id) => links.running(id),
    },
    site,
    recorder,
    analyst,
    fleet,
    tryRule: (rule, days, signal) => tryRule(store, { rule, days, signal, now: clock.now(), zone: zone() }),
    demo,
    access: host.access ?? { links: () => [], rotate: async () => {} },
    serialPorts: () => listSerialPorts(portUsers(live.links.snapshot())),
  })

  const stopRounds = await startRounds({
    store,
    live,
    dispatch,
    clock,
    log,
    startedAt,
    statistics,
    settings: () => settings,
    demoRunning: () => demo.running(),
  })
  await note(`Watchfloor ${host.version} started`, 'app-started')
  await links.openAll()
  await demo.forget()
  if (early.demo)
    void demo.start().catch((error: unknown) => log.error('demo-not-started', { error: String(error) }))
  log.info('app-started', { version: host.version, shell: host.shell })

  function note(text: string, type: 'app-started' | 'app-stopped' | 'store-trouble'): Promise<void> {
    return store.addTimeline({ at: clock.now(), type, link: null, device: null, by: null, text })
  }

  let closing: Promise<void> | null = null
  async function close(): Promise<void> {
    stopRounds()
    await demo.stop()
    await links.closeAll()
    await dispatch.close()
    await recorder.close()
    live.frames.close()
    statistics.close()
    analyst.close()
    cameraBlue.close()
    await appearances.close()
    await ruleEngine.close()
    await fleet.close()
    await note('Watchfloor stopped', 'app-stopped').catch(() => {}) // a store in trouble must not keep the app from ending
    await store.close()
    log.info('app-stopped')
  }

  return {
    serve: (wire, session, onEnd = () => {}) =>
      serve(api, handlers, wire, session, { onBug: (error) => logBug(log, error), onEnd }),
    handlers,
    store,
    live,
    exports: recorder.exports,
    log,
    startedAt,
    settings: () => settings,
    close: () => (closing ??= close()),
  }
}

const hubSettings: readonly string[] = [
  'hubHost',
  'hubPort',
  'heartbeatMs',
  'alertsPerMinute',
  'blueSensitivity',
]

/** The screen gets only this id; the stack stays in the log. */
function logBug(log: Log, error: unknown): string {
  const id = Math.random().toString(36).slice(2, 8)
  log.error('bug', { id, error: error instanceof Error ? error : new Error(String(error)) })
  return id
}
