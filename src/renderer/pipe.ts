/** The pipe to the app: a MessagePort where the shell offers one, else a WebSocket. The only file that knows there are two shells. */
import { portWire } from '../rpc/port-wire.ts'
import { webSocketWire } from '../rpc/web-socket-wire.ts'
import type { Wire } from '../rpc/wire.ts'

const tokenKey = 'watchfloor.token'

export interface Pipe {
  readonly dial: () => Promise<Wire>
  readonly token: string
  /** For a second connection of this page, made in a worker. */
  readonly second: SecondPipe
}

export type SecondPipe =
  | { readonly is: 'ports'; readonly next: () => Promise<MessagePort> }
  | { readonly is: 'socket'; readonly url: string; readonly token: string }

/** The page's own and its worker's. */
const mostPorts = 2

export function openPipe(): Pipe {
  return location.protocol === 'app:' ? portPipe() : socketPipe()
}

/** Each port serves one connection; a later one is dialled when the shell hands over the next. */
function portPipe(): Pipe {
  const ports: MessagePort[] = []
  const waiting: ((port: MessagePort) => void)[] = []
  window.addEventListener('message', (event) => {
    const [port] = event.ports
    if (event.data !== 'watchfloor:port' || event.source !== window || port === undefined) return
    const take = waiting.shift()
    if (take) take(port)
    else ports.push(port)
    // Nobody took it: the shell will have given up waiting at its other end.
    if (ports.length > mostPorts) ports.shift()?.close()
  })
  const next = () =>
    new Promise<MessagePort>((resolve) => {
      const port = ports.shift()
      if (port) resolve(port)
      else waiting.push(resolve)
    })
  return { dial: async () => portWire(await next()), token: '', second: { is: 'ports', next } }
}

function socketPipe(): Pipe {
  const token = takeToken()
  // A link with another token opened in this same page: start over with it.
  window.addEventListener('hashchange', () => location.reload())
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`
  return { dial: () => webSocketWire(new WebSocket(url)), token, second: { is: 'socket', url, token } }
}

/** The token leaves the address bar at once: it must not reach history, bookmarks or a screenshot. */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null && given !== '') {
    sessionStorage.setItem(tokenKey, given)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return sessionStorage.getItem(tokenKey) ?? ''
}
