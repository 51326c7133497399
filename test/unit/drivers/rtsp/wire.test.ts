/** RTSP messages and packets out of a byte stream: the same however it is split, found again after garbage, bounded. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Item, WireParser, wireLimits } from '../../../../src/main/drivers/rtsp/wire.ts'

const ours = (channel: number) => channel < 2

function read(bytes: Buffer, cuts: readonly number[] = []): { items: Item[]; parser: WireParser } {
  const parser = new WireParser()
  const items: Item[] = []
  let from = 0
  for (const cut of [...new Set(cuts.map((one) => one % (bytes.length + 1)))].sort((a, b) => a - b)) {
    items.push(...parser.push(bytes.subarray(from, cut), ours))
    from = cut
  }
  items.push(...parser.push(bytes.subarray(from), ours))
  return { items, parser }
}

function packet(channel: number, payload: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from([0x80, 96, 0, 1, 0, 0, 0, 1]), payload])
  return Buffer.concat([Buffer.from([0x24, channel, body.length >> 8, body.length & 255]), body])
}

function shown(item: Item): unknown {
  return item.is === 'packet'
    ? [item.channel, item.bytes.toString('hex')]
    : { ...item, headers: [...item.headers] }
}

const word = fc.stringMatching(/^[a-zA-Z0-9;=,. ]{1,30}$/).map((text) => `x${text}x`)
const reply = fc
  .record({
    status: fc.integer({ min: 100, max: 599 }),
    reason: word,
    value: word,
    body: fc.string({ maxLength: 60 }),
  })
  .map(({ status, reason, value, body }) => {
    const length = Buffer.byteLength(body)
    return Buffer.from(
      `RTSP/1.0 ${status} ${reason}\r\nCSeq: 3\r\nX-Any:${value}\r\nContent-Length: ${length}\r\n\r\n${body}`,
    )
  })
const request = fc
  .constantFrom('OPTIONS', 'GET_PARAMETER', 'TEARDOWN', 'ANNOUNCE')
  .map((method) => Buffer.from(`${method} rtsp://a/b RTSP/1.0\r\nCSeq: 9\r\n\r\n`))
const anyPacket = fc
  .tuple(fc.integer({ min: 0, max: 1 }), fc.uint8Array({ maxLength: 300 }))
  .map(([channel, payload]) => packet(channel, payload))
const whole = fc.array(fc.oneof(reply, request, anyPacket), { minLength: 1, maxLength: 12 })
const cuts = fc.array(fc.nat(100_000), { maxLength: 40 })

test('what is whole comes out whole, however it was split', () => {
  fc.assert(
    fc.property(whole, cuts, (parts, at) => {
      const bytes = Buffer.concat(parts)
      const { items, parser } = read(bytes, at)
      expect(items).toHaveLength(parts.length)
      expect(items.map(shown)).toEqual(read(bytes).items.map(shown))
      expect(parser.skipped).toBe(0)
      const every = [...bytes.keys()]
      expect(read(bytes, every).items.map(shown)).toEqual(items.map(shown))
    }),
    { numRuns: 60 },
  )
})

test('any bytes are survived, split anyhow, and never held beyond the limits', () => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((one) => Buffer.from(one))
  const begins = fc.constantFrom(
    'RTSP/1.0 200 OK\r\n',
    'OPTIONS ',
    '$',
    '$\0\xff\xff\x80',
    'RTSP',
    'Content-Length: 99\r\n\r\n',
  )
  const mixed = fc.array(
    fc.oneof(
      bytes,
      begins.map((text) => Buffer.from(text, 'latin1')),
    ),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(mixed, cuts, (parts, at) => {
      const { items } = read(Buffer.concat(parts), at)
      for (const item of items)
        if (item.is === 'packet') expect(item.bytes.length).toBeLessThanOrEqual(65_535)
    }),
    { numRuns: 500 },
  )
})

test('after garbage the next packet is found', () => {
  // Nothing in it looks like the beginning of a packet of ours, or of a message.
  const garbage = fc
    .uint8Array({ minLength: 1, maxLength: 80 })
    .map((one) =>
      Buffer.from(one).map((byte) => (byte === 0x24 || (byte >= 0x41 && byte <= 0x5a) ? 1 : byte)),
    )
  fc.assert(
    fc.property(garbage, fc.uint8Array({ maxLength: 50 }), cuts, (junk, payload, at) => {
      const good = packet(0, payload)
      const { items, parser } = read(Buffer.concat([good, junk, good]), at)
      expect(items).toHaveLength(2)
      expect(parser.skipped).toBe(junk.length)
    }),
  )
})

test('packets of a stream nobody asked for are passed by, and say nothing', () => {
  const { items, parser } = read(Buffer.concat([packet(4, Buffer.alloc(20)), packet(0, Buffer.alloc(3))]))
  expect(items.map((item) => item.is === 'packet' && item.channel)).toEqual([4, 0])
  expect(parser.skipped).toBe(0)
})

test.each([
  ['a length of 4 GiB', 'RTSP/1.0 200 OK\r\nContent-Length: 4294967296\r\n\r\n', 'length'],
  [
    'a length beyond the limit',
    `RTSP/1.0 200 OK\r\nContent-Length: ${wireLimits.bodyBytes + 1}\r\n\r\n`,
    'length',
  ],
  ['a length that is no number', 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n', 'length'],
  ['a header without end', `RTSP/1.0 200 OK\r\n${'A: b\r\n'.repeat(4000)}`, 'does not end'],
  ['garbage without end', '\x01'.repeat(wireLimits.junkBytes + 2), 'no RTSP'],
])('%s ends it', (_name, text, words) => {
  const { parser } = read(Buffer.from(text, 'latin1'))
  expect(parser.trouble).toContain(words)
  expect(parser.push(packet(0, Buffer.alloc(4)), ours)).toEqual([])
})

test('a header may go on in the next line, and its letters are UTF-8', () => {
  const head = [
    'RTSP/1.0 401 Unauthorized',
    'CSeq: 1',
    'WWW-Authenticate: Digest realm="Cổng bắc",',
    ' \tnonce="n1", qop="auth"',
    '',
    '',
  ].join('\r\n')
  const [item] = read(Buffer.from(head)).items
  expect(item?.is === 'reply' && item.headers.get('www-authenticate')).toEqual([
    'Digest realm="Cổng bắc", nonce="n1", qop="auth"',
  ])
})
