/** The vehicle's backend: its WebSocket topics, without any login, as its sources have them. */
import { createServer, type Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import type { VehicleOptions } from './options.ts'
import type { SimVehicle } from './vehicle.ts'

const topics = ['telemetry', 'monitoring', 'map', 'alerts', 'logs', 'rs485', 'status'] as const
type Topic = (typeof topics)[number]

export interface Backend {
  readonly server: Server
  say(topic: Topic, message: unknown): void
  /** The list of open alerts, now. */
  sayAlerts(): void
  hangUp(): void
  close(): void
}

export function backend(vehicle: SimVehicle, { everyMs = 1000 }: VehicleOptions): Backend {
  const server = createServer((_request, response) => response.writeHead(404).end('{"detail":"Not Found"}'))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536 })
  const topicOf = new Map<WebSocket, Topic>()
  server.on('upgrade', (request, raw, head) => {
    raw.on('error', () => {})
    const topic = topics.find((one) => request.url === `/ws/${one}`)
    if (topic === undefined) {
      raw.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, raw, head, (socket) => {
      topicOf.set(socket, topic)
      opened(socket, topic)
    })
  })

  const at = () => new Date().toISOString().replace('Z', '')
  const envelope = (type: string, data: object) => ({ type, data, timestamp: at(), source: 'backend' })
  const send = (socket: WebSocket, message: unknown) => socket.send(JSON.stringify(message))

  function modules() {
    return vehicle.modules.map(({ unit, name, online }) => ({
      address: unit,
      name,
      status: online ? 'online' : 'offline',
    }))
  }

  function alerts() {
    const open = vehicle.alerts
    const count = (severity: string) => open.filter((one) => one.severity === severity).length
    return envelope('active_alerts_update', {
      alerts: open.map((one) => ({ ...one, status: 'active', source: 'safety', acknowledged_by: null })),
      total_count: open.length,
      critical_count: count('critical'),
      warning_count: count('warning'),
    })
  }

  const status = (type: string) => ({
    type,
    timestamp: at(),
    data: {
      robot: { battery_level: Math.round(vehicle.batteryPercent), mission_id: 'M-7', state: vehicle.state },
    },
  })

  function opened(socket: WebSocket, topic: Topic): void {
    socket.on('error', () => {})
    socket.on('close', () => topicOf.delete(socket))
    if (topic === 'rs485')
      send(socket, {
        type: 'rs485_initial',
        data: { modules: modules(), bus_health: 'good' },
        timestamp: at(),
      })
    else send(socket, envelope('connection_established', { message: 'connected', connection_id: 'c1' }))
    if (topic === 'alerts') send(socket, alerts())
    socket.on('message', (chunk) => {
      const asked = /"type"\s*:\s*"(\w+)"/.exec(String(chunk))?.[1]
      if (asked === 'ping') send(socket, { type: 'pong' })
      else if (asked === 'get_modules')
        send(socket, { type: 'rs485_modules', data: { modules: modules() }, timestamp: at() })
      else if (asked === 'get_status') send(socket, status('status_response'))
      else if (asked === 'subscribe')
        send(socket, { type: 'subscription_confirmed', subscription_type: 'all' })
    })
  }

  function say(topic: Topic, message: unknown): void {
    for (const [socket, own] of topicOf)
      if (own === topic && socket.readyState === socket.OPEN) send(socket, message)
  }

  const timer = setInterval(() => {
    const figures = {
      cpu_percent: 12,
      memory_percent: 40,
      disk_percent: 55,
      active_connections: topicOf.size,
    }
    say('telemetry', envelope('telemetry_update', figures))
    say('alerts', alerts())
    say('status', status('status_update'))
    say('map', envelope('map_status', { is_mapping: false }))
  }, everyMs)
  timer.unref()
  return {
    server,
    say,
    sayAlerts: () => say('alerts', alerts()),
    hangUp() {
      for (const socket of sockets.clients) socket.terminate()
    },
    close() {
      clearInterval(timer)
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}
