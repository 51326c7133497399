/**
 * The four modules of an OHT-50 on one RS485 bus, speaking Modbus RTU on a serial port or pty: for the demo, and for tests where no pymodbus is
 * installed. Written apart from the app's own Modbus. Values move as a vehicle's do.
 */
import { SerialPort } from 'serialport'
import { type Asked, framed, takeRequest } from './rtu.ts'
import { type Revision, registersOf } from './slave-registers.ts'

export interface SlaveOptions {
  readonly path: string
  readonly baudRate?: number
  /** `handler`: firmware v1.01, registers as the module handlers have them; `map`: v1.02, as in register_map.h. */
  readonly revision?: Revision
  /** Of 2 power, 3 safety, 4 travel motor, 5 dock. */
  readonly units?: readonly number[]
  /** Values stay as they are. */
  readonly still?: boolean
  /** Every request on the wire, whoever it is for. */
  readonly heard?: (asked: Asked) => void
  /** Its reply is complete and leaves now. What is set in here is told by the next one. */
  readonly answered?: (asked: Asked) => void
}

export interface Slave {
  set(unit: number, address: number, value: number): void
  /** Throws RangeError for a register it has not. */
  get(unit: number, address: number): number
  /** It answers no more; `back` ends that. */
  drop(unit: number): void
  back(unit: number): void
  stop(): Promise<void>
}

const moveMs = 100

export async function startSlave(options: SlaveOptions): Promise<Slave> {
  const { path, baudRate = 115_200, revision = 'handler', units = [2, 3, 4, 5], heard, answered } = options
  const modules = new Map(units.map((unit) => [unit, registersOf(unit, revision)]))
  const dropped = new Set<number>()
  const port = new SerialPort({ path, baudRate, autoOpen: false })
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
  port.on('error', () => {})
  let waiting: Buffer = Buffer.alloc(0)
  port.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
    try {
      for (let taken = takeRequest(waiting); taken !== null; taken = takeRequest(waiting)) {
        waiting = taken.rest
        const { unit, frame } = taken.asked
        heard?.(taken.asked)
        const registers = dropped.has(unit) ? undefined : modules.get(unit)
        if (registers === undefined) continue
        const reply = answer(registers, frame)
        answered?.(taken.asked)
        port.write(reply)
      }
    } catch {
      // No request: a module waits for the next one.
      waiting = Buffer.alloc(0)
    }
  })

  let tick = 0
  const timer = setInterval(() => {
    tick += 1
    for (const [unit, registers] of modules) move(unit, registers, revision, tick)
  }, moveMs)
  if (options.still === true) clearInterval(timer)

  function registers(unit: number): Map<number, number> {
    const found = modules.get(unit)
    if (found === undefined) throw new RangeError(`there is no unit ${unit} here`)
    return found
  }

  return {
    set: (unit, address, value) => void registers(unit).set(address, value & 0xffff),
    get(unit, address) {
      const value = registers(unit).get(address)
      if (value === undefined) throw new RangeError(`unit ${unit} has no register ${address}`)
      return value
    },
    drop: (unit) => void dropped.add(unit),
    back: (unit) => void dropped.delete(unit),
    stop() {
      clearInterval(timer)
      // Told by the call, not by the event: where the cable was pulled, a last reply fails first.
      return new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()))
    },
  }
}

/** FC 03, 06 and 16, all a module of the OHT-50 knows; others are illegal functions. */
function answer(registers: Map<number, number>, frame: Buffer): Buffer {
  const [unit = 0, fn = 0] = frame
  const address = frame.readUInt16BE(2)
  const third = frame.readUInt16BE(4)
  const refuse = (code: number) => framed(unit, fn | 0x80, code)
  const has = (count: number) =>
    Array.from({ length: count }, (_, n) => address + n).every((at) => registers.has(at))
  if (fn === 3) {
    if (third < 1 || third > 125) return refuse(3)
    if (!has(third)) return refuse(2)
    const words = Array.from({ length: third }, (_, n) => registers.get(address + n) ?? 0)
    return framed(unit, fn, 2 * third, ...words.flatMap((word) => [word >> 8, word & 0xff]))
  }
  if (fn === 6) {
    if (!has(1)) return refuse(2)
    registers.set(address, third)
    return frame
  }
  if (fn === 16) {
    if (!has(third)) return refuse(2)
    for (let n = 0; n < third; n++) registers.set(address + n, frame.readUInt16BE(7 + 2 * n))
    return framed(...frame.subarray(0, 6))
  }
  return refuse(1)
}

/** The battery drains, the drive's speed wavers and moves it along while it is enabled, the dock comes nearer. */
function move(unit: number, registers: Map<number, number>, revision: Revision, tick: number): void {
  const of = (address: number) => registers.get(address) ?? 0
  const isHandler = revision === 'handler'
  if (unit === 2 && tick % 100 === 0) {
    const charge = Math.max(0, of(0x02) - 1)
    registers.set(0x02, charge)
    registers.set(0x00, 230 + Math.floor((charge * 28) / 1000))
  }
  if (unit === 4 && isHandler) {
    const isOn = of(0x00) !== 0
    registers.set(0x03, isOn ? 880 + (tick % 7) : 0)
    registers.set(0x10, isOn ? 1 : 0)
    if (isOn) registers.set(0x05, (of(0x05) + 9) % 12_000)
  }
  if (unit === 4 && !isHandler) {
    registers.set(0x06, of(0x01) === 0 ? 0 : 118 + (tick % 5))
    registers.set(0x16, of(0x11) === 0 ? 0 : 118 + (tick % 5))
  }
  if (unit === 5) {
    const distance = 1500 - ((tick * 3) % 1500)
    registers.set(isHandler ? 0x7006 : 0x4a, distance)
    if (isHandler) registers.set(0x7005, of(0x8001) === 0 ? 0 : distance < 300 ? 4 : 1)
  }
}
