/** The connection test in words: what was tried, what came of it. Ends within 10 s and leaves nothing open. */
import { Fault } from '../../../../contract/fault.ts'
import type { LinkTest } from '../../../../contract/links.ts'
import { noCounters } from '../../../../contract/links.ts'
import { type Clock, systemClock } from '../../../io/clock.ts'
import { dial } from '../../../io/dial.ts'
import { HttpClient } from '../../../io/http-client.ts'
import type { SecretSlot } from '../../../link.ts'
import { ClockOffset } from './clock-offset.ts'
import type { ClientProfile } from './profile.ts'
import { Redactor } from './redact.ts'
import { detailOf, readCameras } from './replies.ts'
import { RequestBudget } from './request-budget.ts'
import { Rest } from './rest.ts'
import { Session } from './session.ts'

const withinMs = 9500
const stepMs = 4000

function openSocket(url: string, token: string, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    const address = url.replace(/^http/, 'ws').replace(/\/+$/, '')
    const hangUp = dial({
      url: `${address}/api/ws/statistics?token=${encodeURIComponent(token)}`,
      shownAs: url,
      clock,
      opened: () => {
        // The undo exists only after `dial` returned.
        queueMicrotask(() => finish(''))
        return { message: () => {}, closed: () => {} }
      },
      failed: (reason) => queueMicrotask(() => finish(reason)),
    })
    const cancel = clock.after(stepMs, () => finish(`no answer within ${stepMs / 1000} s`))
    const finish = (reason: string) => {
      cancel()
      hangUp()
      resolve(reason)
    }
  })
}

export async function testClient(profile: ClientProfile, secret: SecretSlot): Promise<LinkTest> {
  const clock = systemClock
  const http = new HttpClient(2)
  const redactor = new Redactor()
  const { url } = profile
  const steps: { ok: boolean; text: string }[] = []
  const rest = new Rest({
    context: { profile, clock, inspected: () => false, tell: () => {} },
    http,
    budget: new RequestBudget(),
    redactor,
    offset: new ClockOffset(),
    counters: { ...noCounters },
  })
  const session = new Session({ rest, secret, clock, redactor, url, refused: () => {} })
  const giveUp = clock.after(withinMs, () => http.close())
  try {
    const health = await rest.send({ path: '/api/health', by: 'order', timeoutMs: stepMs }, null)
    steps.push({ ok: true, text: `${url} answers${health.status === 200 ? ', and says it is well' : ''}` })
    const token = await session.token()
    steps.push({ ok: true, text: 'logged in' })
    const trouble = await openSocket(url, token, clock)
    if (trouble === '') steps.push({ ok: true, text: 'the socket opens' })
    else steps.push({ ok: false, text: await whyNoSocket(session, trouble) })
    const listed = await session.ask({ path: '/api/cameras/', by: 'order', timeoutMs: stepMs })
    const cameras = readCameras(listed.value)
    if (listed.status === 200 && cameras !== null)
      steps.push({ ok: true, text: `it has ${cameras.length} cameras` })
    else {
      const words = detailOf(listed.value) ?? `HTTP ${listed.status}`
      steps.push({ ok: false, text: `its cameras cannot be listed: ${words}` })
    }
  } catch (error) {
    const text = error instanceof Fault ? error.message : String(error)
    steps.push({ ok: false, text: redactor.clean(text) })
  } finally {
    giveUp()
    session.close()
    http.close()
  }
  return { ok: steps.every((step) => step.ok), steps }
}

async function whyNoSocket(session: Session, trouble: string): Promise<string> {
  if (!trouble.includes('403')) return `the socket does not open: ${trouble}`
  const { status } = await session.ask({ path: '/api/ws/status', by: 'order', timeoutMs: stepMs })
  return status === 200
    ? 'the socket does not open, though the login is good: the server allows 5 sockets per user; close one'
    : `the socket does not open: ${trouble}`
}
