/** Whatever comes in, decoding returns a message or throws the one typed error. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFeedFrame } from '../../../src/rpc/feed-frame.ts'
import {
  decodeReply,
  decodeRequest,
  encodePage,
  encodeReply,
  encodeRequest,
  encodeRows,
  longestReplyBytes,
  longestRequestBytes,
  mostAhead,
  type Request,
} from '../../../src/rpc/frame.ts'
import { FrameError, parseJson } from '../../../src/rpc/json-text.ts'

function survives(decode: () => unknown): void {
  try {
    decode()
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError)
  }
}

const id = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const word = fc.string({ maxLength: 50 })
const json = fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ is: fc.constant('hello' as const), version: fc.nat(), token: word, name: word }),
  fc.record({ is: fc.constant('call' as const), id, name: word, input: json }),
  fc.record({
    is: fc.constant('open' as const),
    id,
    name: word,
    after: fc.oneof(fc.nat(), fc.constant('now' as const)),
    ahead: fc.nat(mostAhead),
  }),
  fc.record({ is: fc.constantFrom('cancel' as const, 'close' as const), id }),
  fc.record({ is: fc.constant('credit' as const), id, frames: fc.nat(mostAhead) }),
  fc.constant({ is: 'ping' as const }),
)

describe('decoding', () => {
  it('survives any text and any bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 64 })), (message) => {
        survives(() => decodeRequest(message))
        survives(() => decodeReply(message))
      }),
      { numRuns: 5000 },
    )
  })

  it('survives objects that are almost messages', () => {
    const kinds = 'hello call cancel open close credit ping welcome refused result fault rows page end pong'
    const almost = fc.record(
      {
        is: fc.constantFrom(...kinds.split(' ')),
        ...Object.fromEntries(
          'id version token name input after session role user value code message tip rows gone entries seq more fault reason ahead frames'
            .split(' ')
            .map((key) => [key, fc.oneof(fc.nat(), fc.string(), fc.jsonValue({ maxDepth: 2 }))]),
        ),
      },
      { requiredKeys: ['is'] },
    )
    fc.assert(
      fc.property(almost, (value) => {
        survives(() => decodeRequest(JSON.stringify(value)))
        survives(() => decodeReply(JSON.stringify(value)))
      }),
      { numRuns: 5000 },
    )
  })

  it('survives messages with a piece cut out or turned over', () => {
    fc.assert(
      fc.property(
        request,
        fc.nat(),
        fc.nat(20),
        fc.string({ maxLength: 3 }),
        (message, at, length, instead) => {
          const text = encodeRequest(message)
          const start = at % text.length
          survives(() => decodeRequest(text.slice(0, start) + instead + text.slice(start + length)))
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('gives back every request as it was', () => {
    fc.assert(
      fc.property(request, (message) => {
        expect(decodeRequest(encodeRequest(message))).toEqual(JSON.parse(JSON.stringify(message)))
      }),
    )
  })

  it('gives back every feed frame, also from the middle of a larger buffer', () => {
    fc.assert(
      fc.property(id, json, fc.uint8Array({ maxLength: 200 }), (number, header, bytes) => {
        const encoded = encodeFeedFrame(number, header, bytes)
        const larger = new Uint8Array(encoded.length + 7)
        larger.set(encoded, 3)
        const frame = decodeReply(larger.subarray(3, 3 + encoded.length))
        expect(frame).toEqual({ is: 'frame', id: number, header: JSON.parse(JSON.stringify(header)), bytes })
      }),
    )
  })

  it('gives back rows, pages, ends and answers', () => {
    expect(
      decodeReply(encodeRows(3, ['{"id":"a"}', '{"id":"b"}'], ['c'], { snapshot: true, more: false })),
    ).toEqual({
      is: 'rows',
      id: 3,
      rows: [{ id: 'a' }, { id: 'b' }],
      gone: ['c'],
      snapshot: true,
      more: false,
    })
    expect(decodeReply(encodePage(4, ['{"seq":1}'], 1, true))).toEqual({
      is: 'page',
      id: 4,
      entries: [{ seq: 1 }],
      seq: 1,
      more: true,
    })
    const fault = { code: 'busy', message: 'm', tip: 't' } as const
    for (const reply of [
      { is: 'end', id: 1, fault: null },
      { is: 'end', id: 1, fault },
      { is: 'fault', id: 1, ...fault },
      { is: 'result', id: 1, value: { a: [null] } },
      { is: 'welcome', session: 's', role: 'admin', user: 'u' },
    ] as const) {
      expect(decodeReply(encodeReply(reply))).toEqual(reply)
    }
  })
})

describe('limits', () => {
  it('counts depth outside strings only', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(32), 1000, 32)).toBeDefined()
    expect(() => parseJson(nested(33), 1000, 32)).toThrow(FrameError)
    expect(parseJson(JSON.stringify(`${'['.repeat(100)}"\\`), 1000, 1)).toBe(`${'['.repeat(100)}"\\`)
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        if (JSON.stringify(value).includes('__proto__')) return
        expect(parseJson(JSON.stringify(value), 1_000_000, 10)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('counts bytes, not characters', () => {
    const fill = (text: string, times: number) => JSON.stringify({ is: 'ping', pad: text.repeat(times) })
    const room = longestRequestBytes - fill('', 0).length
    expect(decodeRequest(fill('x', room)).is).toBe('ping')
    expect(() => decodeRequest(fill('x', room + 1))).toThrow(/bytes/)
    expect(decodeRequest(fill('ạ', Math.floor(room / 3))).is).toBe('ping')
    expect(() => decodeRequest(fill('ạ', Math.floor(room / 3) + 1))).toThrow(/bytes/)
    expect(() => decodeReply(new Uint8Array(longestReplyBytes + 1))).toThrow(/large/)
  })

  it.each([
    [new Uint8Array(7), 1002],
    [new Uint8Array([0, 0, 0, 1, 255, 255, 255, 255, 1]), 1002],
    [new Uint8Array([0, 0, 0, 1, 0, 0, 0, 2, 0xc3, 0x28]), 1007],
  ])('refuses the frame %s', (bytes, code) => {
    expect(() => decodeReply(bytes)).toThrow(expect.objectContaining({ code }))
  })
})
