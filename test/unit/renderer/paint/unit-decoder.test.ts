/** Video units through a decoder by hand: nothing decoded over a gap, a bounded queue, errors survived, each picture with its own header. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FrameHeader } from '../../../../src/contract/cameras.ts'
import {
  type Decoder,
  type DecoderEvents,
  type DecoderTrouble,
  UnitDecoder,
} from '../../../../src/renderer/paint/unit-decoder.ts'

const codec = 'avc1.42E01F'

function header(frame: number, isKey: boolean, more: Partial<FrameHeader> = {}): FrameHeader {
  const video = { codec, isKey }
  const size = { widthPx: 640, heightPx: 480 }
  return {
    frame,
    receivedAt: frame,
    capturedAt: null,
    video,
    ...size,
    dropped: 0,
    fps: 30,
    trouble: '',
    ...more,
  }
}

class HandDecoder implements Decoder {
  readonly codec: string
  readonly on: DecoderEvents<string>
  readonly given: { isKey: boolean; timestamp: number; frame: number }[] = []
  waiting = 0
  isClosed = false
  isBroken = false

  constructor(of: string, on: DecoderEvents<string>) {
    this.codec = of
    this.on = on
  }

  decode({ isKey, timestamp, bytes }: { isKey: boolean; timestamp: number; bytes: Uint8Array }): void {
    if (this.isBroken) throw new Error('a decoder that cannot')
    this.given.push({ isKey, timestamp, frame: bytes[0] ?? 0 })
  }

  close(): void {
    this.isClosed = true
  }

  /** Delivers the picture of what was given n-th. */
  deliver(n: number): void {
    const unit = this.given[n]
    if (unit !== undefined) this.on.picture(`picture ${unit.frame}`, unit.timestamp)
  }
}

function bench(refuse: (codec: string) => boolean = () => false) {
  const made: HandDecoder[] = []
  const shown: [string, number][] = []
  const dropped: string[] = []
  const failures: DecoderTrouble[] = []
  let hang: (() => void) | null = null
  const units = new UnitDecoder<string>(
    (of, on) => {
      if (refuse(of)) throw new TypeError('no such codec')
      const decoder = new HandDecoder(of, on)
      made.push(decoder)
      return decoder
    },
    {
      picture: (picture, { frame }) => shown.push([picture, frame]),
      failed: (trouble) => failures.push(trouble),
      drop: (picture) => dropped.push(picture),
    },
    {
      after: (_ms, call) => {
        hang = call
        return () => {
          hang = null
        }
      },
    },
  )
  const take = (frame: number, isKey = false, more: Partial<FrameHeader> = {}) =>
    units.take(header(frame, isKey, more), new Uint8Array([frame]))
  const frames = (of = made.at(-1)) => of?.given.map(({ frame }) => frame) ?? []
  return {
    units,
    made,
    shown,
    dropped,
    failures,
    take,
    frames,
    hang: () => hang?.(),
    last: () => made.at(-1),
  }
}

describe('units', () => {
  test('are decoded in order from a key frame on; those before it are counted as lost', async () => {
    const { units, take, frames, made } = bench()
    await take(1)
    await take(2)
    expect(made).toHaveLength(0)
    await take(3, true)
    await take(4)
    await take(5)
    expect(frames()).toEqual([3, 4, 5])
    expect(units.lost).toBe(2)
  })

  test('after a gap, a drop, a trouble wait for the next key frame, with the same decoder', async () => {
    const { units, take, frames, made } = bench()
    await take(1, true)
    await take(3)
    await take(4)
    await take(5, true)
    await take(6, false, { dropped: 1 })
    await take(7)
    await take(8, true)
    units.broken()
    await take(9)
    await take(10, true)
    await take(11)
    expect(frames()).toEqual([1, 5, 8, 10, 11])
    expect(made).toHaveLength(1)
    expect(units.lost).toBe(5)
  })

  test('of another codec or size get a new decoder, and the old one is closed', async () => {
    const { take, made, frames } = bench()
    await take(1, true)
    await take(2, true, { widthPx: 1280 })
    await take(3, true, { widthPx: 1280, video: { codec: 'avc1.640028', isKey: true } })
    await take(4, false, { widthPx: 1280, video: { codec: 'avc1.640028', isKey: false } })
    expect(made.map(({ codec: of, isClosed }) => [of, isClosed])).toEqual([
      [codec, true],
      [codec, true],
      ['avc1.640028', false],
    ])
    expect(frames()).toEqual([3, 4])
  })

  test('wait when more than two wait in the decoder, until it goes on', async () => {
    const { take, last, frames } = bench()
    await take(1, true)
    const decoder = last()
    if (decoder === undefined) throw new Error('no decoder')
    decoder.waiting = 3
    let isReady = false
    const taken = take(2).then(() => {
      isReady = true
    })
    await Promise.resolve()
    decoder.on.room()
    await Promise.resolve()
    expect(isReady).toBe(false)
    decoder.waiting = 2
    decoder.on.room()
    await taken
    expect(frames()).toEqual([1, 2])
  })
})

describe('a picture', () => {
  test('belongs to the header of its unit, in whichever order and however late it comes', async () => {
    const { take, last, shown } = bench()
    await take(1, true)
    await take(2)
    await take(3)
    last()?.deliver(0)
    last()?.deliver(2)
    last()?.deliver(1)
    expect(shown).toEqual([
      ['picture 1', 1],
      ['picture 3', 3],
      ['picture 2', 2],
    ])
  })

  test('told twice, or by a decoder that was given up, is not shown', async () => {
    const { units, take, made, shown, dropped } = bench()
    await take(1, true)
    made[0]?.deliver(0)
    made[0]?.deliver(0)
    await take(2)
    units.close()
    made[0]?.deliver(1)
    expect(shown).toHaveLength(1)
    expect(dropped).toEqual(['picture 1', 'picture 2'])
  })

  test('that never comes is forgotten: what is kept is bounded', async () => {
    const { take, last, shown, dropped } = bench()
    await take(1, true)
    for (let frame = 2; frame <= 66; frame++) await take(frame)
    last()?.deliver(0)
    last()?.deliver(65)
    expect(dropped).toEqual(['picture 1'])
    expect(shown).toEqual([['picture 66', 66]])
  })
})

describe('a decoder', () => {
  test('that fails is replaced at the next key frame', async () => {
    const { take, made, failures, frames } = bench()
    await take(1, true)
    made[0]?.on.failed(false)
    await take(2)
    await take(3, true)
    await take(4)
    expect(failures).toEqual(['broken'])
    expect(made).toHaveLength(2)
    expect(made[0]?.isClosed).toBe(true)
    expect(frames()).toEqual([3, 4])
    // The one that was given up has nothing more to say.
    made[0]?.on.failed(false)
    expect(failures).toHaveLength(1)
  })

  test('that throws, or only stalls, is given up as well, and which of the two is told', async () => {
    const { take, made, failures, hang, last } = bench()
    await take(1, true)
    const first = last()
    if (first !== undefined) first.isBroken = true
    await take(2)
    await take(3, true)
    const second = last()
    if (second !== undefined) second.waiting = 3
    const taken = take(4)
    hang()
    await taken
    await take(5, true)
    expect(failures).toEqual(['broken', 'stalled'])
    expect(made.map(({ isClosed }) => isClosed)).toEqual([true, true, false])
  })

  test('that there is none of for this codec is told so', async () => {
    const { units, take, failures, made } = bench((of) => of.startsWith('hev1'))
    await take(1, true, { video: { codec: 'hev1.1.6.L93.B0', isKey: true } })
    await take(2, false, { video: { codec: 'hev1.1.6.L93.B0', isKey: false } })
    expect(failures).toEqual(['unsupported'])
    expect(units.lost).toBe(2)
    await take(3, true)
    expect(made).toHaveLength(1)
  })

  test('that is closed while a unit waits for it lets it go', async () => {
    const { units, take, last } = bench()
    await take(1, true)
    const decoder = last()
    if (decoder !== undefined) decoder.waiting = 5
    const taken = take(2)
    units.close()
    await taken
    expect(decoder?.isClosed).toBe(true)
  })
})

test('whatever is lost, fails or changes, no decoder is given a unit whose predecessor it was not given', async () => {
  const act = fc.oneof(
    { weight: 8, arbitrary: fc.constant('unit' as const) },
    { weight: 2, arbitrary: fc.constantFrom('key', 'skip', 'fail', 'broken', 'close', 'resize', 'deliver') },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 120 }), async (acts) => {
      const { units, take, made, last, shown } = bench()
      let frame = 0
      let widthPx = 640
      for (const what of acts) {
        if (what === 'unit' || what === 'key') await take(++frame, what === 'key', { widthPx })
        else if (what === 'skip') frame++
        else if (what === 'fail') last()?.on.failed(false)
        else if (what === 'broken') units.broken()
        else if (what === 'close') units.close()
        else if (what === 'resize') widthPx += 2
        else last()?.deliver((last()?.given.length ?? 0) - 1)
      }
      for (const { given } of made)
        for (const [n, unit] of given.entries())
          if (!unit.isKey) expect(unit.frame).toBe((given[n - 1]?.frame ?? Number.NaN) + 1)
      for (const [picture, of] of shown) expect(picture).toBe(`picture ${of}`)
    }),
  )
})
