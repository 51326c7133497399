/** The small readers: session descriptions, addresses, RTP headers, reports, byte streams. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressOf, controlUrl } from '../../../../src/main/drivers/rtsp/address.ts'
import { codecTrouble } from '../../../../src/main/drivers/rtsp/pictures.ts'
import { Reception, readRtcp, readRtp } from '../../../../src/main/drivers/rtsp/rtp.ts'
import { readSdp } from '../../../../src/main/drivers/rtsp/sdp.ts'
import { AnnexBSplitter, unitsOf } from '../../../../src/main/io/annex-b.ts'
import { counterClip, readClip } from '../../../sim/rtsp/clip.ts'
import { rtpOf, senderReport } from '../../../sim/rtsp/packets.ts'

describe('SDP', () => {
  test('the first video of a known codec, with its control and its parameter sets', () => {
    const { control, video, media } = readSdp(
      [
        'v=0',
        'a=control:rtsp://a/b/',
        'm=audio 0 RTP/AVP 8',
        'a=control:trackID=2',
        'm=video 0 RTP/AVP 26',
        'm=video 0 RTP/AVP 97',
        'a=rtpmap:97 h264/90000',
        'a=fmtp:97 packetization-mode=1; sprop-parameter-sets=Z0LAH9k=,aMuDyyA=;profile-level-id=42C01F',
        'a=control:trackID=1',
        '',
      ].join('\r\n'),
    )
    expect(control).toBe('rtsp://a/b/')
    expect(media).toEqual(['audio', 'video', 'video'])
    expect(video).toMatchObject({ codec: 'H264', payloadType: 97, clockRate: 90_000, control: 'trackID=1' })
    expect(video?.sets.map((set) => set.toString('base64'))).toEqual(['Z0LAH9k=', 'aMuDyyA='])
  })

  test.each([
    ['m=video 0 RTP/AVP 96\na=rtpmap:96 H265/90000', 'H265'],
    ['m=video 0 RTP/AVP 96\na=rtpmap:96 HEVC/90000', 'H265'],
    ['m=video 0 RTP/AVP 26', 'JPEG'],
    ['m=video 0 RTP/AVP 96', 'UNKNOWN'],
  ])('%j is %s', (text, codec) => {
    expect(readSdp(text).video?.codec).toBe(codec)
  })

  test('any text is survived', () => {
    const lines = fc.constantFrom(
      'm=video 0 RTP/AVP 96',
      'a=rtpmap:96 ',
      'a=fmtp:96 sprop-parameter-sets=',
      'a=control:',
      'm=',
    )
    const text = fc.array(
      fc.tuple(lines, fc.string()).map((pair) => pair.join('')),
      { maxLength: 20 },
    )
    fc.assert(fc.property(text, (parts) => void readSdp(parts.join('\n'))))
  })
})

test.each([
  ['rtsp://cam/a', 'cam', 554, 'rtsp://cam/a'],
  ['rtsp://user:p%40ss@cam:8554/a?x=1#y', 'cam', 8554, 'rtsp://cam:8554/a?x=1'],
  ['rtsp://[::1]:8554/a', '::1', 8554, 'rtsp://[::1]:8554/a'],
])('the address %s', (text, host, port, url) => {
  expect(addressOf(text)).toEqual({ host, port, url })
})

test.each(['http://cam/a', 'rtsp://', 'cam', '', `rtsp://cam/${'a'.repeat(3000)}`])(
  '%s is no address',
  (text) => {
    expect(addressOf(text)).toBeNull()
  },
)

test.each([
  ['rtsp://h/cam/', 'track1', 'rtsp://h/cam/track1'],
  ['rtsp://h/cam', 'track1', 'rtsp://h/cam/track1'],
  ['rtsp://h/cam?ch=1', 'trackID=1', 'rtsp://h/cam?ch=1/trackID=1'],
  ['rtsp://h/cam', 'rtsp://h/other/1', 'rtsp://h/other/1'],
  ['rtsp://h/cam', '/other/1', 'rtsp://h/other/1'],
  ['rtsp://h/cam/', '*', 'rtsp://h/cam/'],
  ['rtsp://h/cam/', '', 'rtsp://h/cam/'],
])('of %s the control %s is %s', (base, control, url) => {
  expect(controlUrl(base, control)).toBe(url)
})

describe('RTP and RTCP', () => {
  test('a header with contributors, an extension and padding', () => {
    const head = [0x80 | 0x20 | 0x10 | 2, 0x80 | 96, 0xab, 0xcd, 0, 0, 0, 5, 0, 0, 0, 9]
    const bytes = Buffer.from([...head, ...Array(8).fill(1), 0xbe, 0xde, 0, 1, 2, 2, 2, 2, 7, 8, 0, 0, 3])
    expect(readRtp(bytes)).toEqual({
      payloadType: 96,
      marker: true,
      sequence: 0xabcd,
      timestamp: 5,
      source: 9,
      payload: Buffer.from([7, 8]),
    })
  })

  test('any bytes are survived', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const given = Buffer.from(bytes)
        expect(readRtp(given)?.payload.length ?? 0).toBeLessThanOrEqual(given.length)
        expect(readRtcp(given).reports.length).toBeLessThanOrEqual(2)
      }),
      { numRuns: 1000 },
    )
  })

  test('a sender report maps timestamps to its clock, also past their wrap', () => {
    const reception = new Reception(90_000)
    expect(reception.takenAt(0)).toBeUndefined()
    const at = Date.parse('2026-03-01T12:00:00.250Z')
    const [report] = readRtcp(senderReport(9, at, 0xffffff00, { packets: 1, bytes: 1 })).reports
    if (report === undefined) throw new Error('no report')
    reception.sender(report, 0)
    expect(reception.takenAt(0xffffff00)).toBeCloseTo(at, 2)
    expect(reception.takenAt(0xffffff00 - 9000)).toBeCloseTo(at - 100, 2)
    expect(reception.takenAt(90_000 - 256)).toBeCloseTo(at + 1000, 2)
  })

  test('the clock of 2036 and after', () => {
    const bytes = senderReport(9, 0, 0, { packets: 0, bytes: 0 })
    bytes.writeUInt32BE(100, 8)
    expect(readRtcp(bytes).reports[0]?.at).toBe(Date.parse('2036-02-07T06:28:16Z') + 100_000)
  })

  test('a camera without a clock writes 0, which is no time', () => {
    const bytes = senderReport(9, 0, 7, { packets: 0, bytes: 0 })
    bytes.fill(0, 8, 16)
    const [report] = readRtcp(bytes).reports
    if (report === undefined) throw new Error('no report')
    const reception = new Reception(90_000)
    reception.sender(report, 0)
    expect(reception.takenAt(7)).toBeUndefined()
  })

  test('a receiver report says what was lost', () => {
    const reception = new Reception(90_000)
    expect(reception.write(1, 0)).toBeNull()
    for (const sequence of [65_534, 65_535, 1, 2]) {
      const packet = readRtp(
        rtpOf(Buffer.from([1]), { payloadType: 96, sequence, timestamp: 0, source: 9, marker: false }),
      )
      if (packet !== null) reception.packet(packet, 0)
    }
    const report = reception.write(77, 0)
    expect(report?.subarray(0, 12).toString('hex')).toBe('81c900070000004d00000009')
    // One of five, in 256ths; one in all; the highest number with its wraps.
    expect(report?.[12]).toBe(51)
    expect(report?.readIntBE(13, 3)).toBe(1)
    expect(report?.readUInt32BE(16)).toBe(65_536 + 2)
    expect(report?.subarray(32).toString('latin1')).toContain('wflr')
  })
})

test('a byte stream is cut into the same pictures however it comes', () => {
  const bytes = Buffer.from(counterClip()).subarray(0, 40_000)
  const { frames } = readClip(bytes)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const splitter = new AnnexBSplitter()
      const pictures: Buffer[][] = []
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length] ?? 1
        pictures.push(...splitter.push(bytes.subarray(at, at + size)))
        at += size
      }
      // The last picture is whole only when the next begins.
      const expected = frames.slice(0, -1).map(({ units }) => Buffer.concat([...units]).toString('hex'))
      expect(pictures.map((units) => Buffer.concat(units).toString('hex'))).toEqual(expected)
    }),
    { numRuns: 30 },
  )
  expect(unitsOf(Buffer.from([1, 2, 3]))).toEqual([])
})

test('a codec no browser decodes is said with what to do', () => {
  expect(codecTrouble('H264', null)).toBeNull()
  expect(codecTrouble('H265', '/usr/bin/ffmpeg')).toBeNull()
  expect(codecTrouble('H265', null)?.message).toContain('install ffmpeg')
  expect(codecTrouble('VP8', '/usr/bin/ffmpeg')?.message).toContain('to H.264')
})
