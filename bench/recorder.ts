/** The flight recorder's figures: frames written through the ring beside the same bytes appended to one file, and what it costs to find them again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CameraId } from '../src/contract/cameras.ts'
import { systemClock } from '../src/main/io/clock.ts'
import { silentLog } from '../src/main/log.ts'
import { framesOf } from '../src/main/recorder/play.ts'
import type { RecordedFrame } from '../src/main/recorder/record.ts'
import { Ring } from '../src/main/recorder/ring.ts'
import type { Area } from './report.ts'

/** 640×480 as cameras send it. */
const frameBytes = 30_000
const frameMs = 33
const camera = CameraId.parse('bench/door')
/** As many wait at once as a second of a wall of twelve. */
const burst = 360

function frameOf(n: number): RecordedFrame {
  const bytes = Buffer.alloc(frameBytes, n & 0xff)
  return { receivedAt: n * frameMs, capturedAt: null, video: null, widthPx: 640, heightPx: 480, bytes }
}

export const run: Area = (row) => measure(row, 7200)

export async function measure(row: Parameters<Area>[0], frames: number): Promise<void> {
  const raw = await inScratch((dir) => rawRate(dir, frames))
  const { rate, openMs, readRate, lost } = await inScratch((dir) => ringRate(dir, frames))
  row({ name: 'frames of 30 kB written', value: rate, unit: '/s', target: '>= 360', baseline: raw })
  row({
    name: 'beside raw appends of the same bytes',
    value: rate / raw,
    unit: '×',
    target: '>= 0.4',
    baseline: 1,
  })
  row({ name: 'frames that did not reach the disk', value: lost, unit: '', target: '<= 0', baseline: null })
  row({ name: 'frames read back', value: readRate, unit: '/s', target: '>= 120', baseline: null })
  row({
    name: 'recordings found again at start',
    value: openMs,
    unit: 'ms',
    target: '<= 2000',
    baseline: null,
  })
}

async function inScratch<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  try {
    return await use(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** One file, one write after the other, each of a burst's bytes at most. */
async function rawRate(dir: string, frames: number): Promise<number> {
  const file = await open(join(dir, 'raw'), 'w')
  const begun = performance.now()
  for (let n = 0; n < frames; n += burst)
    for (let at = n; at < Math.min(frames, n + burst); at += 34)
      await file.writev(
        Array.from({ length: Math.min(34, frames - at) }, (_, place) => frameOf(at + place).bytes),
      )
  const rate = (frames / (performance.now() - begun)) * 1000
  await file.close()
  return rate
}

function ringIn(dir: string): Promise<Ring> {
  return Ring.open({
    dir,
    clock: systemClock,
    log: silentLog,
    budgetBytes: () => 1e10,
    freeBytes: async () => 1e12,
    keepMs: 1e12,
  })
}

async function ringRate(dir: string, frames: number) {
  const ring = await ringIn(dir)
  const begun = performance.now()
  for (let n = 0; n < frames; n += burst) {
    for (let at = n; at < Math.min(frames, n + burst); at++) ring.record(camera, frameOf(at))
    await ring.flush()
  }
  const rate = (frames / (performance.now() - begun)) * 1000
  await ring.close()
  const opening = performance.now()
  const again = await ringIn(dir)
  const openMs = performance.now() - opening
  const reading = performance.now()
  let read = 0
  for await (const _ of framesOf(again.shelf, { camera, fromAt: 0, toAt: frames * frameMs })) read++
  const readRate = (read / (performance.now() - reading)) * 1000
  await again.close()
  return { rate, openMs, readRate, lost: frames - read }
}
