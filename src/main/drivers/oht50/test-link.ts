/** The connection test in words, address by address. Ends within 10 s and leaves nothing open. */
import type { LinkTest } from '../../../contract/links.ts'
import { noCounters } from '../../../contract/links.ts'
import { type Clock, systemClock } from '../../io/clock.ts'
import { dial } from '../../io/dial.ts'
import type { SecretSlot } from '../../link.ts'
import { readMessage } from './codec.ts'
import { Courier } from './courier.ts'
import { mayShowToken, type VehicleProfile, withoutSlash } from './profile.ts'
import { readSystemState } from './replies.ts'
import { Redactor, tokenOf } from './secret.ts'
import { quickPings } from './stream.ts'

/** The firmware's slowest message comes every 2 s. */
const socketMs = 3500

interface Step {
  readonly ok: boolean
  readonly text: string
}

async function testHttp(courier: Courier, profile: VehicleProfile): Promise<Step[]> {
  const { httpUrl } = profile
  try {
    const { status, value } = await courier.ask('/api/v1/system/state')
    const state = readSystemState(value)?.values.state
    if (status === 200 && state != null) {
      const steps = [{ ok: true, text: `${httpUrl} answers: the vehicle is in state ${state}` }]
      if (!courier.hasToken)
        steps.push({ ok: true, text: 'no token is kept: values can be read, orders will be refused' })
      return steps
    }
    return [{ ok: false, text: `${httpUrl} answers, but not as a vehicle does (HTTP ${status})` }]
  } catch (error) {
    return [{ ok: false, text: error instanceof Error ? error.message : String(error) }]
  }
}

/** What the first understood message was, or why there was none. */
function testSocket(url: string, token: string | null, clock: Clock): Promise<Step> {
  return new Promise((resolve) => {
    let undo: () => void = () => {}
    let isOpen = false
    let isOver = false
    const finish = (step: Step) => {
      if (isOver) return
      isOver = true
      cancel()
      // The undo exists only after `dial` returned.
      queueMicrotask(() => undo())
      resolve(step)
    }
    const cancel = clock.after(socketMs, () =>
      finish(
        isOpen
          ? { ok: false, text: `${url} opens, but nothing of use came within ${socketMs / 1000} s` }
          : { ok: false, text: `${url} did not answer within ${socketMs / 1000} s` },
      ),
    )
    undo = dial({
      url,
      clock,
      limits: quickPings,
      ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
      opened() {
        isOpen = true
        return {
          message(bytes, isBinary) {
            const [said] = readMessage(bytes, isBinary).said
            if (said === undefined || said.is === 'chatter' || said.is === 'unknown' || said.is === 'bad')
              return
            finish({ ok: true, text: `${url} opens and brings ${said.is}` })
          },
          closed: (code, reason) =>
            finish({ ok: false, text: `${url} opens, then hung up (${reason === '' ? code : reason})` }),
        }
      },
      failed: (reason) => finish({ ok: false, text: reason.includes(url) ? reason : `${url}: ${reason}` }),
    })
  })
}

export async function testLink(profile: VehicleProfile, secret: SecretSlot): Promise<LinkTest> {
  const clock = systemClock
  const token = tokenOf(await secret.read())
  const redactor = new Redactor()
  redactor.know(token)
  const context = { profile, clock, inspected: () => false, tell: () => {} }
  const courier = new Courier({ context, counters: { ...noCounters }, redactor })
  courier.token = token
  const { httpUrl, socketUrl, backendUrl } = profile
  try {
    const found = await Promise.all([
      httpUrl === '' ? [] : testHttp(courier, profile),
      socketUrl === '' ? [] : testSocket(socketUrl, mayShowToken(profile) ? token : null, clock),
      // Of the topics this one says something at once, also when nothing is wrong.
      backendUrl === '' ? [] : testSocket(`${withoutSlash(backendUrl)}/ws/alerts`, null, clock),
    ])
    const steps = found.flat().map(({ ok, text }) => ({ ok, text: redactor.clean(text) }))
    return { ok: steps.every(({ ok }) => ok), steps }
  } finally {
    courier.close()
  }
}
