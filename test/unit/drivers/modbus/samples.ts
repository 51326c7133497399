/** Requests of every function. */
import { encodeRequest } from '../../../../src/main/drivers/modbus/frame.ts'
import type { ModbusRequest } from '../../../../src/main/drivers/modbus/transaction.ts'
import { type Asked, takeRequest } from '../../../sim/modbus/rtu.ts'

/** One of each function, as small as they get and larger. */
export const samples: readonly ModbusRequest[] = [
  { unit: 2, fn: 1, address: 0, quantity: 1 },
  { unit: 2, fn: 1, address: 3, quantity: 19 },
  { unit: 3, fn: 2, address: 0x20, quantity: 8 },
  { unit: 4, fn: 3, address: 0, quantity: 1 },
  { unit: 4, fn: 3, address: 0x100, quantity: 10 },
  { unit: 5, fn: 4, address: 0x7000, quantity: 12 },
  { unit: 4, fn: 5, address: 1, bits: [true] },
  { unit: 4, fn: 6, address: 2, words: [150] },
  { unit: 4, fn: 15, address: 1, bits: [true, false, true, true, false, false, true, true, true] },
  { unit: 4, fn: 16, address: 2, words: [1, 2, 0xffff] },
]

/** As a slave reads it. */
export function askedOf(request: ModbusRequest): Asked {
  const taken = takeRequest(Buffer.from(encodeRequest(request)))
  if (taken === null) throw new Error('half a request')
  return taken.asked
}
