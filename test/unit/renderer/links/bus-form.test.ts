/** The form of a bus of modules: what it builds is what the app takes, and what cannot be meant is complained about. */
import { expect, test } from 'vitest'
import { LinkProfile } from '../../../../src/contract/links.ts'
import type { Texts } from '../../../../src/renderer/features/links/kinds/kind.ts'
import { modbusBus } from '../../../../src/renderer/features/links/kinds/modbus-bus.ts'

const base = { id: 'bus' as never, name: 'Bus', enabled: true }
const good: Texts = {
  ...modbusBus.empty,
  vehicle: ' OHT-50-001 ',
  port: 'usb:1a86:7523:A1',
  units: '2,3 4',
  maps: '4 motor-two\n\n2: power-x10',
  writable: 'yes',
}

test('what it builds is what the app takes, and reads back as it was typed', () => {
  expect(modbusBus.complaints(good, [])).toEqual({})
  const profile = modbusBus.build(base, good)
  expect(LinkProfile.parse(profile)).toEqual(profile)
  expect(profile).toMatchObject({
    vehicle: 'OHT-50-001',
    units: [2, 3, 4],
    maps: [
      { unit: 4, map: 'motor-two' },
      { unit: 2, map: 'power-x10' },
    ],
    stopBits: 1,
    writable: true,
  })
  const again = modbusBus.read({ ...profile })
  expect(again).toMatchObject({ units: '2, 3, 4', maps: '4 motor-two\n2 power-x10', writable: 'yes' })
  expect(modbusBus.build(base, again)).toEqual(profile)
})

test('an empty form cannot be saved, writing is off until somebody asks for it, and nothing odd makes it throw', () => {
  expect(Object.keys(modbusBus.complaints(modbusBus.empty, []))).toEqual(['vehicle', 'port'])
  expect(modbusBus.build(base, { ...good, writable: '' }).writable).toBe(false)
  expect(() => modbusBus.read({ units: 4, maps: [null, 1, {}], port: {}, stopBits: [] })).not.toThrow()
})

test.each([
  [{ vehicle: 'x'.repeat(61) }, { vehicle: 'vehicle-odd' }],
  [{ port: 'http://x' }, { port: 'serial-odd' }],
  [{ port: 'COM3' }, {}],
  [{ port: '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0' }, {}],
  [{ baudRate: '300' }, { baudRate: 'baud-range' }],
  [{ timeoutMs: '1.5' }, { timeoutMs: 'timeout-range' }],
  [{ units: '' }, { units: 'units-odd' }],
  [{ units: '2, 2' }, { units: 'units-odd' }],
  [{ units: '2, 248' }, { units: 'units-odd' }],
  [{ maps: '4' }, { maps: 'maps-odd' }],
  [{ maps: '4 motor-two\n4 motor-handler' }, { maps: 'maps-odd' }],
] as const)('%j', (change, expected) => {
  expect(modbusBus.complaints({ ...good, ...change }, [])).toEqual(expected)
})
