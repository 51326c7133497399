import { describe, expect, test } from 'vitest'
import { Register } from '../../../../src/contract/modules.ts'
import {
  addressText,
  isOutOfRange,
  readingNumber,
  registerText,
  versionText,
} from '../../../../src/renderer/features/vehicles/values.ts'

const voltage = Register.parse({
  address: 0,
  name: 'voltage',
  text: 'Voltage',
  type: 'u16',
  scale: 0.1,
  unit: 'V',
  access: 'r',
  range: [0, 60],
})
const mode = Register.parse({
  address: 1,
  name: 'mode',
  text: 'Mode',
  type: 'u16',
  access: 'rw',
  enum: { 0: 'idle', 2: 'charge' },
})

describe('values as people read them', () => {
  test.each([
    [voltage, 24.7, '24.7 V'],
    [voltage, 24, '24.0 V'],
    [mode, 2, 'charge'],
    [mode, 1, '1'],
    [voltage, null, null],
    [voltage, undefined, null],
  ])('%#: %s', (register, value, text) => {
    expect(registerText(register, value)).toBe(text)
  })

  test('a value outside its range is known as one', () => {
    expect(isOutOfRange(voltage, 61)).toBe(true)
    expect(isOutOfRange(voltage, 60)).toBe(false)
    expect(isOutOfRange(mode, 9999)).toBe(false)
    expect(isOutOfRange(voltage, null)).toBe(false)
  })

  test('addresses and versions as the manuals write them', () => {
    expect(addressText(0x7001)).toBe('0x7001')
    expect(addressText(4)).toBe('0x0004')
    expect(versionText(0x0101)).toBe('v1.01')
  })

  test('millimetres are shown as metres', () => {
    expect(readingNumber('speedMmPerS', 420)).toBe('0.42 m/s')
    expect(readingNumber('xMm', -1234)).toBe('-1.23 m')
  })
})
