/** The firmware's HTTP as it was found on running copies: one thread, one read, always "OK", and an emergency stop that lies. */
import { createServer, type Server, type Socket } from 'node:net'
import type { Asked, Faults, VehicleOptions } from './options.ts'
import type { SimVehicle } from './vehicle.ts'

const readAtOnce = 2047
export const usualTokens = [
  'oht50_admin_token_2025',
  'oht50_operator_token_2025',
  'oht50_readonly_token_2025',
]

interface Parts {
  readonly options: VehicleOptions
  readonly vehicle: SimVehicle
  readonly faults: Faults
  readonly asked: Asked[]
  readonly heard: () => void
}

interface Reply {
  readonly status: number
  readonly body: string
}

const ok = (body: object): Reply => ({ status: 200, body: JSON.stringify({ success: true, ...body }) })
const no = (status: number, message: string): Reply => ({
  status,
  body: JSON.stringify({ success: false, message }),
})

/** Its nested JSON is not escaped, so nobody can read it. */
const badToken: Reply = {
  status: 401,
  body: '{"success":false,"message":"{"error":"Unauthorized","code":401}"}',
}

function systemState(vehicle: SimVehicle): Reply {
  const { state, previous, stateAt, transitions, lastEvent, fault, safetyOk } = vehicle
  return ok({
    data: {
      current_state: state,
      previous_state: previous,
      state_duration_ms: Date.now() - stateAt,
      total_transitions: transitions,
      system_ready: state !== 'BOOT' && state !== 'INIT',
      safety_ok: safetyOk,
      communication_ok: true,
      sensors_ok: true,
      location_ok: true,
      last_event: lastEvent,
      current_fault: fault,
      state_timeout_ms: 3_735_928_559,
      timestamp: Date.now(),
    },
  })
}

function moduleReply(vehicle: SimVehicle, unit: number, what: string): Reply {
  const module = vehicle.modules.find((one) => one.unit === unit)
  if (module === undefined || !module.online) return no(404, 'Module not found')
  const registers = vehicle.registers(unit)
  if (what === 'data')
    return ok({
      data: {
        module_id: unit,
        registers: registers.map((one, n) => ({ address: `0x000${n}`, mode: 'R', data_type: 'u16', ...one })),
      },
    })
  if (what !== 'telemetry') return no(404, 'Not found')
  const telemetry = Object.fromEntries(
    registers.map(({ name, ...rest }) => [name, { ...rest, range: { min: 0, max: 10_000 } }]),
  )
  // Seconds here, milliseconds elsewhere: the firmware mixes them.
  return ok({
    data: { module_id: unit, module_name: module.name, telemetry, timestamp: Math.floor(Date.now() / 1000) },
  })
}

function get(path: string, { options, vehicle }: Parts): Reply {
  const { robotId = 'OHT-50-001', firmware = 'main', hasLidar = true } = options
  const module = /^\/api\/v1\/modules\/(\d+)\/(\w+)$/.exec(path)
  if (module !== null) return moduleReply(vehicle, Number(module[1]), module[2] ?? '')
  switch (path) {
    case '/health':
      return ok({ status: 'healthy', firmware: 'oht50', data: { system_state: vehicle.state } })
    case '/api/v1/system/state':
      return systemState(vehicle)
    case '/api/v1/system/status':
      return ok({ data: { status: 'ok' } })
    case '/api/v1/safety/status':
      return ok({ data: { estop_active: false, safety_ok: true } })
    case '/api/v1/motion/state':
      return ok({
        data: {
          x_est: Math.round(vehicle.xMm),
          v: vehicle.velocity,
          remaining: 0,
          safety: { estop: false, p95: 12 },
          docking: false,
          freshness_ms: 10,
          health: 100,
          target_v: 0,
        },
      })
    case '/api/v1/robot/status':
      return ok({
        data: {
          robot_id: robotId,
          status: 'idle',
          mode: vehicle.mode,
          position: { x: 0, y: 0, z: 0 },
          speed: 0,
          battery_level: Math.round(vehicle.batteryPercent),
          temperature: vehicle.temperatureC,
          uptime: 1,
          health_score: 75,
          safety: { estop: false, obstacles: false },
          docking: false,
          timestamp: Math.floor(Date.now() / 1000),
        },
      })
    case '/api/v1/modules':
      if (firmware !== 'main') return no(404, 'Not found')
      return ok({
        modules: vehicle.modules.map(({ unit, type, online }) => ({
          address: unit,
          type,
          online,
          last_seen: Date.now(),
        })),
      })
    case '/api/v1/rs485/modules':
      return ok({
        data: {
          modules: [1, 2, 3, 4].map((type) => ({ type, status: 'online', health_score: 75 })),
          total_modules: 4,
        },
      })
    case '/api/v1/lidar/scan_frame_360':
      return hasLidar
        ? ok({ data: { frame_360: vehicle.scan(), timestamp: Date.now() } })
        : no(503, 'LiDAR not available')
    default:
      return no(404, 'Not found')
  }
}

function post(path: string, body: string, { vehicle, faults }: Parts): Reply {
  const module = /^\/api\/v1\/modules\/(\d+)\/command$/.exec(path)
  if (module !== null) {
    const command = /"command"\s*:\s*"(\w+)"/.exec(body)?.[1] ?? ''
    return ['reset', 'start', 'stop', 'status'].includes(command)
      ? ok({ message: `Command ${command} sent to module ${module[1]}` })
      : no(400, 'Invalid command type')
  }
  switch (path) {
    case '/api/v1/safety/estop':
      // Says so, and does nothing.
      return ok({ message: 'E-Stop trigger accepted' })
    case '/api/v1/state/emergency': {
      const { emergency } = faults
      if (emergency === 'works') vehicle.become('ESTOP', 'ESTOP_TRIGGERED')
      else if (emergency !== 'ignored')
        setTimeout(() => vehicle.become('ESTOP', 'ESTOP_TRIGGERED'), emergency).unref()
      return ok({
        message: 'Emergency stop triggered',
        data: { estop_id: 'estop_001', response_time_ms: 15 },
      })
    }
    case '/api/v1/state/move':
    case '/api/v1/state/stop':
    case '/api/v1/state/reset': {
      const verb = path.slice('/api/v1/state/'.length) as 'move' | 'stop' | 'reset'
      const trouble = vehicle.ask(verb)
      return trouble === null ? ok({ message: `State ${verb} command accepted` }) : no(400, trouble)
    }
    default:
      return no(404, 'Not found')
  }
}

function answer(
  head: string,
  body: string,
  parts: Parts,
): { readonly reply: Reply; readonly method: string; readonly path: string; readonly authorized: boolean } {
  const [method = '', path = ''] = head.split(' ', 2)
  const token = /^authorization: Bearer (.+)$/im.exec(head)?.[1]?.trim()
  const authorized = token !== undefined && (parts.options.tokens ?? usualTokens).includes(token)
  // Which role the token is of is not looked at.
  const needsToken = method === 'POST' && (path.includes('/state/') || path.includes('/config/'))
  const reply =
    method === 'GET'
      ? get(path.split('?')[0] ?? path, parts)
      : method !== 'POST'
        ? no(400, 'Bad Request')
        : needsToken && !authorized
          ? badToken
          : post(path, body, parts)
  return { reply, method, path, authorized }
}

export function firmwareHttp(parts: Parts): { readonly server: Server; readonly sockets: Set<Socket> } {
  const { faults, asked, heard } = parts
  const sockets = new Set<Socket>()
  /** One thread: the next connection is looked at when this one is done. */
  let thread: Promise<void> = Promise.resolve()

  function handle(socket: Socket, first: Promise<Buffer | null>): Promise<void> {
    return new Promise((done) => {
      socket.on('close', () => done())
      void first.then((bytes) => {
        if (bytes === null) return
        const text = bytes.toString('latin1', 0, readAtOnce)
        const end = text.indexOf('\r\n\r\n')
        const head = end < 0 ? text : text.slice(0, end)
        const wanted = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
        const body = end < 0 ? '' : text.slice(end + 4)
        const isWhole = end >= 0 && body.length >= wanted
        const told = isWhole ? null : no(400, 'Bad Request')
        const [method = '', path = ''] = head.split(' ', 2)
        const authorized = /^authorization: bearer /im.test(head)
        asked.push({ at: Date.now(), method, path, body, authorized, firstBytes: bytes.length })
        heard()
        if (faults.hang) return
        const say = () => {
          const { status, body: out } = told ?? answer(head, body, parts).reply
          if (socket.destroyed) return
          socket.end(
            `HTTP/1.1 ${status} OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(out)}\r\nConnection: close\r\n\r\n${out}`,
          )
        }
        if (faults.slowMs > 0) setTimeout(say, faults.slowMs)
        else say()
      })
    })
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.setNoDelay(true)
    const first = new Promise<Buffer | null>((resolve) => {
      socket.once('data', resolve)
      socket.once('close', () => resolve(null))
    })
    // Emptied, not read: what comes in a second packet is lost on the firmware.
    socket.on('data', () => {})
    thread = thread.then(() => handle(socket, first))
  })
  return { server, sockets }
}
