/** Finds what is said of the vehicle itself among the names the firmware, its backend and gateways use. Pure. */
import { VehicleState } from '../../../contract/vehicles.ts'
import { readInstant } from '../../io/times.ts'
import { type Fields, fieldsIn, firstOf, flagIn, numberIn, textIn } from './fields.ts'
import type { SaidReadings, Values } from './said.ts'

/** Words that mean that there is none. */
const nothing = /^(?:none|no_fault|no fault|ok|null|n\/a|-)$/i
const longestWords = 200

/** `IDLE`, also as the firmware's own names for it: `SYSTEM_STATE_IDLE`. */
export function readState(fields: Fields, ...names: readonly string[]): VehicleState | null {
  return firstOf(names, (name) => {
    const word = textIn(fields, name, 60)
    if (word === null) return null
    const read = VehicleState.safeParse(word.toUpperCase().replace(/^.*STATE_/, ''))
    return read.success ? read.data : null
  })
}

function put<K extends keyof Values>(values: Values, name: K, value: Values[K] | null): void {
  if (value !== null) values[name] = value
}

/** Undefined: not said; null: said to be none. */
function wordsIn(fields: Fields, ...names: readonly string[]): string | null | undefined {
  for (const name of names) {
    if (fields[name] === null) return null
    const words = textIn(fields, name, longestWords)
    if (words !== null) return nothing.test(words) ? null : words
  }
  return undefined
}

function readPlace(fields: Fields, values: Values): void {
  const location = fieldsIn(fields, 'location')
  const position = fieldsIn(fields, 'position') ?? (location && fieldsIn(location, 'position'))
  const near = (from: Fields, ...names: readonly string[]) =>
    firstOf(names, (name) => numberIn(from, name, 1e9))
  put(
    values,
    'xMm',
    (position && near(position, 'x', 'x_mm')) ??
      near(fields, 'x_est', 'x_mm', 'pos_mm') ??
      (location && near(location, 'position', 'x', 'x_mm')),
  )
  put(values, 'yMm', (position && near(position, 'y', 'y_mm')) ?? near(fields, 'y_mm'))
  put(
    values,
    'headingDeg',
    near(fields, 'heading_deg', 'heading', 'orientation') ?? (location && near(location, 'orientation')),
  )
  put(
    values,
    'speedMmPerS',
    near(fields, 'speed_mm_s', 'speed', 'v', 'vel_mms', 'velocity') ??
      (location && near(location, 'velocity')),
  )
}

export function readReadings(fields: Fields): Values {
  const values: Values = {}
  put(values, 'state', readState(fields, 'current_state', 'state', 'system_state', 'status'))
  const safety = fieldsIn(fields, 'safety')
  put(
    values,
    'estop',
    firstOf(['estop', 'estop_active'], (name) => flagIn(fields, name)) ?? (safety && flagIn(safety, 'estop')),
  )
  put(values, 'safetyOk', flagIn(fields, 'safety_ok'))
  const fault = wordsIn(fields, 'current_fault', 'fault')
  if (fault !== undefined) values.fault = fault
  const mode = wordsIn(fields, 'mode')
  if (mode !== undefined) values.mode = mode
  const percent = firstOf(['battery_percent', 'battery_level', 'battery', 'soc'], (name) =>
    numberIn(fields, name),
  )
  if (percent !== null && percent >= 0 && percent <= 100) values.batteryPercent = percent
  put(
    values,
    'batteryV',
    firstOf(['battery_v', 'battery_voltage'], (name) => numberIn(fields, name, 1000)),
  )
  put(
    values,
    'temperatureC',
    firstOf(['temperature_c', 'temperature'], (name) => numberIn(fields, name, 1000)),
  )
  readPlace(fields, values)
  const control = fieldsIn(fields, 'control')
  if (control !== null) {
    if (values.xMm === undefined) put(values, 'xMm', numberIn(control, 'pos_mm', 1e9))
    if (values.speedMmPerS === undefined) put(values, 'speedMmPerS', numberIn(control, 'vel_mms', 1e9))
  }
  const mission = wordsIn(fields, 'mission_id', 'mission')
  if (mission !== undefined) values.mission = mission
  const station = wordsIn(fields, 'station_id', 'station')
  if (station !== undefined) values.station = station
  return values
}

export function isEmpty(values: Values): boolean {
  return Object.keys(values).length === 0
}

/** What a gateway calls them where it tells how old they are. */
const agedNames = {
  state: 'state',
  estop: 'estop',
  safety_ok: 'safetyOk',
  fault: 'fault',
  mode: 'mode',
  battery_percent: 'batteryPercent',
  battery_v: 'batteryV',
  speed_mm_s: 'speedMmPerS',
  x: 'xMm',
  y: 'yMm',
  heading_deg: 'headingDeg',
  temperature_c: 'temperatureC',
  mission: 'mission',
  station: 'station',
} as const satisfies Record<string, keyof Values>

/** `ages: {state: {at}}` against the message's own time, so that the two clocks need not agree. Undefined: not told. */
export function readAges(fields: Fields, saidAt: number | null): SaidReadings['ages'] {
  const told = fieldsIn(fields, 'ages')
  if (told === null || saidAt === null) return undefined
  const ages: Partial<Record<keyof Values, number>> = {}
  for (const [name, key] of Object.entries(agedNames)) {
    const one = fieldsIn(told, name)
    const at = one && readInstant(one.at)
    if (at !== null) ages[key] = Math.max(0, saidAt - at)
  }
  return ages
}
