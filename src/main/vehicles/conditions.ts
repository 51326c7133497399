/**
 * The conditions of vehicles as they are now, pure. `true` and `false` need a fresh reading: what is stale, or of a bus that is away,
 * is neither, so it raises nothing and clears nothing.
 */
import type { Lidar, LidarZone } from '../../contract/lidar.ts'
import type { LinkId } from '../../contract/links.ts'
import type { Register, RegisterMap, VehicleModule } from '../../contract/modules.ts'
import type { VehicleName } from '../../contract/vehicle-name.ts'
import { isFresh } from '../../contract/vehicle-preconditions.ts'
import type { VehicleCondition, VehicleRule } from '../../contract/vehicle-rules.ts'
import type { Reading, VehicleReport } from '../../contract/vehicles.ts'

export interface Observation {
  readonly vehicle: VehicleName
  readonly condition: VehicleCondition
  /** The module or LiDAR it is of; empty: the vehicle itself. */
  readonly part: string
  /** Whose word it is. */
  readonly link: LinkId
  readonly is: boolean | null
  /** What is so, for people, with value and unit. */
  readonly text: string
}

export interface Sight {
  readonly reports: Iterable<VehicleReport>
  readonly modules: Iterable<VehicleModule>
  readonly lidars: Iterable<Lidar>
  readonly maps: readonly RegisterMap[]
  readonly now: number
  nameOf(link: LinkId): string
  /** Whether a link brings anything now. */
  isUp(link: LinkId): boolean
  rule(id: VehicleCondition): VehicleRule
  /** Whether its alert is open: then it takes the deadband to be over. */
  isRaised(vehicle: VehicleName, condition: VehicleCondition, part: string): boolean
}

export function observe(sight: Sight): Observation[] {
  const byVehicle = Map.groupBy(sight.reports, ({ vehicle }) => vehicle)
  return [
    ...[...byVehicle.values()].flatMap((reports) => ofVehicle(reports, sight)),
    ...[...sight.modules].flatMap((module) => ofModule(module, sight)),
    ...[...sight.lidars].flatMap((lidar) => ofLidar(lidar, sight)),
  ]
}

interface Said<V> {
  readonly report: VehicleReport
  readonly value: V
}

function fresh<V>(
  reports: readonly VehicleReport[],
  pick: (report: VehicleReport) => Reading<V> | null,
  now: number,
): Said<V>[] {
  return reports.flatMap((report) => {
    const reading = pick(report)
    return reading !== null && isFresh(reading, now) ? [{ report, value: reading.value }] : []
  })
}

function ofVehicle(reports: readonly VehicleReport[], sight: Sight): Observation[] {
  const [first] = reports
  if (first === undefined) return []
  const { now, nameOf } = sight
  const { vehicle } = first
  const seen = (condition: VehicleCondition, is: boolean | null, report: VehicleReport, text: string) =>
    ({ vehicle, condition, part: '', link: report.link, is, text: `${vehicle}: ${text}` }) as const

  const states = fresh(reports, ({ readings }) => readings.state, now)
  const chains = fresh(reports, ({ readings }) => readings.estop, now)
  const faulty = states.find(({ value }) => value === 'FAULT')
  const stopped = states.find(({ value }) => value === 'ESTOP')
  const pressed = chains.find(({ value }) => value)
  const words = faulty?.report.readings.fault
  const why = words && isFresh(words, now) ? `: ${words.value}` : ''
  const by = (report: VehicleReport) => `told by ${nameOf(report.link)}`
  const different = new Set(states.map(({ value }) => value)).size > 1
  const told = states.map(({ report, value }) => `${nameOf(report.link)} says ${value}`).join(', ')
  const estopBy = (stopped ?? pressed)?.report ?? first
  return [
    seen(
      'state-fault',
      states.length === 0 ? null : faulty !== undefined,
      faulty?.report ?? first,
      `state FAULT${why}, ${by(faulty?.report ?? first)}`,
    ),
    seen(
      'state-estop',
      states.length + chains.length === 0 ? null : (stopped ?? pressed) !== undefined,
      estopBy,
      `${stopped === undefined ? 'emergency stop pressed' : 'state ESTOP'}, ${by(estopBy)}`,
    ),
    // With one source left nobody knows whether they still disagree.
    seen('sources-disagree', states.length < 2 ? null : different, first, `its sources disagree: ${told}`),
    battery(reports, first, sight, seen),
    hotVehicle(reports, first, sight, seen),
  ]
}

type Seen = (c: VehicleCondition, is: boolean | null, report: VehicleReport, text: string) => Observation

/** The lowest of what its sources say. */
function battery(
  reports: readonly VehicleReport[],
  first: VehicleReport,
  sight: Sight,
  seen: Seen,
): Observation {
  const [lowest] = fresh(reports, ({ readings }) => readings.batteryPercent, sight.now).sort(
    (a, b) => a.value - b.value,
  )
  if (lowest === undefined) return seen('battery-low', null, first, 'battery')
  const { threshold, deadband } = numbersOf(sight.rule('battery-low'))
  const raised = sight.isRaised(first.vehicle, 'battery-low', '')
  const is = lowest.value < threshold + (raised ? deadband : 0)
  const text = `battery ${round(lowest.value)} %, below ${threshold} %, told by ${sight.nameOf(lowest.report.link)}`
  return seen('battery-low', is, lowest.report, text)
}

/** Of sources other than our own bus: there each module speaks for itself. */
function hotVehicle(
  reports: readonly VehicleReport[],
  first: VehicleReport,
  sight: Sight,
  seen: Seen,
): Observation {
  const others = reports.filter(({ source }) => source !== 'bus')
  const [hottest] = fresh(others, ({ readings }) => readings.temperatureC, sight.now).sort(
    (a, b) => b.value - a.value,
  )
  if (hottest === undefined) return seen('over-temperature', null, first, 'temperature')
  const is = isHot(hottest.value, sight, sight.isRaised(first.vehicle, 'over-temperature', ''))
  const { threshold } = numbersOf(sight.rule('over-temperature'))
  const text = `${round(hottest.value)} °C, above ${threshold} °C, told by ${sight.nameOf(hottest.report.link)}`
  return seen('over-temperature', is, hottest.report, text)
}

function isHot(value: number, sight: Sight, raised: boolean): boolean {
  const { threshold, deadband } = numbersOf(sight.rule('over-temperature'))
  return value > threshold - (raised ? deadband : 0)
}

function ofModule(module: VehicleModule, sight: Sight): Observation[] {
  const { vehicle, link, id: part, name } = module
  const seen = (condition: VehicleCondition, is: boolean | null, text: string): Observation => ({
    vehicle,
    condition,
    part,
    link,
    is,
    text: `${vehicle}, ${name}: ${text}`,
  })
  // The bus itself is away: one root cause, one alarm, and that is the link's.
  const isKnown = module.state !== 'unknown' && sight.isUp(link)
  const offline = seen(
    'module-offline',
    isKnown ? module.state === 'offline' : null,
    `does not answer on ${sight.nameOf(link)}`,
  )
  const of = (means: Register['means']) => (isKnown ? valuesOf(module, means, sight) : [])

  const [hottest] = of('temperature-c').sort((a, b) => b.value - a.value)
  const { threshold } = numbersOf(sight.rule('over-temperature'))
  const isRaised = sight.isRaised(vehicle, 'over-temperature', part)
  const hot = seen(
    'over-temperature',
    hottest === undefined ? null : isHot(hottest.value, sight, isRaised),
    hottest === undefined ? '' : `${hottest.register.text} ${round(hottest.value)} °C, above ${threshold} °C`,
  )
  return [
    offline,
    hot,
    seen('module-fault', ...firstSet(of('fault'))),
    seen('safety-zone', ...firstSet(of('zone'))),
  ]
}

interface Value {
  readonly register: Register
  readonly value: number
}

function valuesOf(module: VehicleModule, means: Register['means'], { maps, now }: Sight): Value[] {
  const map = maps.find(({ id }) => id === module.map)
  if (map === undefined) return []
  return map.registers.flatMap((register) => {
    if (register.means !== means) return []
    const value = module.values[register.name] ?? null
    const at = module.readAt[register.poll]
    const budgetMs = map.polls[register.poll]?.budgetMs
    if (value === null || at === undefined || budgetMs === undefined) return []
    return isFresh({ value, at, sourceAt: null, budgetMs }, now) ? [{ register, value }] : []
  })
}

/** Of registers whose zero means that all is well. */
function firstSet(values: readonly Value[]): [is: boolean | null, text: string] {
  if (values.length === 0) return [null, '']
  const set = values.find(({ value }) => value !== 0)
  if (set === undefined) return [false, '']
  const { register, value } = set
  return [true, `${register.text}: ${register.enum?.[String(value)] ?? value}`]
}

const zoneOf = {
  'lidar-emergency': 'emergency',
  'lidar-warning': 'warning',
  'lidar-caution': 'caution',
} as const satisfies Partial<Record<VehicleCondition, LidarZone>>

function ofLidar(lidar: Lidar, sight: Sight): Observation[] {
  const { vehicle, link, id: part, name, zone, zones, nearest, health, trouble } = lidar
  const seen = (condition: VehicleCondition, is: boolean | null, text: string): Observation => ({
    vehicle,
    condition,
    part,
    link,
    is,
    text: `${vehicle}, ${name}: ${text}`,
  })
  const scanned =
    lidar.scanAt === null ? null : { value: zone, at: lidar.scanAt, sourceAt: null, budgetMs: lidar.budgetMs }
  const isKnown = zone !== null && isFresh(scanned, sight.now)
  const where = nearest === null ? 'obstacle' : `obstacle at ${round(nearest.rangeMm)} mm`
  const zoneSeen = (condition: keyof typeof zoneOf, limitMm: number): Observation =>
    // Only the nearest zone counts: what is in the emergency zone is no warning any more.
    seen(condition, isKnown ? zone === zoneOf[condition] : null, `${where}, inside ${limitMm} mm`)
  const said = trouble === '' ? '' : `: ${trouble}`
  return [
    zoneSeen('lidar-emergency', zones.emergencyMm),
    zoneSeen('lidar-warning', zones.warningMm),
    zoneSeen('lidar-caution', zones.cautionMm),
    seen(
      'lidar-health',
      isUnwell(lidar, sight),
      `${health === 'stalled' ? 'its motor does not turn' : `says of itself: ${health}`}${said}`,
    ),
  ]
}

/** A LiDAR read by us says how it is also while its link brings no revolution; its driver takes that back when it is gone. */
function isUnwell({ health, source, link }: Lidar, sight: Sight): boolean | null {
  if (health === 'unknown') return null
  const isBad = health !== 'good'
  return sight.isUp(link) || (isBad && source === 'serial') ? isBad : null
}

function numbersOf({ threshold, deadband }: VehicleRule): { threshold: number; deadband: number } {
  return { threshold: threshold ?? 0, deadband: deadband ?? 0 }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
