/** Drivers that do not come back from a system call: the app goes on, the other ports too, and theirs when they answer again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { canHang, hangCalls, killed } from '../../fakes/hung-calls.ts'
import { hasSocat } from '../../fakes/pty-pair.ts'
import type { ChildState } from '../../fakes/serial-child.ts'
import { Stand, until } from './serial-stand.ts'

let stand = new Stand()
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  await stand.end()
  stand = new Stand()
})

const script = new URL('../../fakes/serial-child.ts', import.meta.url).pathname
const names = ['1', '2', '3', '4', '5', '6']

async function child() {
  const pairs = await Promise.all(names.map((n) => stand.pair(stand.at(`a${n}`), stand.at(`b${n}`))))
  const peers = await Promise.all(names.slice(4).map((n) => stand.peer(stand.at(`b${n}`))))
  const process_ = spawn(process.execPath, [script, ...names.map((n) => stand.at(`a${n}`))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(process_, 'exit')
  ends.push(async () => {
    process_.kill('SIGKILL')
    await gone
  })
  const [url] = await once(createInterface({ input: process_.stdout }), 'line')
  const ask = async (path = '/'): Promise<ChildState> =>
    (await fetch(new URL(path, String(url)), { signal: AbortSignal.timeout(10_000) })).json()
  const eventually = (met: (state: ChildState) => void) => until(async () => met(await ask()))
  await eventually(({ ports }) => expect(ports.every(({ isOpen }) => isOpen)).toBe(true))
  const hung = names.slice(0, 4).map((n) => realpathSync(stand.at(`a${n}`)))
  if (process_.pid === undefined) throw new Error('no process')
  return { pairs, peers, pid: process_.pid, ask, eventually, hung, gone }
}

describe.skipIf(!hasSocat || !canHang)('a driver that hangs (needs strace, and to be let attach)', () => {
  test.each([['close'], ['openat']])(
    'in %s: four of six ports, and nothing else is held up; they come back when it answers',
    async (call) => {
      const { pairs, peers, pid, ask, eventually, hung } = await child()
      const before = await ask()
      const calls = await hangCalls(pid, [call], hung)
      ends.push(() => calls.release())
      for (const pair of pairs.slice(0, 4)) pair.freeze()
      // The watchdog closes each; the close, or the next open, does not come back, and each is told so.
      await ask('/write')
      await eventually(({ ports, inside }) => {
        expect([...inside].sort()).toEqual([...hung].sort())
        for (const { said } of ports.slice(0, 4)) expect(said).toMatch(/the driver of .* does not answer/)
      })
      for (const peer of peers) await peer.say('still here')
      await eventually(({ ports }) => {
        for (const port of ports.slice(4))
          expect(port).toMatchObject({ isOpen: true, openings: 1, heard: 10 })
      })
      for (const pair of pairs) pair.thaw()
      await calls.release()
      await eventually(({ ports, inside }) => {
        expect(ports.map(({ isOpen }) => isOpen)).toEqual(names.map(() => true))
        expect(ports.slice(4).map(({ openings }) => openings)).toEqual([1, 1])
        expect(inside).toEqual([])
      })
      const after = await ask()
      expect(after.files).toBeLessThanOrEqual(before.files)
      expect(after.poolThreads).toBe(12)
    },
  )

  test('the process can be ended meanwhile: by the kernel, as its own exit would wait for the driver', async () => {
    const { pairs, pid, ask, eventually, hung, gone } = await child()
    const calls = await hangCalls(pid, ['close'], hung)
    ends.push(() => calls.release())
    for (const pair of pairs.slice(0, 4)) pair.freeze()
    await ask('/write')
    await eventually(({ inside }) => expect(inside).toHaveLength(4))
    await ask('/leave')
    await killed(pid)
    await calls.release()
    expect(await gone).toEqual([null, 'SIGKILL'])
  })

  test('when none hangs it ends in the usual way', async () => {
    const { ask, gone } = await child()
    await ask('/leave')
    expect(await gone).toEqual([0, null])
  })
})
