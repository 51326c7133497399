/** Pictures out of a multipart stream: however it is split, whatever is broken in it, and never with more work than bytes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryOf, MjpegParser, mjpegLimits } from '../../../src/main/io/mjpeg.ts'

const soi = Buffer.from([0xff, 0xd8, 0xff, 0xe0])
const eoi = Buffer.from([0xff, 0xd9])

function jpeg(filling: string | Buffer): Buffer {
  return Buffer.concat([soi, Buffer.from(filling), eoi])
}

interface Written {
  readonly body: Buffer
  readonly length?: boolean
  readonly newline?: string
  readonly before?: string
}

function write(part: Written, boundary = 'frame'): Buffer {
  const nl = part.newline ?? '\r\n'
  const length = part.length === true ? `Content-Length: ${part.body.length}${nl}` : ''
  const head = `${part.before ?? ''}--${boundary}${nl}Content-Type: image/jpeg${nl}${length}${nl}`
  return Buffer.concat([Buffer.from(head), part.body, Buffer.from(nl)])
}

function stream(parts: readonly Written[], boundary = 'frame', end = `--${boundary}\r\n`): Buffer {
  return Buffer.concat([...parts.map((part) => write(part, boundary)), Buffer.from(end)])
}

function parse(bytes: Buffer, sizes: readonly number[] = [bytes.length], boundary = 'frame') {
  const parser = new MjpegParser(boundary)
  const frames: Buffer[] = []
  let at = 0
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1)
    frames.push(...parser.push(bytes.subarray(at, at + size)).map((frame) => frame.bytes))
    at += size
  }
  return { frames, counters: parser.counters }
}

const body = fc.uint8Array({ maxLength: 400 }).map((bytes) => jpeg(Buffer.from(bytes)))
const part = fc.record({
  body,
  length: fc.boolean(),
  newline: fc.constantFrom('\r\n', '\n'),
  // Garbage between parts, that is no boundary.
  before: fc.constantFrom('', '', 'garbage\r\n', '--fram\r\n', '\r\n\r\n', '--frame-no\r\n'),
})
const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 20 })

describe('whole pictures', () => {
  test('any split of any parts gives the same pictures', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), sizes, (parts, split) => {
        // Garbage behind a picture without a length is the picture's: here only counted parts have it behind them.
        const clean = parts.map((one, at) => (parts[at - 1]?.length === true ? one : { ...one, before: '' }))
        const { frames, counters } = parse(stream(clean), split)
        expect(frames.map((frame) => frame.toString('hex'))).toEqual(
          clean.map((one) => one.body.toString('hex')),
        )
        expect(counters).toMatchObject({ frames: clean.length, bad: 0, oversize: 0 })
      }),
      { numRuns: 300 },
    )
  })

  test('every single place to split one part', () => {
    const bytes = stream([{ body: jpeg('one') }, { body: jpeg('two'), length: true }])
    for (let at = 1; at < bytes.length; at += 1) {
      expect(parse(bytes, [at, bytes.length]).frames).toEqual([jpeg('one'), jpeg('two')])
    }
  })

  test.each([
    ['a preamble', `Hello\r\n--not it\r\n${''}`],
    ['none', ''],
    ['an empty line first', '\r\n'],
  ])('%s before the first boundary', (_name, preamble) => {
    const bytes = Buffer.concat([Buffer.from(preamble), stream([{ body: jpeg('x') }])])
    expect(parse(bytes, [3]).frames).toEqual([jpeg('x')])
  })

  test('boundary bytes inside a part with a length belong to the picture', () => {
    const body = jpeg('a\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\nb')
    expect(parse(stream([{ body, length: true }, { body: jpeg('c') }]), [7]).frames).toEqual([
      body,
      jpeg('c'),
    ])
  })

  test('bytes that only resemble the boundary belong to the picture', () => {
    const body = jpeg('a\r\n--fram\r\n--framed\r\n--frame-x--frame\r\n')
    expect(parse(stream([{ body }, { body: jpeg('c') }]), [1]).frames).toEqual([body, jpeg('c')])
  })

  test('the closing boundary ends it, and what follows may begin again', () => {
    const bytes = Buffer.concat([
      stream([{ body: jpeg('a') }], 'frame', '--frame--\r\n'),
      stream([{ body: jpeg('b') }]),
    ])
    expect(parse(bytes, [5]).frames).toEqual([jpeg('a'), jpeg('b')])
  })

  test('a server that writes more dashes than the header says', () => {
    const bytes = stream([{ body: jpeg('a') }, { body: jpeg('b') }], '--frame', '----frame\r\n')
    expect(parse(bytes, [4]).frames).toEqual([jpeg('a'), jpeg('b')])
  })

  test('a picture is given out as soon as the next boundary line is whole, the last one only then', () => {
    const parser = new MjpegParser('frame')
    expect(parser.push(Buffer.from('--frame\r\n\r\n'), 100)).toEqual([])
    expect(parser.push(Buffer.concat([jpeg('a'), Buffer.from('\r\n')]), 200)).toEqual([])
    expect(parser.push(Buffer.from('--frame\r\n'), 1200)).toEqual([{ bytes: jpeg('a'), firstByteAt: 200 }])
  })
})

describe('broken streams', () => {
  test('a truncated picture is counted, the next one is found', () => {
    const broken = jpeg('cut off').subarray(0, -2)
    const { frames, counters } = parse(
      stream([{ body: jpeg('a') }, { body: broken }, { body: jpeg('b') }]),
      [9],
    )
    expect(frames).toEqual([jpeg('a'), jpeg('b')])
    expect(counters.bad).toBe(1)
  })

  test('a length that is too short or too long costs its own part, and at most the one it swallows', () => {
    const short = 'Content-Length: 5'
    const long = 'Content-Length: 40'
    for (const length of [short, long]) {
      const lie = Buffer.from(
        `--frame\r\n${length}\r\n\r\n${jpeg('abcdefgh').toString('latin1')}\r\n`,
        'latin1',
      )
      const bytes = Buffer.concat([lie, stream([{ body: jpeg('b') }, { body: jpeg('c') }])])
      const { frames, counters } = parse(bytes, [6])
      expect(frames.at(-1)).toEqual(jpeg('c'))
      expect(counters.bad).toBe(1)
    }
  })

  test('arbitrary garbage throws nothing, and a whole stream behind it is found again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), sizes, (garbage, split) => {
        const bytes = Buffer.concat([
          Buffer.from(garbage),
          stream([{ body: jpeg('a') }, { body: jpeg('b') }, { body: jpeg('c') }]),
        ])
        expect(parse(bytes, split).frames.at(-1)).toEqual(jpeg('c'))
      }),
      { numRuns: 200 },
    )
  })

  test('headers without end are given up after 8 KiB', () => {
    const bytes = Buffer.concat([
      Buffer.from(`--frame\r\n${'X-A: b\r\n'.repeat(2000)}\r\n`),
      stream([{ body: jpeg('a') }]),
    ])
    const { frames, counters } = parse(bytes, [1000])
    expect(frames).toEqual([jpeg('a')])
    expect(counters.bad).toBe(1)
  })

  test.each([true, false])(
    'a part above the limit is dropped and the next found, length said: %s',
    (length) => {
      const body = jpeg(Buffer.alloc(mjpegLimits.partBytes + 10))
      const { frames, counters } = parse(stream([{ body, length }, { body: jpeg('a') }]), [65_536])
      expect(frames).toEqual([jpeg('a')])
      expect(counters.oversize).toBe(1)
    },
  )
})

describe('work', () => {
  function workOf(size: number, chunk: number, length: boolean): number {
    return parse(stream([{ body: jpeg(Buffer.alloc(size, 0x2d)), length }]), [chunk]).counters.work
  }

  test.each([
    [1024, false],
    [1024, true],
    [7, false],
  ])('grows with the bytes, in chunks of %d', (chunk, length) => {
    const small = 500_000
    const large = 4 * small
    const ratio = workOf(large, chunk, length) / workOf(small, chunk, length)
    expect(ratio).toBeLessThan(4.6)
    expect(workOf(large, chunk, length) / large).toBeLessThan(8)
  })

  test('10 MB in chunks of 1 KB come out whole', () => {
    const body = jpeg(Buffer.alloc(10 * 1024 * 1024, 0x2d))
    const { frames, counters } = parse(stream([{ body }]), [1024])
    expect(frames[0]?.equals(body)).toBe(true)
    expect(counters.work).toBeLessThan(8 * body.length)
  })
})

test.each([
  ['multipart/x-mixed-replace; boundary=frame', 'frame'],
  ['multipart/x-mixed-replace;boundary="my frame"', 'my frame'],
  ['Multipart/X-Mixed-Replace; charset=utf-8; Boundary=--frame', 'frame'],
  ['multipart/x-mixed-replace; boundary="--frame"; foo=bar', 'frame'],
  ['image/jpeg', null],
  ['multipart/x-mixed-replace', null],
  ['multipart/x-mixed-replace; boundary=--', null],
  [undefined, null],
])('the boundary of %s', (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary)
})
