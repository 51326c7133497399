/** One simulated monitor: registers, joins its group, and logs what the hub relays to it. */
import { WebSocket } from 'ws'

export interface MonitorOptions {
  readonly hub: string
  readonly deviceId: string
  readonly name: string
  readonly group: string | null
  readonly heartbeatMs: number
  readonly log: (entry: Readonly<Record<string, unknown>>) => void
}

const reconnectMs = 1000

export function startMonitor(options: MonitorOptions): { close(): void } {
  const { hub, deviceId, name: deviceName, group } = options
  let isClosed = false
  let socket: WebSocket | null = null
  let retry: NodeJS.Timeout | undefined

  const send = (type: string, payload: object) => {
    if (socket?.readyState !== WebSocket.OPEN) return
    socket.send(JSON.stringify({ type, deviceId, deviceName, timestamp: new Date().toISOString(), payload }))
  }
  function connect(): void {
    if (isClosed) return
    const opening = new WebSocket(hub, { perMessageDeflate: false, handshakeTimeout: 5000 })
    socket = opening
    opening.on('error', () => {})
    opening.on('open', () => {
      const groupId = group === null ? {} : { groupId: group }
      send('deviceRegister', { mode: 'monitor', capabilities: ['alert_view'], version: '1.0.0', ...groupId })
    })
    opening.on('message', (bytes) => {
      const message = JSON.parse(bytes.toString())
      options.log({ event: 'relayed', device: deviceId, type: message.type, from: message.deviceId })
    })
    opening.on('close', () => {
      retry = setTimeout(connect, reconnectMs)
    })
  }
  connect()
  const beat = setInterval(() => send('heartbeat', { status: 'active' }), options.heartbeatMs)
  return {
    close() {
      isClosed = true
      clearInterval(beat)
      clearTimeout(retry)
      socket?.terminate()
    },
  }
}
