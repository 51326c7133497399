/** A connection test in words: whether the port can be opened and answers. Ends within 10 s and leaves nothing open. */
import type { LinkTest } from '../../../contract/links.ts'
import { systemClock } from '../../io/clock.ts'
import { HttpClient } from '../../io/http-client.ts'
import { readJson } from '../../io/json.ts'
import { listen } from '../../io/listen.ts'
import { portTrouble } from '../../io/port-trouble.ts'
import { isFields } from './fields.ts'
import { serviceName } from './http.ts'
import type { GatewayProfile } from './profile.ts'

type Steps = LinkTest['steps']

/** Where `0.0.0.0` listens, 127.0.0.1 answers. */
function dialable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function isHealth(body: Buffer): boolean {
  const read = readJson(body)
  return read.ok && isFields(read.value) && read.value.service === serviceName
}

async function ask(host: string, port: number, what: string): Promise<Steps[number]> {
  const client = new HttpClient(1)
  const url = `http://${dialable(host)}:${port}/health`
  try {
    const { status, body } = await client.request({ url, timeoutMs: 5000, maxBytes: 65_536 })
    if (status !== 200) return { ok: false, text: `${what} answered ${status} on ${url}` }
    return isHealth(body)
      ? { ok: true, text: `${what} answered on ${url}` }
      : { ok: false, text: `${what} is no gateway of ours: it answered something else on ${url}` }
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) }
  } finally {
    client.close()
  }
}

export async function testGateway({ host, port }: GatewayProfile): Promise<LinkTest> {
  try {
    const listener = await listen({
      host,
      port,
      clock: systemClock,
      request: (_request, response) => response.end(JSON.stringify({ service: serviceName })),
      peer: () => ({ message: () => {}, closed: () => {} }),
      refused: () => {},
    })
    const opened = { ok: true, text: `port ${listener.port} on ${host} could be opened` }
    const answer = await ask(host, listener.port, 'it')
    await listener.close()
    return { ok: answer.ok, steps: [opened, answer] }
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const why = { ok: false, text: portTrouble(error, host, port) }
    if (!inUse) return { ok: false, steps: [why] }
    // Most often this very link, already running.
    const answer = await ask(host, port, 'what listens there')
    if (!answer.ok) return { ok: false, steps: [why, answer] }
    return { ok: true, steps: [{ ok: true, text: `port ${port} on ${host} is open already` }, answer] }
  }
}
