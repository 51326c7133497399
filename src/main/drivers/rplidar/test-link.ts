/** The connection test in words: the port, who is there, how it is. Starts nothing that moves, ends within 10 s, leaves nothing open. */
import type { LinkTest } from '../../../contract/links.ts'
import { systemClock } from '../../io/clock.ts'
import { keepSerialOpen, type SerialKeeper, type SerialLine } from '../../io/serial.ts'
import type { Log } from '../../log.ts'
import { Exchange } from './exchange.ts'
import { greet } from './greeting.ts'
import { notOne, type RplidarProfile, settingsOf } from './profile.ts'

const openMs = 4000
const quiet: Log = { error() {}, warn() {}, info() {}, debug() {} }

type Step = LinkTest['steps'][number]

async function opened(
  profile: RplidarProfile,
  bytes: (bytes: Uint8Array, at: number) => void,
  closed: () => void,
): Promise<{ readonly keeper: SerialKeeper; readonly line: SerialLine | null; readonly trouble: string }> {
  return new Promise((resolve) => {
    const end = (line: SerialLine | null, trouble: string) => {
      cancel()
      resolve({ keeper, line, trouble })
    }
    const cancel = systemClock.after(openMs, () => end(null, `${profile.port} does not open`))
    const keeper = keepSerialOpen(
      settingsOf(profile),
      {
        opened: (line) => end(line, ''),
        bytes: (_line, chunk, at) => bytes(chunk, at),
        closed,
        waiting: (reason) => end(null, reason),
      },
      { clock: systemClock, log: quiet },
    )
  })
}

export async function testRplidar(profile: RplidarProfile): Promise<LinkTest> {
  let exchange: Exchange | null = null
  const { keeper, line, trouble } = await opened(
    profile,
    (bytes, at) => exchange?.feed(bytes, at),
    () => exchange?.close(),
  )
  const steps: Step[] = []
  try {
    if (line === null) return { ok: false, steps: [{ ok: false, text: trouble }] }
    steps.push({ ok: true, text: `${line.path} is open at ${settingsOf(profile).baudRate} baud` })
    exchange = new Exchange(line, systemClock, () => {})
    const greeting = await greet(exchange, false)
    if (greeting.is !== 'lidar') {
      steps.push({ ok: false, text: notOne(greeting.is, profile) })
      return { ok: false, steps }
    }
    const { info, health } = greeting
    const serial = `serial number ${info.serialNumber}`
    steps.push({ ok: true, text: `it is an ${info.model}, firmware ${info.firmware}, ${serial}` })
    const isWell = health !== null && health.health !== 'error'
    const words =
      health === null ? 'it does not say how it is' : `its health is ${health.health} (code ${health.code})`
    const tip = health?.health === 'error' ? ': turn its power off and on' : ''
    steps.push({ ok: isWell, text: words + tip })
    return { ok: isWell, steps }
  } finally {
    await keeper.close()
  }
}
