/**
 * The worker that looks at pictures. It has a pipe of its own, so that neither a busy nor a hidden page keeps it waiting: its
 * timers are not slowed, and the pictures never cross the page's thread.
 */
import type { Api } from '../../contract/api.ts'
import { apiVersion } from '../../contract/version.ts'
import { createClient } from '../../rpc/client.ts'
import { portWire } from '../../rpc/port-wire.ts'
import { webSocketWire } from '../../rpc/web-socket-wire.ts'
import type { Wire } from '../../rpc/wire.ts'
import { Desk } from './desk.ts'
import type { FromWorker, ToWorker } from './messages.ts'

let name: string | undefined
let client: ReturnType<typeof createClient<Api>> | null = null
const waiting: ((port: MessagePort) => void)[] = []

addEventListener('message', ({ data, ports }: MessageEvent<ToWorker>) => {
  switch (data.is) {
    case 'start':
      name = data.name
      start(data.url, data.token)
      break
    case 'port': {
      const [port] = ports
      if (port !== undefined) waiting.shift()?.(port)
      break
    }
    case 'name':
      name = data.name
      // Before the pipe is there it is told with the hello.
      if (name !== undefined) client?.call('session.sign-on', { name }).catch(() => {})
  }
})

function start(url: string | null, token: string): void {
  const dial = url === null ? dialPort : () => webSocketWire(new WebSocket(url))
  client = createClient<Api>(dial, {
    version: apiVersion,
    ...(token === '' ? {} : { token }),
    name: () => name,
  })
  new Desk(client, report)
}

function dialPort(): Promise<Wire> {
  return new Promise((resolve) => {
    waiting.push((port) => resolve(portWire(port)))
    say({ is: 'dial' })
  })
}

function say(message: FromWorker): void {
  postMessage(message)
}

/** Where the browser reports what nobody caught; the page hears of it. */
function report(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
