/** The three pipes every rpc test runs on. Each rig listens for real where there is something real to listen on. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { WebSocket, WebSocketServer } from 'ws'
import { longestReplyBytes, longestRequestBytes } from '../../../src/rpc/frame.ts'
import { memoryPair } from '../../../src/rpc/memory-wire.ts'
import { type EmitterPort, type EventPort, portWire } from '../../../src/rpc/port-wire.ts'
import { socketWire } from '../../../src/rpc/socket-wire.ts'
import type { Wire } from '../../../src/rpc/wire.ts'

export interface Rig {
  /** A new pipe; its server end has been given to `accept`. */
  dial(): Promise<Wire>
  /** Loses the newest pipe and what is on its way. */
  cut(): void
  /** The newest pipe's client stops reading, until `flow`. */
  stall(): void
  flow(): void
  close(): Promise<void>
}

export type StartRig = (accept: (wire: Wire) => void) => Promise<Rig>

async function memoryRig(accept: (wire: Wire) => void): Promise<Rig> {
  const pairs: ReturnType<typeof memoryPair>[] = []
  return {
    async dial() {
      const pair = memoryPair()
      pairs.push(pair)
      accept(pair.server)
      return pair.client
    },
    cut: () => pairs.at(-1)?.cut(),
    stall: () => pairs.at(-1)?.stall(),
    flow: () => pairs.at(-1)?.flow(),
    async close() {
      for (const pair of pairs) pair.cut()
    },
  }
}

/** A port whose reader can stop: what arrives then waits outside the wire, unread. */
function stallablePort(port: MessagePort) {
  const waiting: (() => void)[] = []
  let stalled = false
  const stallable: EventPort = {
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    addEventListener(type, listener) {
      port.on(type, (value: unknown) => {
        if (stalled) waiting.push(() => listener({ data: value }))
        else listener({ data: value })
      })
    },
  }
  return {
    port: stallable,
    stall() {
      stalled = true
    },
    flow() {
      stalled = false
      for (const read of waiting.splice(0)) read()
    },
  }
}

/** As Electron's main process shows a port: an emitter of events that carry the message in `data`. */
function emitterPort(port: MessagePort): EmitterPort {
  return {
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    on(event: 'message' | 'close', listener: (event: { readonly data: unknown }) => void) {
      return port.on(event, (value: unknown) => listener({ data: value }))
    },
  }
}

async function portRig(accept: (wire: Wire) => void): Promise<Rig> {
  const channels: { server: MessagePort; client: ReturnType<typeof stallablePort> }[] = []
  return {
    async dial() {
      const { port1, port2 } = new MessageChannel()
      const client = stallablePort(port2)
      channels.push({ server: port1, client })
      accept(portWire(emitterPort(port1)))
      return portWire(client.port)
    },
    cut: () => channels.at(-1)?.server.close(),
    stall: () => channels.at(-1)?.client.stall(),
    flow: () => channels.at(-1)?.client.flow(),
    async close() {
      for (const { server } of channels) server.close()
    },
  }
}

async function socketRig(accept: (wire: Wire) => void): Promise<Rig> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: longestRequestBytes })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ends: { server?: WebSocket; client?: WebSocket } = {}
  server.on('connection', (socket) => {
    ends.server = socket
    accept(socketWire(socket))
  })
  return {
    async dial() {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, { maxPayload: longestReplyBytes })
      ends.client = socket
      const accepted = once(server, 'connection')
      await Promise.all([once(socket, 'open'), accepted])
      return socketWire(socket)
    },
    cut: () => ends.server?.terminate(),
    stall: () => ends.client?.pause(),
    flow: () => ends.client?.resume(),
    async close() {
      for (const socket of server.clients) socket.terminate()
      ends.client?.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const rigs: Readonly<Record<string, StartRig>> = {
  'memory pair': memoryRig,
  MessageChannel: portRig,
  WebSocket: socketRig,
}
