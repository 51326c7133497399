/** The connection test in words: whether the port opens and who answers on it. Writes nothing, ends within 10 s, leaves nothing open. */
import type { LinkTest } from '../../../contract/links.ts'
import { systemClock } from '../../io/clock.ts'
import { keepSerialOpen } from '../../io/serial.ts'
import { silentLog } from '../../log.ts'
import { identify, kindOf, versionWords } from './identity.ts'
import { StrictMaster } from './master.ts'
import type { BusProfile } from './poller.ts'

const withinMs = 9000
const openWithinMs = 3000
/** A module that is well answers within some milliseconds; with the link's own timeout the last units might not get their turn. */
const longestTimeoutMs = 400

interface Step {
  readonly ok: boolean
  readonly text: string
}

export async function testBus(profile: BusProfile): Promise<LinkTest> {
  const steps: Step[] = []
  const clock = systemClock
  const endsAt = clock.monotonic() + withinMs
  const { baudRate, parity, stopBits, port } = profile
  const timeoutMs = Math.min(profile.timeoutMs, longestTimeoutMs)
  const master = new StrictMaster({ clock, baudRate, timeoutMs })
  let say: (step: Step) => void = () => {}
  const opened = new Promise<Step>((resolve) => {
    say = resolve
  })
  const cancel = clock.after(openWithinMs, () =>
    say({ ok: false, text: `${port} did not open within ${openWithinMs / 1000} s` }),
  )
  const keeper = keepSerialOpen(
    { address: port, baudRate, dataBits: 8, parity, stopBits },
    {
      opened: (line) => {
        master.opened(line)
        say({ ok: true, text: `${line.path} is open at ${baudRate} baud` })
      },
      bytes: (_line, bytes, at) => master.bytes(bytes, at),
      closed: (reason) => {
        master.closed()
        say({ ok: false, text: reason })
      },
      waiting: (reason) => say({ ok: false, text: reason }),
    },
    { clock, log: silentLog },
  )
  try {
    const first = await opened
    steps.push(first)
    if (first.ok) steps.push(...(await askUnits(profile, master, endsAt)))
  } finally {
    cancel()
    await keeper.close()
    master.close()
  }
  return { ok: steps.length > 1 && steps.every(({ ok }) => ok), steps }
}

async function askUnits(profile: BusProfile, master: StrictMaster, endsAt: number): Promise<Step[]> {
  const answered: Step[] = []
  const quiet: number[] = []
  const unasked: number[] = []
  for (const unit of profile.units) {
    const found = await identify((address, quantity) =>
      master.transact({ unit, fn: 3, address, quantity }, 'scan', endsAt),
    )
    if (found.is === 'silent') quiet.push(unit)
    else if (found.is === 'unknown') unasked.push(unit)
    else answered.push({ ok: true, text: `unit ${unit} answers: ${whoIs(unit, found.identity, profile)}` })
  }
  if (answered.length === 0 && unasked.length === profile.units.length)
    return [{ ok: false, text: 'the line is never quiet: another master on this bus, or another baud rate?' }]
  if (answered.length === 0)
    return [
      {
        ok: false,
        text: `no module answers at unit ${quiet.join(', ')}: is the vehicle on, are A and B the right way round, is ${profile.baudRate} baud right?`,
      },
    ]
  if (quiet.length > 0) answered.push({ ok: true, text: `nobody at unit ${quiet.join(', ')}` })
  if (unasked.length > 0)
    answered.push({ ok: false, text: `there was no time left to ask unit ${unasked.join(', ')}` })
  return answered
}

function whoIs(
  unit: number,
  identity: Parameters<typeof kindOf>[0],
  { maps }: Pick<BusProfile, 'maps'>,
): string {
  const byHand = maps.find((entry) => entry.unit === unit)
  const map = byHand === undefined ? '' : `, register map ${byHand.map} (chosen by hand)`
  if (identity === null) return `it does not say what it is${map}`
  const kind = kindOf(identity)
  return `${kind === 'unknown' ? `type ${identity.type}` : kind}, firmware ${versionWords(identity.firmware)}${map}`
}
