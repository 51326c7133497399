/**
 * The demo's vehicle: its modules and LiDAR on serial cables, its firmware on the network, one story told by all of them. It drives
 * back and forth until somebody asks it to stop; then it stands until it is reset.
 */
import { openCables } from './cable.ts'
import { type Slave, startSlave } from './modbus/slave.ts'
import { startVehicle, type VehicleSim } from './oht50/server.ts'
import type { Walker } from './rplidar/room.ts'
import { startRplidar } from './rplidar/server.ts'

export interface VehicleSite {
  readonly httpUrl: string
  readonly socketUrl: string
  readonly token: string
  /** Ports of the bus and the LiDAR; null where this machine can make none, and why. */
  readonly ports: { readonly bus: string; readonly lidar: string } | null
  readonly trouble: string
  stop(): Promise<void>
}

const token = 'demo-operator'
const tellMs = 200
const driveMs = 40_000
const restMs = 12_000
const rpmPerMmPerS = 1.5

/** Comes nearer than a metre about every other minute: often enough to be seen, too seldom to be a flood. */
const visitor: Walker = (ms) => ({
  angleDeg: ((ms / 60_000) * 360) % 360,
  rangeMm: 1620 - 380 * Math.sin(ms / 6400) - 330 * Math.sin(ms / 20_700),
})

export async function startVehicleSite(): Promise<VehicleSite> {
  const vehicle = await startVehicle({
    robotId: 'OHT-50-001',
    tokens: [token],
    says: 'everything',
    everyMs: 500,
    hasLidar: false,
  })
  const cables = openCables()
  let slave: Slave | null = null
  let stopLidar: () => Promise<void> = async () => {}
  let ports: VehicleSite['ports'] = null
  let trouble = ''
  try {
    const bus = await cables.plug('rs485')
    const lidar = await cables.plug('lidar')
    slave = await startSlave({ path: bus.device, still: true })
    const device = await startRplidar({ path: lidar.device, walker: visitor })
    stopLidar = () => device.stop()
    ports = { bus: bus.app, lidar: lidar.app }
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error)
  }
  const timer = setInterval(() => tell(vehicle, slave), tellMs)
  return {
    httpUrl: vehicle.httpUrl,
    socketUrl: vehicle.socketUrl,
    token,
    ports,
    trouble,
    async stop() {
      clearInterval(timer)
      await Promise.allSettled([slave?.stop(), stopLidar(), vehicle.stop()])
      cables.pullAll()
    },
  }
}

/** What the vehicle does is what its modules say, and an output switched off on the bus stops the vehicle. */
function tell({ vehicle }: VehicleSim, slave: Slave | null): void {
  const now = Date.now()
  const sinceMs = now - vehicle.stateAt
  if (vehicle.state === 'IDLE' && sinceMs > restMs) vehicle.ask('move')
  if (vehicle.state === 'MOVE' && sinceMs > driveMs) vehicle.ask('stop')
  if (slave === null) return
  const isStopped = vehicle.state === 'ESTOP'
  if (vehicle.state === 'MOVE' && slave.get(4, 0x00) === 0) vehicle.become('ESTOP', 'ESTOP_TRIGGERED')
  // The firmware gives the drive its power back with the reset.
  if (!isStopped) slave.set(4, 0x00, 1)
  slave.set(3, 0x01, isStopped ? 1 : 0)
  slave.set(4, 0x02, Math.round((vehicle.state === 'MOVE' ? 800 : 0) * rpmPerMmPerS))
  slave.set(4, 0x03, Math.round(vehicle.speedMmPerS * rpmPerMmPerS))
  slave.set(4, 0x05, Math.round(vehicle.xMm))
  slave.set(2, 0x00, Math.round(230 + vehicle.batteryPercent / 4))
  slave.set(2, 0x01, vehicle.speedMmPerS > 0 ? 64 : 11)
  slave.set(2, 0x02, Math.round(vehicle.batteryPercent * 10))
  slave.set(5, 0x7001, Math.round(vehicle.xMm))
  slave.set(5, 0x7006, Math.min(10_000, Math.round(20_000 - vehicle.xMm)))
}
