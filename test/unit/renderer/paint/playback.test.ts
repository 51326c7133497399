/** A recording on the screen: which frame belongs to which time, and how the position runs, jumps, steps and ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Playback, type Ticks } from '../../../../src/renderer/paint/playback.ts'
import { Film, type FilmFrame } from '../../../../src/renderer/paint/playback-film.ts'

function frame(at: number, isKey: boolean | null = null): FilmFrame {
  const video = isKey === null ? null : { codec: 'avc1.42E01F', isKey }
  return { at, video, widthPx: 640, heightPx: 480, bytes: new Uint8Array(10) }
}

function film(...times: number[]): Film {
  const made = new Film()
  for (const at of times) made.add(frame(at))
  return made
}

/** Paints when the test says so. */
class HandTicks implements Ticks {
  #now = 0
  #call: (() => void) | null = null
  now(): number {
    return this.#now
  }
  next(call: () => void): () => void {
    this.#call = call
    return () => {
      this.#call = null
    }
  }
  pass(ms: number): void {
    this.#now += ms
    const call = this.#call
    this.#call = null
    call?.()
  }
}

function stand(of: Film, at: number) {
  const ticks = new HandTicks()
  const shown: number[] = []
  const stills: boolean[] = []
  const playback: Playback = new Playback(
    of,
    {
      show(index, isStill) {
        shown.push(index)
        stills.push(isStill)
        playback.shown(index)
      },
    },
    ticks,
    at,
  )
  return { ticks, shown, stills, playback }
}

describe('a film', () => {
  it('knows the frame of every time, as a look through all of them finds it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 1 }), fc.nat(6000), (times, at) => {
        const sorted = [...new Set(times)].sort((a, b) => a - b)
        const naive = Math.max(0, sorted.filter((time) => time <= at).length - 1)
        expect(film(...sorted).indexAt(at)).toBe(naive)
      }),
    )
    expect(film().indexAt(5)).toBe(-1)
  })

  it('passes over what it has already, and finds the key frame before', () => {
    const of = new Film()
    for (const at of [0, 40, 80, 120]) of.add(frame(at, at % 80 === 0))
    expect(of.add(frame(80, true))).toBe(false)
    expect(of.frames.length).toBe(4)
    expect([0, 1, 2, 3].map((index) => of.keyBefore(index))).toEqual([0, 0, 2, 2])
    const broken = new Film()
    broken.add(frame(0, false))
    expect(broken.keyBefore(0)).toBeNull()
  })
})

describe('playing', () => {
  it('runs at its speed, waits for what has not come, and stops at the end', () => {
    const of = film(1000, 1040, 1080, 1120)
    const { ticks, shown, playback } = stand(of, 1000)
    playback.play()
    ticks.pass(40)
    ticks.pass(40)
    playback.setSpeed(0.5)
    ticks.pass(40)
    expect(playback.get().at).toBe(1100)
    playback.setSpeed(4)
    ticks.pass(1000)
    expect(playback.get()).toMatchObject({ at: 1120, isPlaying: true })
    of.add(frame(1160))
    playback.isComplete = true
    ticks.pass(1000)
    expect(playback.get()).toMatchObject({ at: 1160, isPlaying: false, shownAt: 1160 })
    expect(shown[0]).toBe(1)
    expect(shown.at(-1)).toBe(4)
    playback.play()
    expect(playback.get().at).toBe(1000)
  })

  it('does not wait through a gap', () => {
    const { ticks, playback } = stand(film(1000, 1040, 30_000, 30_040), 1000)
    playback.play()
    ticks.pass(40)
    ticks.pass(40)
    expect(playback.get().at).toBe(30_000)
  })

  it('steps frame by frame and jumps, each time to a still', () => {
    const { stills, shown, playback } = stand(film(1000, 1040, 1080), 1040)
    playback.grown()
    playback.step(1)
    playback.step(1)
    playback.step(-1)
    playback.seek(1010)
    expect(shown).toEqual([1, 2, 1, 0])
    expect(stills).toEqual([true, true, true, true])
    expect(playback.get()).toMatchObject({ shownAt: 1000, at: 1010, isPlaying: false })
  })

  it('opens at its moment, and not with a rush through what comes before it', () => {
    const of = film(1000, 1040)
    const { shown, playback } = stand(of, 1100)
    playback.grown()
    of.add(frame(1080))
    playback.grown()
    expect(shown).toEqual([])
    of.add(frame(1120))
    playback.grown()
    expect(playback.get()).toMatchObject({ shownAt: 1080, at: 1100 })
    // What is here already is shown at once, and what may still come is not taken for it.
    playback.seek(1040)
    playback.seek(1500)
    expect(shown).toEqual([2, 1])
    playback.isComplete = true
    playback.grown()
    expect(shown).toEqual([2, 1, 3])
  })

  it('says what could not be decoded until something can', () => {
    const { playback } = stand(film(0, 40), 0)
    playback.failed(true)
    expect(playback.get().trouble).toBe('unsupported')
    playback.seek(40)
    expect(playback.get().trouble).toBe('none')
  })
})
