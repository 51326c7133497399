/** The form of a vehicle's modules on RS485, plugged in here. */

import {
  type Choice,
  chosen,
  gathered,
  type Kind,
  type ProfileOf,
  type Texts,
  textOf,
  typed,
} from './kind.ts'
import { serialPortComplaint, serialPortField } from './serial-port.ts'
import { vehicleComplaint, vehicleField, vehicleOf } from './vehicle-name.ts'

type Profile = ProfileOf<'modbus-bus'>

const parities = ['none', 'even', 'odd'] as const
const parityChoices: readonly Choice[] = parities.map((value) => ({ value, label: `parity-${value}` }))
const stopBits = ['1', '2'] as const
const stopBitChoices: readonly Choice[] = stopBits.map((value) => ({ value, label: `stopBits-${value}` }))
const mapLine = /^(\d{1,3})[\s:=]+([a-z0-9][a-z0-9-]{0,59})$/

/** Null: not a whole number in that range. */
function whole(text: string, least: number, most: number): number | null {
  if (!/^\d{1,7}$/.test(text)) return null
  const number = Number(text)
  return number >= least && number <= most ? number : null
}

function unitsOf(texts: Texts): number[] | null {
  const units = textOf(texts, 'units')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map((part) => whole(part, 1, 247))
  const isGood = units.length >= 1 && units.length <= 32 && new Set(units).size === units.length
  return isGood && units.every((unit) => unit !== null) ? units : null
}

function mapsOf(texts: Texts): Profile['maps'] | null {
  const maps: Profile['maps'] = []
  for (const line of textOf(texts, 'maps').split('\n')) {
    if (line.trim() === '') continue
    const [, number = '', map = ''] = mapLine.exec(line.trim()) ?? []
    const unit = whole(number, 1, 247)
    if (unit === null || maps.some((other) => other.unit === unit)) return null
    maps.push({ unit, map })
  }
  return maps.length <= 32 ? maps : null
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function mapText(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null || !('unit' in entry) || !('map' in entry)) return ''
  return `${typed(entry.unit)} ${typed(entry.map)}`
}

export const modbusBus: Kind<Profile> = {
  driver: 'modbus-bus',
  stem: 'bus',
  fields: [
    vehicleField,
    serialPortField,
    { name: 'baudRate', label: 'baudRate', hint: 'baudRateHint', input: 'whole' },
    { name: 'parity', label: 'parity', hint: null, input: parityChoices },
    { name: 'stopBits', label: 'stopBits', hint: null, input: stopBitChoices },
    { name: 'timeoutMs', label: 'busTimeout', hint: 'busTimeoutHint', input: 'whole' },
    { name: 'units', label: 'units', hint: 'unitsHint', input: 'text' },
    { name: 'maps', label: 'registerMaps', hint: 'registerMapsHint', input: 'lines' },
    { name: 'writable', label: 'writable', hint: 'writableHint', input: 'tick' },
  ],
  empty: {
    vehicle: '',
    port: '',
    baudRate: '115200',
    parity: 'none',
    stopBits: '1',
    timeoutMs: '300',
    units: '2, 3, 4, 5, 6, 7, 8',
    maps: '',
    writable: '',
  },
  read: (entry) => ({
    vehicle: typed(entry.vehicle),
    port: typed(entry.port),
    baudRate: typed(entry.baudRate),
    parity: chosen(entry.parity, parities, 'none'),
    stopBits: chosen(typed(entry.stopBits), stopBits, '1'),
    timeoutMs: typed(entry.timeoutMs),
    units: listed(entry.units).map(typed).join(', '),
    maps: listed(entry.maps).map(mapText).join('\n'),
    writable: typed(entry.writable),
  }),
  complaints: (texts) =>
    gathered([
      ['vehicle', vehicleComplaint(texts)],
      ['port', serialPortComplaint(texts)],
      ['baudRate', whole(textOf(texts, 'baudRate'), 1200, 1_000_000) === null ? 'baud-range' : null],
      ['timeoutMs', whole(textOf(texts, 'timeoutMs'), 20, 10_000) === null ? 'timeout-range' : null],
      ['units', unitsOf(texts) === null ? 'units-odd' : null],
      ['maps', mapsOf(texts) === null ? 'maps-odd' : null],
    ]),
  build: (base, texts) => ({
    ...base,
    driver: 'modbus-bus',
    vehicle: vehicleOf(texts),
    port: textOf(texts, 'port') as Profile['port'],
    baudRate: Number(texts.baudRate),
    parity: chosen(texts.parity, parities, 'none'),
    stopBits: texts.stopBits === '2' ? 2 : 1,
    timeoutMs: Number(texts.timeoutMs),
    units: unitsOf(texts) ?? [],
    maps: mapsOf(texts) ?? [],
    writable: texts.writable === 'yes',
  }),
}
