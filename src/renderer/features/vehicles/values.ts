/** Values as people read them: the unit beside the number, no more digits than the register has. */
import type { Register } from '../../../contract/modules.ts'
import type { VehicleReadings } from '../../../contract/vehicles.ts'

/** A scaled value in the words or digits of its register; null stays null. */
export function registerText(register: Register, value: number | null | undefined): string | null {
  if (value === null || value === undefined) return null
  const word = register.enum?.[String(Math.round(value / register.scale))]
  if (word !== undefined) return word
  if (register.type === 'bool') return value === 0 ? '0' : '1'
  const text = value.toFixed(digitsOf(register.scale))
  return register.unit === '' ? text : `${text} ${register.unit}`
}

/** A number of which no register map of ours knows the digits, with its unit where somebody names one: three digits behind the point at most. */
export function plainText(value: number, unit = ''): string {
  const text = String(Math.round(value * 1000) / 1000)
  return unit === '' ? text : `${text} ${unit}`
}

/** A scale of 0.1 has one digit behind the point. */
function digitsOf(scale: number): number {
  const size = Math.abs(scale)
  return size >= 1 || size === 0 ? 0 : Math.min(4, Math.ceil(-Math.log10(size)))
}

export function isOutOfRange(register: Register, value: number | null | undefined): boolean {
  if (value === null || value === undefined || register.range === undefined) return false
  const [least, most] = register.range
  return value < least || value > most
}

export function addressText(address: number): string {
  return `0x${address.toString(16).toUpperCase().padStart(4, '0')}`
}

export function unitText(unit: number): string {
  return `0x${unit.toString(16).toUpperCase().padStart(2, '0')}`
}

/** v1.01 of 0x0101. */
export function versionText(version: number): string {
  return `v${version >> 8}.${String(version & 0xff).padStart(2, '0')}`
}

export type ReadingName = keyof VehicleReadings

/** What a person wants to know first comes first. */
export const readingNames: readonly ReadingName[] = [
  'state',
  'fault',
  'estop',
  'safetyOk',
  'speedMmPerS',
  'batteryPercent',
  'batteryV',
  'temperatureC',
  'xMm',
  'yMm',
  'headingDeg',
  'mode',
  'mission',
  'station',
]

export function readingNumber(name: ReadingName, value: number): string {
  switch (name) {
    case 'speedMmPerS':
      return `${(value / 1000).toFixed(2)} m/s`
    case 'batteryPercent':
      return `${value.toFixed(1)} %`
    case 'batteryV':
      return `${value.toFixed(1)} V`
    case 'temperatureC':
      return `${value.toFixed(0)} °C`
    case 'xMm':
    case 'yMm':
      return `${(value / 1000).toFixed(2)} m`
    case 'headingDeg':
      return `${value.toFixed(0)}°`
    default:
      return String(value)
  }
}
