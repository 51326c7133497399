/** A simulated RPLIDAR at one end of a pseudo terminal pair (socat makes one); the app opens the other end. */
import { SerialPort } from 'serialport'
import { Device, type DeviceOptions, type Fault } from './device.ts'
import { strolling } from './room.ts'

export type RplidarOptions = { readonly path: string } & Partial<DeviceOptions>

export interface RplidarSim {
  set(fault: Fault): void
  readonly isScanning: boolean
  /** Requests that came, oldest first. */
  readonly heard: readonly string[]
  /** Resolves when its end is closed. Also when the cable was pulled before. */
  stop(): Promise<void>
}

const stepMs = 20
/** What the other end does not read is lost, as on a real line. */
const mostUnsent = 65_536

export async function startRplidar({ path, ...options }: RplidarOptions): Promise<RplidarSim> {
  const device = new Device({
    model: 'c1',
    hz: 10,
    pointsPerTurn: 500,
    walker: strolling,
    knowsExpress: true,
    serialNumber: '7E11EAF2C5E19BCFC2E19FF589C34509',
    ...options,
  })
  const port = new SerialPort({ path, baudRate: 460_800, autoOpen: false, lock: false })
  port.on('error', () => {})
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
  const send = (bytes: Buffer) => {
    if (bytes.length > 0 && port.isOpen && port.writableLength < mostUnsent) port.write(bytes)
  }
  port.on('data', (bytes: Buffer) => send(device.take(bytes)))
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    // A machine that was held up does not catch up on more than a turn or two.
    send(device.run(Math.min(now - last, 200), now))
    last = now
  }, stepMs)
  return {
    set(fault) {
      device.fault = fault
    },
    get isScanning() {
      return device.isScanning
    },
    heard: device.heard,
    stop() {
      clearInterval(timer)
      return new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()))
    },
  }
}
