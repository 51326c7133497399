/** RTP payloads into access units: whatever is lost, repeated, out of order or made up, a wrong unit is never told. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AccessUnit, Assembler } from '../../../../src/main/drivers/rtsp/assembler.ts'
import { h264 } from '../../../../src/main/drivers/rtsp/h264.ts'
import { h265 } from '../../../../src/main/drivers/rtsp/h265.ts'
import { type RtpPacket, readRtp } from '../../../../src/main/drivers/rtsp/rtp.ts'
import { counterClip, readClip } from '../../../sim/rtsp/clip.ts'
import { payloadsOf, rtpOf } from '../../../sim/rtsp/packets.ts'

const startCode = Buffer.from([0, 0, 0, 1])
const { sps, pps } = readClip(counterClip())
const payloadType = 96

function annexB(units: readonly Buffer[]): string {
  return Buffer.concat(units.flatMap((unit) => [startCode, unit])).toString('hex')
}

interface Made {
  readonly isKey: boolean
  readonly told: string
  readonly packets: RtpPacket[]
}

/** Pictures of so many bytes; a key frame every `gop`. Made up, but of the right kinds of units. */
function made(
  sizes: readonly number[],
  gop: number,
  payloadBytes: number,
  hasMarkers: boolean,
  first: number,
): Made[] {
  let sequence = first
  return sizes.map((size, index) => {
    const isKey = index % gop === 0
    // A picture in two slices: the second does not begin at macroblock 0.
    const slice = (head: number, begin: number) => {
      const bytes = Buffer.alloc(size + 3, ((index * 7 + begin) & 0x7f) | 1)
      bytes.set([head, begin])
      return bytes
    }
    const head = isKey ? 0x65 : 0x41
    const slices = [slice(head, 0x88), slice(head, 0x48)]
    const own = isKey ? [sps, pps, ...slices] : slices
    const payloads = payloadsOf(own, payloadBytes)
    const packets = payloads.map((payload, at) => {
      const marker = hasMarkers && at === payloads.length - 1
      const stamp = {
        payloadType,
        sequence: sequence++,
        timestamp: index * 3000 + 0xfffff000,
        source: 9,
        marker,
      }
      const packet = readRtp(rtpOf(payload, stamp))
      if (packet === null) throw new Error('the simulator made a packet that cannot be read')
      return packet
    })
    return { isKey, told: annexB(own), packets }
  })
}

const stream = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 40 }),
  gop: fc.integer({ min: 1, max: 9 }),
  payloadBytes: fc.integer({ min: 24, max: 500 }),
  hasMarkers: fc.boolean(),
  first: fc.integer({ min: 0, max: 65_535 }),
})

function assembled(
  packets: readonly RtpPacket[],
  assembler = new Assembler(h264, payloadType),
): AccessUnit[] {
  return packets.flatMap((packet, at) => assembler.push(packet, at))
}

/** Every unit told is one that was made, in order, and none but a key frame follows a gap. */
function expectRight(units: readonly AccessUnit[], pictures: readonly Made[]): void {
  let at = -1
  for (const unit of units) {
    const index = pictures.findIndex((one, n) => n > at && one.told === unit.bytes.toString('hex'))
    expect(index).toBeGreaterThan(at)
    expect(unit.isKey).toBe(pictures[index]?.isKey)
    if (!unit.isKey) expect(index).toBe(at + 1)
    at = index
  }
}

describe('H.264', () => {
  test('in order, every picture is told', () => {
    fc.assert(
      fc.property(stream, ({ sizes, gop, payloadBytes, hasMarkers, first }) => {
        const pictures = made(sizes, gop, payloadBytes, hasMarkers, first)
        const units = assembled(pictures.flatMap(({ packets }) => packets))
        // Without marker bits the last one is still open.
        const expected = hasMarkers ? pictures : pictures.slice(0, -1)
        expect(units.map(({ bytes }) => bytes.toString('hex'))).toEqual(expected.map(({ told }) => told))
      }),
    )
  })

  test('with packets lost, repeated and moved, a wrong unit is never told', () => {
    const fate = fc.constantFrom('come', 'come', 'come', 'come', 'come', 'lost', 'twice', 'later')
    fc.assert(
      fc.property(stream, fc.array(fate, { minLength: 1, maxLength: 60 }), (options, fates) => {
        const { sizes, gop, payloadBytes, hasMarkers, first } = options
        const pictures = made(sizes, gop, payloadBytes, hasMarkers, first)
        const sent = pictures.flatMap(({ packets }) => packets)
        const came: RtpPacket[] = []
        let held: RtpPacket[] = []
        sent.forEach((packet, at) => {
          const fate = fates[at % fates.length]
          if (fate === 'later') held.push(packet)
          if (fate === 'come' || fate === 'twice')
            came.push(packet, ...(fate === 'twice' ? [packet] : []), ...held)
          if (fate !== 'later') held = []
        })
        expectRight(assembled(came), pictures)
      }),
      { numRuns: 300 },
    )
  })

  test('any bytes as payloads are survived, and a good stream after them is told', () => {
    const junk = fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 80 }), marker: fc.boolean() }), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(junk, (all) => {
        const assembler = new Assembler(h264, payloadType)
        all.forEach(({ bytes, marker }, sequence) => {
          const packet = {
            payloadType,
            marker,
            sequence,
            timestamp: 1,
            source: 9,
            payload: Buffer.from(bytes),
          }
          assembler.push(packet, 0)
        })
        const pictures = made([50, 60, 70], 3, 200, true, 1000)
        const units = assembled(
          pictures.flatMap(({ packets }) => packets),
          assembler,
        )
        const last = (list: readonly string[]) => list.slice(-2)
        expect(last(units.map(({ bytes }) => bytes.toString('hex')))).toEqual(
          last(pictures.map(({ told }) => told)),
        )
      }),
    )
  })

  test('one stray packet of another source changes nothing', () => {
    const pictures = made([50, 60, 70, 80], 4, 200, true, 65_530)
    const [first, ...rest] = pictures.flatMap(({ packets }) => packets)
    if (first === undefined) throw new Error('no packets')
    const stray: RtpPacket = { ...first, source: 77, sequence: 5, payload: Buffer.from([0x65, 0x88, 1]) }
    const units = assembled([first, stray, ...rest.flatMap((packet) => [packet, { ...stray, marker: true }])])
    expect(units).toHaveLength(4)
  })

  test('a unit that never ends does not grow', () => {
    const assembler = new Assembler(h264, payloadType, [sps, pps])
    const fragment = (control: number, sequence: number, marker = false) => {
      const payload = Buffer.alloc(60_000, 0x99)
      payload.set([0x7c, control])
      return assembler.push({ payloadType, marker, sequence, timestamp: 1, source: 9, payload }, 0)
    }
    fragment(0x85, 0)
    for (let sequence = 1; sequence < 100; sequence++) fragment(0x05, sequence)
    expect(fragment(0x45, 100, true).length).toBe(0)
    expect(assembler.counts).toMatchObject({ lost: 1, units: 0 })
    // The same, but small, is a picture.
    fragment(0x85, 101)
    expect(fragment(0x45, 102, true)).toHaveLength(1)
  })

  test('a picture whose last fragment does not end is not told, nor what refers to it', () => {
    const assembler = new Assembler(h264, payloadType, [sps, pps])
    let sequence = 0
    const push = (timestamp: number, marker: boolean, ...bytes: number[]) => {
      const payload = Buffer.from(bytes)
      return assembler.push({ payloadType, marker, sequence: sequence++, timestamp, source: 9, payload }, 0)
    }
    expect(push(1, true, 0x65, 0x88, 1)).toHaveLength(1)
    push(2, false, 0x41, 0x88, 1)
    expect(push(2, true, 0x5c, 0x81, 0x48, 1)).toEqual([])
    expect(push(3, true, 0x41, 0x88, 1)).toEqual([])
    expect(push(4, true, 0x65, 0x88, 1)).toHaveLength(1)
  })

  test('kinds that were not agreed on are counted', () => {
    const assembler = new Assembler(h264, payloadType)
    // MTAP16
    const payload = Buffer.from([0x7a, 1, 2, 3])
    assembler.push({ payloadType, marker: true, sequence: 1, timestamp: 1, source: 9, payload }, 0)
    expect(assembler.counts).toMatchObject({ unknown: 1, lost: 1, units: 0 })
  })
})

describe('H.265', () => {
  const vps = Buffer.from([0x40, 1, 1])
  const sets = [vps, Buffer.from([0x42, 1, 2]), Buffer.from([0x44, 1, 0xc3])]
  const key = Buffer.from([0x26, 1, 0x80, 5, 6, 7, 8])
  const packet = (sequence: number, marker: boolean, payload: Buffer) => ({
    payloadType,
    marker,
    sequence,
    timestamp: 1,
    source: 9,
    payload,
  })

  test('aggregation packets and fragments are put together', () => {
    const lengths = sets.flatMap((set) => [Buffer.from([0, set.length]), set])
    const packed = Buffer.concat([Buffer.from([0x60, 1]), ...lengths])
    const part = (control: number, bytes: Buffer) => Buffer.concat([Buffer.from([0x62, 1, control]), bytes])
    const units = assembled(
      [
        packet(1, false, packed),
        packet(2, false, part(0x80 | 19, key.subarray(2, 4))),
        packet(3, false, part(19, key.subarray(4, 6))),
        packet(4, true, part(0x40 | 19, key.subarray(6))),
      ],
      new Assembler(h265, payloadType),
    )
    expect(units.map(({ bytes }) => bytes.toString('hex'))).toEqual([annexB([...sets, key])])
    expect(units[0]?.isKey).toBe(true)
  })

  test('any bytes are survived', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (payloads) => {
        const assembler = new Assembler(h265, payloadType)
        payloads.forEach((payload, sequence) => {
          assembler.push(packet(sequence, sequence % 3 === 0, Buffer.from(payload)), 0)
        })
      }),
    )
  })
})
