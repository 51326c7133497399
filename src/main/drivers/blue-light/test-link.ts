/** Connection tests in words: what was tried, what came of it. Each ends within 10 s and leaves nothing open. */
import type { LinkTest } from '../../../contract/links.ts'
import { systemClock } from '../../io/clock.ts'
import { dial } from '../../io/dial.ts'
import { listen } from '../../io/listen.ts'
import type { Peer } from '../../io/peer.ts'
import { portTrouble } from '../../io/port-trouble.ts'
import { dialable } from '../../io/test-server.ts'
import type { ClientProfile } from './client.ts'
import type { HubProfile } from './hub.ts'

interface Opened {
  readonly peer: Peer | null
  readonly reason: string
  readonly hangUp: () => void
}

function openOnce(url: string): Promise<Opened> {
  return new Promise((resolve) => {
    const hangUp = dial({
      url,
      clock: systemClock,
      opened: (peer) => {
        // The undo exists only after `dial` returned.
        queueMicrotask(() => resolve({ peer, reason: '', hangUp }))
        return { message: () => {}, closed: () => {} }
      },
      failed: (reason) => queueMicrotask(() => resolve({ peer: null, reason, hangUp })),
    })
  })
}

async function pingOnce(url: string): Promise<LinkTest['steps']> {
  const { peer, reason, hangUp } = await openOnce(url)
  if (peer === null) return [{ ok: false, text: `${url}: ${reason}` }]
  const steps = [{ ok: true, text: `${url} accepted the connection` }]
  const roundTripMs = await peer.ping(() => performance.now())
  if (roundTripMs === null) steps.push({ ok: false, text: 'it did not answer a ping within 5 s' })
  else steps.push({ ok: true, text: `it answered a ping in ${roundTripMs.toFixed(1)} ms` })
  hangUp()
  return steps
}

function judged(steps: LinkTest['steps']): LinkTest {
  return { ok: steps.every((step) => step.ok), steps }
}

export async function testHub(profile: HubProfile): Promise<LinkTest> {
  const { host, port } = profile
  try {
    const listener = await listen({
      host,
      port,
      clock: systemClock,
      peer: () => ({ message: () => {}, closed: () => {} }),
      refused: () => {},
    })
    const steps = [{ ok: true, text: `port ${listener.port} on ${host} could be opened` }]
    steps.push(...(await pingOnce(`ws://${dialable(host)}:${listener.port}`)))
    await listener.close()
    return judged(steps)
  } catch (error) {
    const steps = [{ ok: false, text: portTrouble(error, host, port) }]
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!inUse) return judged(steps)
    const answer = await pingOnce(`ws://${dialable(host)}:${port}`)
    if (!answer.every((step) => step.ok)) return judged([...steps, ...answer])
    // Most often this very link, already running.
    return judged([{ ok: true, text: `port ${port} on ${host} is already open for devices` }, ...answer])
  }
}

export async function testClient(profile: ClientProfile): Promise<LinkTest> {
  return judged(await pingOnce(profile.url))
}
