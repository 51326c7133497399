/** Calls into drivers: one per port, few in all, and nobody waits for one that hangs. */
import { expect, test } from 'vitest'
import type { Clock } from '../../../src/main/io/clock.ts'
import { DriverCalls, SilentDriver } from '../../../src/main/io/driver-calls.ts'

/** Its timers fire when the test says so. */
function handClock() {
  const timers = new Set<() => void>()
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after(_delayMs, run) {
      timers.add(run)
      return () => void timers.delete(run)
    },
    every: () => () => {},
  }
  const pass = () => {
    const due = [...timers]
    timers.clear()
    for (const run of due) run()
  }
  return { clock, timers, pass }
}

function stand(most: number) {
  const hand = handClock()
  const calls = new DriverCalls(most)
  const begun: string[] = []
  const answers = new Map<string, () => void>()
  const ask = (path: string, name = path, late: 'drop' | 'keep' = 'drop') =>
    calls.run(
      path,
      () => {
        begun.push(name)
        return new Promise<string>((resolve) => answers.set(name, () => resolve(name)))
      },
      { clock: hand.clock, late },
    )
  const answer = async (name: string) => {
    answers.get(name)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...hand, calls, begun, ask, answer }
}

test('a port’s calls come one after the other, those of others beside them', async () => {
  const { begun, ask, answer, calls } = stand(4)
  const first = ask('a', 'a1')
  const second = ask('a', 'a2')
  void ask('b')
  expect(begun).toEqual(['a1', 'b'])
  await answer('a1')
  expect(await first).toBe('a1')
  expect(begun).toEqual(['a1', 'b', 'a2'])
  await answer('a2')
  expect(await second).toBe('a2')
  expect(calls.inside).toEqual(['b'])
})

test('the error of a call is its caller’s, and the next one has its turn', async () => {
  const { calls, clock, timers } = stand(1)
  const failing = calls.run('a', () => Promise.reject(new Error('no such port')), { clock, late: 'drop' })
  const next = calls.run('a', async () => 'open', { clock, late: 'drop' })
  await expect(failing).rejects.toThrow('no such port')
  expect(await next).toBe('open')
  expect(calls.inside).toEqual([])
  expect(timers.size).toBe(0)
})

test('drivers that hang hold as many threads as were given to them and no more; who waits is told which', async () => {
  const { begun, ask, pass, answer, calls } = stand(2)
  const told = ['a', 'b', 'c'].map((path) => ask(path).catch((error: unknown) => error))
  const again = ask('a', 'again').catch((error: unknown) => error)
  expect(begun).toEqual(['a', 'b'])
  pass()
  const [a, , c] = await Promise.all(told)
  expect(a).toBeInstanceOf(SilentDriver)
  expect(a).toMatchObject({ message: expect.stringContaining('the driver of a does not answer: unplug') })
  expect(c).toMatchObject({ message: expect.stringContaining('c waits for the drivers of other ports') })
  expect(c).toMatchObject({ message: expect.stringContaining('unplug the devices at a, b') })
  expect(await again).toMatchObject({ message: expect.stringContaining('the driver of a') })
  expect(calls.inside).toEqual(['a', 'b'])
  // They answer after all: what was given up meanwhile is not done.
  await answer('a')
  await answer('b')
  expect(begun).toEqual(['a', 'b'])
  expect(calls.inside).toEqual([])
})

test('a close that was given up is done all the same when its turn comes', async () => {
  const { begun, ask, pass, answer } = stand(1)
  const hung = ask('a').catch(() => 'gave up')
  const close = ask('b', 'close', 'keep').catch(() => 'gave up')
  pass()
  expect(await Promise.all([hung, close])).toEqual(['gave up', 'gave up'])
  await answer('a')
  expect(begun).toEqual(['a', 'close'])
})
