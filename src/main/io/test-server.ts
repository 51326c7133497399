/** A connection test of a server of ours, in words: whether its port can be opened and answers over HTTP. Ends within 10 s and leaves nothing open. */
import type { LinkTest } from '../../contract/links.ts'
import { systemClock } from './clock.ts'
import { HttpClient } from './http-client.ts'
import { listen } from './listen.ts'
import { portTrouble } from './port-trouble.ts'

type Steps = LinkTest['steps']

export interface ServerKind {
  /** Where a running one says how it is. */
  readonly path: string
  /** What it says there; the same is said by the port that is opened for the test. */
  readonly health: object
  isHealth(body: Buffer): boolean
  /** `no OpenEye server`: what something else on the port is. */
  readonly otherwise: string
}

/** Where `0.0.0.0` listens, 127.0.0.1 answers. */
export function dialable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

async function ask(kind: ServerKind, host: string, port: number, what: string): Promise<Steps[number]> {
  const client = new HttpClient(1)
  const url = `http://${dialable(host)}:${port}${kind.path}`
  try {
    const { status, body } = await client.request({ url, timeoutMs: 5000, maxBytes: 65_536 })
    if (status !== 200) return { ok: false, text: `${what} answered ${status} on ${url}` }
    return kind.isHealth(body)
      ? { ok: true, text: `${what} answered on ${url}` }
      : { ok: false, text: `${what} is ${kind.otherwise}: it answered something else on ${url}` }
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) }
  } finally {
    client.close()
  }
}

export async function testServer(kind: ServerKind, host: string, port: number): Promise<LinkTest> {
  try {
    const listener = await listen({
      host,
      port,
      clock: systemClock,
      request: (_request, response) => response.end(JSON.stringify(kind.health)),
      peer: () => ({ message: () => {}, closed: () => {} }),
      refused: () => {},
    })
    const opened = { ok: true, text: `port ${listener.port} on ${host} could be opened` }
    const answer = await ask(kind, host, listener.port, 'it')
    await listener.close()
    return { ok: answer.ok, steps: [opened, answer] }
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const trouble = { ok: false, text: portTrouble(error, host, port) }
    if (!inUse) return { ok: false, steps: [trouble] }
    // Most often this very link, already running.
    const answer = await ask(kind, host, port, 'what listens there')
    if (!answer.ok) return { ok: false, steps: [trouble, answer] }
    return { ok: true, steps: [{ ok: true, text: `port ${port} on ${host} is open already` }, answer] }
  }
}
