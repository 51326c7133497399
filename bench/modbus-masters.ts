/** Three Modbus RTU masters behind one function, each on its own end of a pty pair: ours, modbus-serial and jsmodbus. */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import type ModbusRTU from 'modbus-serial'
import { SerialPort } from 'serialport'
import { StrictMaster } from '../src/main/drivers/modbus/master.ts'
import { systemClock } from '../src/main/io/clock.ts'
import { keepSerialOpen } from '../src/main/io/serial.ts'
import { silentLog } from '../src/main/log.ts'

export interface Master {
  readonly name: string
  /** FC 03. Rejects when there is no answer it would use. */
  read(unit: number, address: number, quantity: number): Promise<readonly number[]>
  close(): Promise<void>
}

export type StartMaster = (path: string, timeoutMs: number) => Promise<Master>

const baudRate = 115_200

export const strict: StartMaster = async (path, timeoutMs) => {
  const master = new StrictMaster({ clock: systemClock, baudRate, timeoutMs })
  const opened = Promise.withResolvers<void>()
  const keeper = keepSerialOpen(
    { address: path, baudRate, dataBits: 8, parity: 'none', stopBits: 1 },
    {
      opened(line) {
        master.opened(line)
        opened.resolve()
      },
      bytes: (_line, bytes, at) => master.bytes(bytes, at),
      closed: () => master.closed(),
      waiting: (reason) => opened.reject(new Error(reason)),
    },
    { clock: systemClock, log: silentLog },
  )
  await opened.promise
  return {
    name: 'ours',
    async read(unit, address, quantity) {
      const outcome = await master.transact({ unit, fn: 3, address, quantity }, 'poll')
      if (outcome.is !== 'words') throw new Error(outcome.is)
      return outcome.words
    },
    async close() {
      master.close()
      await keeper.close()
    },
  }
}

/** CommonJS whose types say otherwise. */
const require = createRequire(import.meta.url)

export const modbusSerial: StartMaster = async (path, timeoutMs) => {
  const Client: new () => ModbusRTU = require('modbus-serial')
  const client = new Client()
  await client.connectRTUBuffered(path, { baudRate })
  client.setTimeout(timeoutMs)
  return {
    name: 'modbus-serial',
    async read(unit, address, quantity) {
      client.setID(unit)
      return (await client.readHoldingRegisters(address, quantity)).data
    },
    close: () => new Promise((resolve) => client.close(() => resolve())),
  }
}

interface JsModbusClient {
  readHoldingRegisters(
    address: number,
    quantity: number,
  ): Promise<{ response: { body: { valuesAsArray: number[] | Uint16Array } } }>
}

/** One client for each unit, on one port, as its README does it. */
export const jsModbus: StartMaster = async (path, timeoutMs) => {
  const { client } = require('jsmodbus') as {
    client: { RTU: new (port: SerialPort, unit: number, timeoutMs: number) => JsModbusClient }
  }
  const port = new SerialPort({ path, baudRate })
  port.setMaxListeners(0)
  await once(port, 'open')
  const clients = new Map<number, JsModbusClient>()
  return {
    name: 'jsmodbus',
    async read(unit, address, quantity) {
      const known = clients.get(unit) ?? new client.RTU(port, unit, timeoutMs)
      clients.set(unit, known)
      const { response } = await known.readHoldingRegisters(address, quantity)
      return [...response.body.valuesAsArray]
    },
    close: () => new Promise((resolve) => port.close(() => resolve())),
  }
}
