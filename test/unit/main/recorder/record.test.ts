/** The recorder's file: what is written is read, and whatever is cut or changed in it, what was whole before stays readable. */
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  decodeHead,
  decodeRecord,
  encodeFramePrefix,
  encodeHead,
} from '../../../../src/main/recorder/record.ts'
import { recover, SegmentFile, SegmentReader } from '../../../../src/main/recorder/segment-file.ts'
import { checked, discard, door, jpegFrame, numberOf, scratch, videoFrame } from './frames.ts'

let dir: string
beforeEach(() => {
  dir = scratch()
})
afterEach(() => discard(dir))

const anyFrame = fc
  .record({
    bytes: fc.uint8Array({ maxLength: 400 }),
    receivedAt: fc.double({ noNaN: true, noDefaultInfinity: true }),
    capturedAt: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    video: fc.option(fc.record({ codec: fc.stringMatching(/^[a-z0-9.]{0,40}$/), isKey: fc.boolean() })),
    widthPx: fc.nat(0xffff),
    heightPx: fc.nat(0xffff),
  })
  .map((frame) => ({ ...frame, bytes: Buffer.from(frame.bytes) }))

it('reads every frame as it was written', () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      const record = Buffer.concat([encodeFramePrefix(frame), frame.bytes])
      const decoded = decodeRecord(record, 0)
      expect(decoded).toEqual({ is: 'frame', frame, length: record.length })
      for (let length = 0; length < record.length; length += 7)
        expect(decodeRecord(record.subarray(0, length), 0).is).toBe('more')
    }),
  )
})

it('is told by its checksum when one bit of a frame is another', () => {
  const frame = jpegFrame(7, 1000)
  const record = Buffer.concat([encodeFramePrefix(frame), frame.bytes])
  for (let bit = 32; bit < record.length * 8; bit++) {
    const broken = Buffer.from(record)
    broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(decodeRecord(broken, 0).is).toBe('torn')
  }
})

it('never fails on bytes that are none of ours', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      decodeRecord(Buffer.from(noise), 0)
      expect(decodeHead(Buffer.from(noise))).toBeNull()
    }),
  )
  expect(decodeHead(encodeHead(door))).toBe(door)
})

async function segment(frames: number): Promise<string> {
  const path = join(dir, 'one.wfr')
  const file = await SegmentFile.create(path, door)
  const times = Array.from({ length: frames }, (_, n) => 1000 + n * 40)
  await file.append(times.map((at, n) => videoFrame(n, at, n % 10 === 0)))
  await file.end({ frames, firstAt: 1000, lastAt: times.at(-1) ?? 0 }, true)
  return path
}

async function numbers(path: string): Promise<number[]> {
  const opened = await SegmentReader.open(path)
  const read: number[] = []
  for (let frame = await opened?.reader.next(); frame; frame = await opened?.reader.next())
    read.push(checked(frame))
  await opened?.reader.close()
  return read
}

it('cut off at any byte, is whole up to the last frame before the cut, and has its foot again', async () => {
  const frames = 4
  const whole = readFileSync(await segment(frames))
  const path = join(dir, 'cut.wfr')
  const counts = new Set<number>()
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    const found = await recover(path)
    if (typeof found === 'string') {
      expect(found).toBe('torn')
      continue
    }
    expect(await numbers(path)).toEqual(Array.from({ length: found.frames }, (_, n) => n))
    expect(found).toMatchObject({ camera: door, codec: 'avc1.42E01F', firstAt: 1000 })
    expect(found.lastAt).toBe(1000 + (found.frames - 1) * 40)
    expect(statSync(path).size).toBe(found.bytes)
    expect(await recover(path)).toEqual(found)
    counts.add(found.frames)
  }
  expect([...counts]).toEqual([1, 2, 3, 4])
})

it('changed in the middle, is readable up to there', async () => {
  const path = await segment(20)
  const bytes = readFileSync(path)
  bytes[700] = (bytes[700] ?? 0) ^ 0xff
  writeFileSync(path, bytes)
  const read = await numbers(path)
  expect(read.length).toBeGreaterThan(2)
  expect(read.length).toBeLessThan(20)
  truncateSync(path, 3)
  expect(await recover(path)).toBe('torn')
  writeFileSync(path, 'A file that somebody put here.\n'.repeat(40))
  expect(await recover(path)).toBe('foreign')
  expect(numberOf(jpegFrame(9, 0))).toBe(9)
})
