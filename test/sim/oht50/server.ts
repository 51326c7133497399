/** A simulated OHT-50: its firmware's HTTP and WebSocket and its backend's WebSocket over real sockets, with the faults of the deployed ones. */
import { EventEmitter, once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { type Backend, backend } from './backend.ts'
import { firmwareHttp } from './firmware-http.ts'
import { type FirmwareSocket, firmwareSocket } from './firmware-socket.ts'
import { type Asked, deployedFaults, type Faults, type SimState, type VehicleOptions } from './options.ts'
import { SimVehicle } from './vehicle.ts'

const stepMs = 20

interface Settable {
  readonly state?: SimState
  readonly batteryPercent?: number
  readonly temperatureC?: number
  readonly safetyOk?: boolean
  readonly fault?: string
  readonly obstacleMm?: number | null
  /** Units that stop or start answering. */
  readonly offline?: readonly number[]
  readonly faults?: Partial<Faults>
}

export interface VehicleSim {
  readonly httpUrl: string
  readonly socketUrl: string
  readonly backendUrl: string
  readonly vehicle: SimVehicle
  /** May be changed while it runs. */
  readonly faults: Faults
  readonly socket: FirmwareSocket
  readonly backend: Backend
  /** Every request to the HTTP, in order. */
  readonly asked: readonly Asked[]
  readonly counts: { sockets: number; dropped: number; pings: number }
  set(change: Settable): void
  alert(id: string, severity: string, message: string): void
  endAlert(id: string): void
  /** Resolves with the first request from now on, or before, that fits. */
  untilAsked(fits: (asked: Asked) => boolean): Promise<Asked>
  /** The HTTP's port opens and closes; the rest stays. */
  stopHttp(): Promise<void>
  stop(): Promise<void>
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

export async function startVehicle(options: VehicleOptions = {}): Promise<VehicleSim> {
  const { host = '127.0.0.1', state = 'IDLE', log = () => {} } = options
  const vehicle = new SimVehicle(state)
  const faults: Faults = { ...deployedFaults, ...options.faults }
  const asked: Asked[] = []
  const counts = { sockets: 0, dropped: 0, pings: 0 }
  const news = new EventEmitter().setMaxListeners(0)
  const http = firmwareHttp({
    options,
    vehicle,
    faults,
    asked,
    heard() {
      const last = asked.at(-1)
      if (last !== undefined && last.method !== 'GET') log({ event: 'asked', ...last })
      news.emit('asked')
    },
  })
  const socket = firmwareSocket({ options, vehicle, faults, counts })
  const back = backend(vehicle, options)
  const httpPort = await listen(http.server, host, options.httpPort ?? 0)
  const socketPort = await listen(socket.server, host, options.socketPort ?? 0)
  const backendPort = await listen(back.server, host, options.backendPort ?? 0)
  let told = vehicle.state
  const stepping = setInterval(() => {
    vehicle.step()
    if (vehicle.state !== told) log({ event: 'state', from: told, to: vehicle.state })
    told = vehicle.state
  }, stepMs)

  async function stopHttp(): Promise<void> {
    if (!http.server.listening) return
    const closed = once(http.server, 'close')
    http.server.close()
    for (const one of http.sockets) one.destroy()
    await closed
  }

  return {
    httpUrl: `http://${host}:${httpPort}`,
    socketUrl: `ws://${host}:${socketPort}`,
    backendUrl: `ws://${host}:${backendPort}`,
    vehicle,
    faults,
    socket,
    backend: back,
    asked,
    counts,
    set({ state: next, offline, faults: fresh, ...rest }) {
      if (next !== undefined) vehicle.become(next, 'SET')
      if (offline !== undefined)
        for (const module of vehicle.modules) module.online = !offline.includes(module.unit)
      Object.assign(faults, fresh)
      Object.assign(vehicle, rest)
    },
    alert(id, severity, message) {
      const timestamp = new Date().toISOString()
      vehicle.alerts = [...vehicle.alerts, { id, title: 'Safety', message, severity, timestamp }]
      back.sayAlerts()
    },
    endAlert(id) {
      vehicle.alerts = vehicle.alerts.filter((one) => one.id !== id)
      back.sayAlerts()
    },
    async untilAsked(fits) {
      for (;;) {
        const found = asked.find(fits)
        if (found !== undefined) return found
        await once(news, 'asked')
      }
    },
    stopHttp,
    async stop() {
      clearInterval(stepping)
      socket.close()
      back.close()
      await stopHttp()
      for (const server of [socket.server, back.server]) {
        if (!server.listening) continue
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await closed
      }
    },
  }
}
