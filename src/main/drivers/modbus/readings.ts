/** What a bus says of its vehicle: registers whose map says what they mean, each with the age of its own reading. */
import type { RegisterMap } from '../../../contract/modules.ts'
import {
  noReadings,
  type Reading,
  type VehicleReadings,
  type VehicleReport,
  type VehicleState,
  type VehicleVerb,
} from '../../../contract/vehicles.ts'
import type { Module, Owner } from './module.ts'

interface Told {
  readonly register: RegisterMap['registers'][number]
  readonly module: Module
  readonly reading: Reading<number>
}

function toldBy(module: Module): Told[] {
  const { map } = module
  if (map === null) return []
  return map.registers.flatMap((register) => {
    if (register.means === undefined || register.access === 'w') return []
    const value = module.value(register.name)
    const at = module.valueAt(register.name)
    if (value === null || at === null) return []
    const budgetMs = map.polls[register.poll]?.budgetMs ?? 0
    return [{ register, module, reading: { value, at, sourceAt: null, budgetMs } }]
  })
}

/** With the value in place of the raw one. */
function as<V>({ reading }: Told, value: V): Reading<V> {
  return { ...reading, value }
}

function strongest(all: readonly Told[]): Told | undefined {
  return all.toSorted((a, b) => b.reading.value - a.reading.value)[0]
}

export function readingsOf(modules: Iterable<Module>): VehicleReadings {
  const all = [...modules].flatMap(toldBy)
  const of = (means: string) => all.filter(({ register }) => register.means === means)
  // One pressed stop is a stop; among released ones the oldest says how fresh that is.
  const stops = of('estop')
  const stop = stops.find(({ reading }) => reading.value !== 0) ?? oldest(stops)
  const estop = stop === undefined ? null : as(stop, stop.reading.value !== 0)
  const faults = of('fault')
  const fault = faults.find(({ reading }) => reading.value !== 0) ?? oldest(faults)
  const [charge] = of('battery-percent')
  const [volts] = of('battery-v')
  const [speed] = of('speed')
  const [x] = of('x-mm')
  const hottest = strongest(of('temperature-c'))
  const state: Reading<VehicleState> | null = estop?.value === true ? { ...estop, value: 'ESTOP' } : null
  return {
    ...noReadings,
    state,
    estop,
    fault: fault === undefined || fault.reading.value === 0 ? null : as(fault, faultWords(fault)),
    batteryPercent: charge?.reading ?? null,
    batteryV: volts?.reading ?? null,
    speedMmPerS: speed === undefined ? null : as(speed, Math.abs(speed.reading.value)),
    xMm: x?.reading ?? null,
    temperatureC: hottest?.reading ?? null,
  }
}

function oldest(all: readonly Told[]): Told | undefined {
  return all.toSorted((a, b) => a.reading.at - b.reading.at)[0]
}

function faultWords({ module, register, reading }: Told): string {
  const word = register.enum?.[String(reading.value)]
  const number = `0x${reading.value.toString(16).padStart(4, '0')}`
  return `${module.name}: ${register.text} ${word === undefined ? number : `${number} (${word})`}`
}

/** What this bus can do now: nothing that is not answering, not writable, or in no map. */
export function verbsOf(modules: Iterable<Module>, writable: boolean): VehicleVerb[] {
  if (!writable) return []
  const registers = [...modules].flatMap((module) =>
    module.mayBeWritten ? (module.map?.registers ?? []) : [],
  )
  const can: VehicleVerb[] = []
  if (registers.some(({ onStop }) => onStop !== undefined)) can.push('stop-request')
  if (registers.some(({ means }) => means === 'docking-start')) can.push('dock')
  if (registers.some(({ access }) => access !== 'r')) can.push('write-register')
  return can
}

export function reportOf(owner: Owner, modules: readonly Module[]): VehicleReport {
  return {
    id: owner.link,
    link: owner.link,
    vehicle: owner.vehicle,
    source: 'bus',
    readings: readingsOf(modules),
    can: verbsOf(modules, owner.writable),
  }
}

/** Whether they say the same, whatever their age. */
export function saysTheSame(a: VehicleReport, b: VehicleReport): boolean {
  if (a.can.join() !== b.can.join()) return false
  const keys = Object.keys(a.readings) as (keyof VehicleReadings)[]
  return keys.every((key) => a.readings[key]?.value === b.readings[key]?.value)
}
