/** Looks at every vehicle, module, LiDAR and link as they change, and raises and clears the alerts the rules ask for. */
import type { Alert, AlertState } from '../../contract/alerts.ts'
import { Fault } from '../../contract/fault.ts'
import type { Link, LinkId } from '../../contract/links.ts'
import type { RegisterMap } from '../../contract/modules.ts'
import {
  priorityOfLevel,
  usualVehicleRules,
  type VehicleCondition,
  type VehicleRule,
  vehicleConditions,
} from '../../contract/vehicle-rules.ts'
import { LiveTable } from '../live/live-table.ts'
import type { Store } from '../store/store.ts'
import { Alarms } from './alarms.ts'
import { type Observation, observe } from './conditions.ts'
import { type DeskParts, note } from './parts.ts'
import { stopSourceId } from './stop-requests.ts'

type Parts = Pick<DeskParts, 'store' | 'live' | 'clock' | 'log' | 'ingest'> & {
  readonly maps: readonly RegisterMap[]
}

/** Delays and staleness pass by themselves; what changes is looked at at once. */
const lookEveryMs = 250
/** Many rows change together: they are looked at together. */
const gatherMs = 10
/** A link that was just opened, or lost for a moment, is given this long. */
const linkAwayMs = 5000

const vehicleDrivers: readonly Link['driver'][] = ['modbus-bus', 'rplidar', 'oht50-client']
const linkPrefix = 'vehicle-link:'
const openStates: AlertState[] = ['unacknowledged-active', 'acknowledged-active', 'shelved', 'out-of-service']

export class VehicleWatch {
  readonly rules = new LiveTable<VehicleRule>()
  readonly #parts: Parts
  readonly #alarms: Alarms
  readonly #undo: (() => void)[]
  #gathering: (() => void) | null = null

  private constructor(parts: Parts) {
    this.#parts = parts
    this.#alarms = new Alarms(parts)
    const { live, clock } = parts
    const soon = () => this.#soon()
    this.#undo = [
      clock.every(lookEveryMs, () => this.#look()),
      live.vehicles.subscribe(soon),
      live.modules.subscribe(soon),
      live.lidars.subscribe(soon),
      live.links.subscribe((changes) => {
        for (const change of changes) if ('gone' in change) this.#forgetLink(change.gone)
        soon()
      }),
    ]
  }

  static async open(parts: Parts): Promise<VehicleWatch> {
    const [kept, profiles, open] = await Promise.all([
      parts.store.kept('vehicle-rule'),
      parts.store.links(),
      openAlerts(parts.store),
    ])
    const watch = new VehicleWatch(parts)
    const changed = new Map(kept.map((rule) => [rule.id, rule]))
    watch.rules.set(...usualVehicleRules.map((rule) => changed.get(rule.id) ?? rule))
    watch.#adopt(open, new Set(profiles.map(({ id }) => id)))
    return watch
  }

  async saveRule(rule: VehicleRule, by: string): Promise<void> {
    const usual = usualVehicleRules.find(({ id }) => id === rule.id)
    const needsNumber = usual !== undefined && usual.threshold !== null
    if (needsNumber && (rule.threshold === null || rule.deadband === null))
      throw new Fault('bad-input', `${rule.id} needs a threshold and a deadband`, 'Type a number for each.')
    await this.#parts.store.keep('vehicle-rule', rule)
    this.rules.set(rule)
    const number =
      rule.threshold === null ? '' : `, threshold ${rule.threshold}, deadband ${rule.deadband ?? 0}`
    const delays = `raised after ${rule.onDelayMs} ms, cleared after ${rule.offDelayMs} ms`
    const text = `Rule ${rule.id}: ${rule.enabled ? rule.level : 'off'}${number}, ${delays}`
    note(this.#parts, { type: 'vehicle-rule-changed', link: null, device: null, by, text })
    this.#look()
  }

  /** Of a module that an admin removed. */
  forgetPart(part: string): void {
    for (const { key } of [...this.#alarms.raised()])
      if (conditionKeys(part).some((end) => key.endsWith(end)))
        this.#alarms.clear(key, 'removed from the list')
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo()
    this.#gathering?.()
    await this.#alarms.close()
  }

  #soon(): void {
    this.#gathering ??= this.#parts.clock.after(gatherMs, () => this.#look())
  }

  #look(): void {
    this.#gathering?.()
    this.#gathering = null
    const { live, clock, maps } = this.#parts
    const seen = observe({
      reports: live.vehicles.snapshot(),
      modules: live.modules.snapshot(),
      lidars: live.lidars.snapshot(),
      maps,
      now: clock.now(),
      nameOf: (link) => live.links.get(link)?.name ?? link,
      isUp: (link) => isUp(live.links.get(link)),
      rule: (id) => this.#rule(id),
      isRaised: (vehicle, condition, part) => this.#alarms.isRaised(keyOf({ vehicle, condition, part })),
    })
    for (const one of seen) this.#step(one)
    for (const link of live.links.snapshot()) if (vehicleDrivers.includes(link.driver)) this.#stepLink(link)
  }

  #step(seen: Observation): void {
    const { enabled, level, onDelayMs, offDelayMs } = this.#rule(seen.condition)
    const key = keyOf(seen)
    if (!enabled) {
      this.#alarms.clear(key, 'its rule was switched off')
      return
    }
    this.#alarms.step({
      key,
      is: seen.is,
      onDelayMs,
      offDelayMs,
      source: seen.link,
      kind: 'vehicle',
      priority: priorityOfLevel[level],
      device: seen.vehicle,
      text: seen.text,
    })
  }

  /** The root cause of everything that is not known of a bus or a vehicle. */
  #stepLink(link: Link): void {
    const { is } = link.state
    const key = linkPrefix + link.id
    if (is === 'stopped') {
      if (!link.profile.enabled) this.#alarms.clear(key, 'the link was switched off')
      return
    }
    const why = 'reason' in link.state && link.state.reason !== '' ? `: ${link.state.reason}` : ''
    this.#alarms.step({
      key,
      is: !isUp(link) && !this.#lidarSaysWhy(link),
      onDelayMs: linkAwayMs,
      offDelayMs: 0,
      source: link.id,
      kind: 'link-silent',
      priority: 'high',
      device: null,
      text: `${link.name} is ${is}: nothing is known of what is behind it${why}`,
    })
  }

  /** A LiDAR that is silent because it is not well has an alarm of its own, which says more. */
  #lidarSaysWhy({ id }: Link): boolean {
    const lidar = this.#parts.live.lidars.get(id)
    if (lidar === undefined || lidar.source !== 'serial') return false
    const isUnwell = lidar.health !== 'good' && lidar.health !== 'unknown'
    return isUnwell && this.#rule('lidar-health').enabled
  }

  #rule(id: VehicleCondition): VehicleRule {
    const rule = this.rules.get(id)
    if (rule === undefined) throw new Error(`no rule ${id}`)
    return rule
  }

  #forgetLink(gone: string): void {
    for (const { key, source } of [...this.#alarms.raised()])
      if (source === gone) this.#alarms.clear(key, 'its link was removed')
  }

  /** What was open when the app ended: looked at like the rest as soon as something fresh is known of it. */
  #adopt(open: readonly Alert[], links: ReadonlySet<LinkId>): void {
    for (const alert of open) {
      const key = adoptedKey(alert)
      if (key === null) continue
      // Two of the same: one of them is enough to go on with.
      if (this.#alarms.isRaised(key)) this.#alarms.clear(key, 'told again since')
      this.#alarms.adopt(key, alert)
      if (key.startsWith(stopSourceId))
        this.#alarms.clear(
          key,
          'Watchfloor was restarted: it is no longer sent, and how it ended was not seen',
        )
      else if (!links.has(alert.source)) this.#alarms.clear(key, 'its link was removed')
    }
  }
}

function keyOf({ vehicle, condition, part }: Pick<Observation, 'vehicle' | 'condition' | 'part'>): string {
  return `vehicle:${vehicle}:${condition}:${part}`
}

function conditionKeys(part: string): string[] {
  return vehicleConditions.map((condition) => `:${condition}:${part}`)
}

/** Null for an alert that is none of ours. */
function adoptedKey({ sourceId }: Alert): string | null {
  if (sourceId.startsWith(stopSourceId)) return sourceId
  if (!sourceId.startsWith('vehicle:') && !sourceId.startsWith(linkPrefix)) return null
  return sourceId.replace(/:\d+$/, '')
}

function isUp(link: Link | undefined): boolean {
  return link?.state.is === 'live' || link?.state.is === 'polling'
}

async function openAlerts(store: Store): Promise<Alert[]> {
  const open: Alert[] = []
  const filter = { kinds: ['vehicle' as const, 'link-silent' as const], states: openStates }
  let after: Parameters<Store['page']>[1] = null
  do {
    const page = await store.page(filter, after, 500)
    open.push(...page.rows.filter(({ clearedAt }) => clearedAt === null))
    after = page.next
  } while (after !== null)
  return open
}
