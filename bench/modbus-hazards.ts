/** `node bench/modbus-hazards.ts`: what each master makes of each hazard, over a pty. docs/decisions/0009-modbus-master.md has the table. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plugPair } from '../test/fakes/pty-pair.ts'
import { type Hazard, hazards } from '../test/sim/modbus/hazards.ts'
import { startHostile } from '../test/sim/modbus/hostile.ts'
import { wordAt } from '../test/sim/modbus/rtu.ts'
import { jsModbus, type Master, modbusSerial, type StartMaster, strict } from './modbus-masters.ts'

const timeoutMs = 300
const quantity = 10
/** A call that never settles counts as such after this. */
const hungMs = 2000

interface Tally {
  right: number
  wrong: number
  failed: number
  hung: number
}

async function judged(master: Master, unit: number, address: number, tally: Tally): Promise<void> {
  const hung = Promise.withResolvers<'hung'>()
  const timer = setTimeout(() => hung.resolve('hung'), hungMs)
  const words = await Promise.race([master.read(unit, address, quantity).catch(() => null), hung.promise])
  clearTimeout(timer)
  if (words === 'hung') tally.hung++
  else if (words === null) tally.failed++
  else if (words.length === quantity && words.every((word, n) => word === wordAt(unit, address + n)))
    tally.right++
  else tally.wrong++
}

/** On a fresh pair: `rounds` times one request the hazard is played for and four right ones, all of different addresses. */
async function meet(start: StartMaster, hazard: Hazard, rounds: number, always: boolean): Promise<Tally> {
  return onPair(start, async (master, slave) => {
    const tally = { right: 0, wrong: 0, failed: 0, hung: 0 }
    for (let round = 0; round < rounds; round++) {
      if (always) slave.play(hazard)
      else slave.playOnce(hazard)
      for (let n = 0; n < 5; n++) await judged(master, 2 + (n >> 1), 100 * n + round, tally)
    }
    return tally
  })
}

export async function onPair<T>(
  start: StartMaster,
  use: (master: Master, slave: Awaited<ReturnType<typeof startHostile>>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'modbus-'))
  const [near, far] = [join(folder, 'near'), join(folder, 'far')]
  const pair = await plugPair(near, far)
  const slave = await startHostile(far)
  const master = await start(near, timeoutMs)
  try {
    return await use(master, slave)
  } finally {
    await master.close().catch(() => {})
    await pair.unplug()
    await slave.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Six calls at once, to three units, `rounds` times. */
function overlapping(start: StartMaster, rounds: number): Promise<Tally> {
  return onPair(start, async (master) => {
    const tally = { right: 0, wrong: 0, failed: 0, hung: 0 }
    for (let round = 0; round < rounds; round++)
      await Promise.all([0, 1, 2, 3, 4, 5].map((n) => judged(master, 2 + (n % 3), 100 * n + round, tally)))
    return tally
  })
}

/** Two late answers, each followed by four right ones: what the bench counts wrong answers of. */
export function lateAnswers(start: StartMaster): Promise<Tally> {
  return meet(start, hazards['late-450'] as Hazard, 2, false)
}

const roundsOf: Readonly<Record<string, number>> = {
  'bit-flip': 16,
  cut: 10,
  'noise-inside': 10,
  'noise-before': 10,
}

if (import.meta.main) {
  process.on('uncaughtException', (error) => console.log(`  uncaught: ${error.message}`))
  for (const start of [modbusSerial, jsModbus, strict]) {
    console.log(start === strict ? 'ours' : start === modbusSerial ? 'modbus-serial' : 'jsmodbus')
    const say = (name: string, { right, wrong, failed, hung }: Tally) =>
      console.log(
        `  ${name.padEnd(16)} right ${String(right).padStart(4)}  wrong ${wrong}  failed ${failed}  hung ${hung}`,
      )
    for (const [name, hazard] of Object.entries(hazards))
      say(name, await meet(start, hazard, roundsOf[name] ?? 4, name.startsWith('echo')))
    say('6 at once', await overlapping(start, 4))
  }
  process.exit(0)
}
