/** The driver `modbus-bus`: modules of a vehicle on an RS485 bus, read by us as Modbus RTU master. */
import type { Driver } from '../../link.ts'
import { ModbusBus } from './bus.ts'
import type { BusProfile } from './poller.ts'
import { testBus } from './test-bus.ts'

export const modbusBus: Driver<BusProfile> = {
  name: 'modbus-bus',
  role: 'dials',
  open: async (context) => new ModbusBus(context),
  test: (profile) => testBus(profile),
}
