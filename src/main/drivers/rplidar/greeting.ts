/** Who is at the port: read before anything is sent that makes something move. STOP is harmless, and quietens a device that was left scanning. */
import type { Exchange } from './exchange.ts'
import { type Health, type Info, readHealth, readInfo, readSampleRate } from './packets.ts'

export type Greeting =
  | {
      readonly is: 'lidar'
      readonly info: Info
      readonly health: Health | null
      /** Measurements per second in each mode; null where the device does not say. */
      readonly rate: { readonly standard: number; readonly express: number } | null
      readonly wasReset: boolean
    }
  /** `other`: something talks, but not as an RPLIDAR. `silent`: nothing came. */
  | { readonly is: 'other' | 'silent' }

/** The document asks for 1 ms after STOP; what is still under way needs longer. */
const settleMs = 30
const answerMs = 500
const tries = 3
/** A device starts anew in this time after RESET; the document gives 2 ms before the next request, devices take longer. */
const bootMs = 1000

async function readIdentity(exchange: Exchange): Promise<Info | null> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    await exchange.send('stop').catch(() => {})
    await exchange.pause(settleMs)
    const answer = await exchange.ask('info', answerMs)
    if (answer !== null) return readInfo(answer)
    if (!exchange.line.isOpen) return null
  }
  return null
}

export async function askHealth(exchange: Exchange): Promise<Health | null> {
  const answer = await exchange.ask('health', answerMs)
  return answer === null ? null : readHealth(answer)
}

function perSecond(us: number): number {
  return us === 0 ? 0 : Math.round(1e6 / us)
}

/** `mayReset`: in Protection Stop it is reset once, as the document advises, and looked at again. */
export async function greet(exchange: Exchange, mayReset: boolean): Promise<Greeting> {
  const before = exchange.heard
  let info = await readIdentity(exchange)
  if (info === null) return { is: exchange.heard > before ? 'other' : 'silent' }
  let health = await askHealth(exchange)
  let wasReset = false
  if (health?.health === 'error' && mayReset) {
    wasReset = true
    await exchange.send('reset').catch(() => {})
    await exchange.pause(bootMs)
    info = (await readIdentity(exchange)) ?? info
    health = await askHealth(exchange)
  }
  const answer = await exchange.ask('sample-rate', answerMs)
  const rate = answer === null ? null : readSampleRate(answer)
  return {
    is: 'lidar',
    info,
    health,
    rate: rate === null ? null : { standard: perSecond(rate.standardUs), express: perSecond(rate.expressUs) },
    wasReset,
  }
}
