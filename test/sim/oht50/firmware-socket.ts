/** The firmware's WebSocket as it was found: no login, empty pongs, whoever is silent for 2 s is dropped, close codes with their bytes mixed up. */
import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Faults, VehicleOptions } from './options.ts'
import type { SimVehicle } from './vehicle.ts'

const idleMs = 2000

interface Parts {
  readonly options: VehicleOptions
  readonly vehicle: SimVehicle
  readonly faults: Faults
  readonly counts: { sockets: number; dropped: number; pings: number }
}

export interface FirmwareSocket {
  readonly server: Server
  say(message: unknown): void
  /** Text as it is, JSON or not. */
  sayText(text: string): void
  hangUp(): void
  /** Neither reads, answers nor closes: a cable that was pulled. */
  freeze(): void
  close(): void
}

/** What the mask, applied with its bytes the wrong way round, makes of 1000. */
const garbledCode = Buffer.from([0x06, 0xe9])

function garbleClose(raw: Duplex, faults: Faults): void {
  const write = raw.write.bind(raw) as (...args: unknown[]) => boolean
  let isNext = false
  raw.write = ((chunk: unknown, ...rest: unknown[]) => {
    if (Buffer.isBuffer(chunk)) {
      if (isNext && chunk.length >= 2 && faults.garbledClose) {
        isNext = false
        return write(Buffer.concat([garbledCode, chunk.subarray(2)]), ...rest)
      }
      isNext = chunk.length === 2 && chunk[0] === 0x88
    }
    return write(chunk, ...rest)
  }) as typeof raw.write
}

/** As the serializer of September 2025 wrote it: nobody can parse that. */
function withComments(vehicle: SimVehicle): string {
  return `{"type":"telemetry","data":{"module_addr":"0x02", // power module
  "module_name":"Power","registers":[{"addr":"0x0000","name":"voltage","value":${vehicle.batteryPercent}}]}}`
}

export function firmwareSocket({ options, vehicle, faults, counts }: Parts): FirmwareSocket {
  const { says = 'modules', everyMs = 1000 } = options
  const server = createServer((request, response) => {
    if (request.url === '/health') response.end('{"status":"healthy"}')
    else response.writeHead(302, { location: `http://localhost:8080${request.url ?? '/'}` }).end()
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096, autoPong: false })
  const raws = new Map<WebSocket, Duplex>()
  server.on('upgrade', (request, raw, head) => {
    raw.on('error', () => {})
    if (faults.refuseSockets > 0) {
      raw.end(`HTTP/1.1 ${faults.refuseSockets} OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    garbleClose(raw, faults)
    sockets.handleUpgrade(request, raw, head, (socket) => {
      raws.set(socket, raw)
      opened(socket)
    })
  })

  function opened(socket: WebSocket): void {
    counts.sockets += 1
    let heardAt = performance.now()
    const heard = () => {
      heardAt = performance.now()
    }
    const timer = setInterval(() => {
      if (!faults.idleDrop || performance.now() - heardAt < idleMs) return
      counts.dropped += 1
      socket.terminate()
    }, 50)
    socket.on('error', () => {})
    socket.on('message', heard)
    socket.on('pong', heard)
    socket.on('ping', (payload) => {
      heard()
      counts.pings += 1
      socket.pong(faults.emptyPongs ? '' : payload)
    })
    socket.on('close', () => {
      clearInterval(timer)
      raws.delete(socket)
    })
    if (!faults.mute) socket.send('{"type":"ready"}')
  }

  function sayText(text: string): void {
    if (faults.mute) return
    for (const socket of sockets.clients) if (socket.readyState === socket.OPEN) socket.send(text)
  }
  const say = (message: unknown) => sayText(JSON.stringify(message))

  function heartbeat(): void {
    const data = { server_status: 'running', active_connections: sockets.clients.size, uptime_ms: Date.now() }
    say({ type: 'heartbeat', timestamp: Date.now(), data })
  }

  function tell(): void {
    if (faults.comments) sayText(withComments(vehicle))
    if (says === 'nothing') return
    const seconds = Math.floor(Date.now() / 1000)
    for (const { unit, online } of vehicle.modules)
      if (online) say({ module_addr: unit, timestamp: seconds, data: { status: 'active' } })
    if (says !== 'everything') return
    say({
      type: 'robot_status',
      timestamp: Date.now(),
      data: {
        robot_id: options.robotId ?? 'OHT-50-001',
        status: vehicle.state,
        position: { x: Math.round(vehicle.xMm), y: 0 },
        battery_level: Math.round(vehicle.batteryPercent),
        temperature: vehicle.temperatureC,
        speed: vehicle.velocity,
        connection_status: 'connected',
      },
    })
    for (const { unit, name, online } of vehicle.modules) {
      if (!online) continue
      const registers = vehicle.registers(unit)
      const telemetry = Object.fromEntries(registers.map((one) => [one.name, one.value]))
      say({ type: 'module_telemetry', module_id: unit, module_name: name, telemetry, timestamp: seconds })
    }
  }

  const timers = [setInterval(heartbeat, 1000), setInterval(tell, everyMs)]
  for (const timer of timers) timer.unref()
  return {
    server,
    say,
    sayText,
    hangUp() {
      for (const socket of sockets.clients) socket.close(1000, 'Goodbye')
    },
    freeze() {
      faults.mute = true
      faults.idleDrop = false
      // Not a byte is read, so pings are not answered either, and the kernel's acknowledgements hide it.
      for (const raw of raws.values()) raw.pause()
      for (const socket of raws.keys()) socket.pause()
    },
    close() {
      for (const timer of timers) clearInterval(timer)
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}
