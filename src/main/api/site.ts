/** The installation, the session, the settings, the timeline. */
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

/** The blue-light hub and the face engine are there from the first start. */
const builtInCount = 2

type Elsewhere =
  | 'alerts'
  | 'devices'
  | 'cameras'
  | 'plans'
  | 'analysis'
  | 'recordings'
  | 'webcam'
  | 'walls'
  | 'events'
  | 'rules'
  | 'faces'
  | 'people'
  | 'links'
  | 'orders'
  | 'vehicles'
  | 'modules'
  | 'lidars'
  | 'stops'
  | 'vehicleRules'
  | 'bus'

type Names = Exclude<keyof Api, 'statistics' | Elsewhere | `${Elsewhere}.${string}`>

export function siteHandlers(parts: ApiParts): Pick<Handlers<Api>, Names> {
  const { store, live, clock, demo, access } = parts
  /** Nothing was ever connected: no device, no link but the ones that come with it, no history, and no demo on its way. */
  function isFirstRun(): boolean {
    const { total = 0 } = live.counts.get('all') ?? {}
    return live.devices.size === 0 && live.links.size <= builtInCount && total === 0 && !demo.running()
  }

  return {
    site(_, session) {
      const settings = parts.settings()
      return {
        version: parts.version,
        role: session.role,
        user: session.user,
        shell: parts.shell,
        siteName: settings.siteName,
        timeZone: settings.timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone,
        language: settings.language,
        sound: settings.sound,
        notePriority: settings.notePriority,
        firstRun: isFirstRun(),
        demoAvailable: demo.available,
      }
    },
    async 'session.sign-on'({ name }, session) {
      if (session.user === name) return {}
      session.user = name
      const text = `${name} signed on as ${session.role}`
      await store.addTimeline({
        at: clock.now(),
        type: 'signed-on',
        link: null,
        device: null,
        by: name,
        text,
      })
      return {}
    },
    health: live.health,
    'access.links': () => ({ links: [...access.links()] }),
    async 'access.rotate'({ role }) {
      await access.rotate(role)
      return {}
    },
    'hardware.ports': () => parts.serialPorts(),
    async 'demo.start'() {
      if (!demo.available)
        throw new Fault(
          'not-found',
          'The demo site is not part of this installation',
          'Start it from a checkout with: npm run demo',
        )
      await demo.start()
      return {}
    },
    async 'demo.stop'() {
      await demo.stop()
      return {}
    },
    timeline: {
      head: () => store.timelineHead(),
      read: (after, limit) => store.timeline(after, limit),
      subscribe: (listener) => store.onChange((change) => change.timelineHead !== null && listener()),
    },
    async 'timeline.recent'({ limit }) {
      const before = Math.max(0, store.timelineHead() - limit)
      return { entries: [...(await store.timeline(before, limit))] }
    },
    async 'timeline.marks'({ fromAt, toAt, slices }) {
      if (toAt <= fromAt)
        throw new Fault('bad-input', 'The range ends before it begins', 'Choose an end after the start.')
      const [marks, coverage] = await Promise.all([
        store.marks(fromAt, toAt, slices),
        store.coverage(fromAt, toAt),
      ])
      return { marks: [...marks], coverage: [...coverage] }
    },
    settings: live.settings,
    async 'settings.set'({ key, value }, { user }) {
      await parts.changeSetting(key, value, user)
      return {}
    },
  }
}
