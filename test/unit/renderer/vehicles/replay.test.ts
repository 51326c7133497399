import { describe, expect, test } from 'vitest'
import type { BusFrame } from '../../../../src/contract/modules.ts'
import { Replay, type ReplayClock } from '../../../../src/renderer/features/vehicles/replay.ts'

class HandClock implements ReplayClock {
  #now = 0
  #calls: { readonly at: number; readonly call: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.#now + ms, call }
    this.#calls.push(entry)
    return () => {
      this.#calls = this.#calls.filter((one) => one !== entry)
    }
  }

  pass(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const next = this.#calls.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#calls = this.#calls.filter((one) => one !== next)
      this.#now = Math.max(this.#now, next.at)
      next.call()
    }
    this.#now = until
  }
}

function frameAt(at: number): BusFrame {
  return { at, direction: 'request', unit: 2, fn: 3, hex: '0203', text: '', trouble: '', tookMs: null }
}

function stand() {
  const clock = new HandClock()
  const shown: number[] = []
  const replay = new Replay(clock, (frames) => shown.push(...frames.map(({ at }) => at)))
  return { clock, shown, replay }
}

const recorded = [1000, 1100, 1200, 2200].map(frameAt)

describe('a replayed recording', () => {
  test('keeps its own time', () => {
    const { clock, shown, replay } = stand()
    void replay.play(recorded)
    expect(shown).toEqual([1000])
    clock.pass(90)
    expect(shown).toEqual([1000])
    clock.pass(10)
    expect(shown).toEqual([1000, 1100])
    clock.pass(100)
    expect(shown).toEqual([1000, 1100, 1200])
    clock.pass(1000)
    expect(shown).toEqual([1000, 1100, 1200, 2200])
  })

  test('goes sixteen times as fast when asked', () => {
    const { clock, shown, replay } = stand()
    replay.speed = 16
    void replay.play(recorded)
    clock.pass(75)
    expect(shown).toEqual([1000, 1100, 1200, 2200])
  })

  test('stands still while held, and goes on where it was', () => {
    const { clock, shown, replay } = stand()
    void replay.play(recorded)
    clock.pass(210)
    replay.pause(true)
    clock.pass(60_000)
    expect(shown).toEqual([1000, 1100, 1200])
    replay.pause(false)
    clock.pass(900)
    expect(shown).toEqual([1000, 1100, 1200])
    clock.pass(100)
    expect(shown).toEqual([1000, 1100, 1200, 2200])
  })

  test('its moment goes on between frames, never past the next one, and stands while held', () => {
    const { clock, replay } = stand()
    expect(replay.moment).toBe(0)
    void replay.play(recorded)
    clock.pass(700)
    expect(replay.moment).toBe(1700)
    replay.pause(true)
    clock.pass(60_000)
    expect(replay.moment).toBe(1200)
    replay.pause(false)
    clock.pass(5000)
    expect(replay.moment).toBe(2200)
  })

  test('asks for the next piece only when this one has been shown', async () => {
    const { clock, replay } = stand()
    let isDone = false
    const done = replay.play(recorded).then(() => {
      isDone = true
    })
    clock.pass(1000)
    await Promise.resolve()
    expect(isDone).toBe(false)
    clock.pass(200)
    await done
    expect(isDone).toBe(true)
  })

  test('an empty piece ends at once, and closing lets go', async () => {
    const { replay } = stand()
    await replay.play([])
    const waiting = replay.play(recorded)
    replay.close()
    await waiting
  })
})
