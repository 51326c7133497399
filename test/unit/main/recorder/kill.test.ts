/** Killed in the middle of recording, again and again: what was on disk is readable, and what is found is all readable. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { SegmentReader } from '../../../../src/main/recorder/segment-file.ts'
import type { Segment } from '../../../../src/main/recorder/shelf.ts'
import { checked, discard, door, pinOf, read, ringIn, scratch, yard } from './frames.ts'

const child = join(import.meta.dirname, '../../../fakes/recording-child.ts')
const kills = 50
/** So that a kill meets every phase: a head, a frame, a foot, the log of alerts. Each second one comes after the first answer, however slow that is. */
const delayOf = (kill: number) => (kill * 17) % 61

/** How many frames of it can be read. */
async function count({ path }: Segment): Promise<number> {
  const opened = await SegmentReader.open(path)
  let frames = 0
  for (let frame = await opened?.reader.next(); frame; frame = await opened?.reader.next()) {
    checked(frame)
    frames++
  }
  await opened?.reader.close()
  return frames
}

// Fifty processes are started, one after the other: the bound is for a machine that is busy.
it(`has no unreadable span after ${kills} kills`, { timeout: 300_000 }, async () => {
  const dir = scratch()
  const told: { first: number; last: number }[] = []
  for (let kill = 0; kill < kills; kill++) {
    const first = kill * 100_000
    const writer = spawn(process.execPath, [child, dir, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let last = -1
    let timer: NodeJS.Timeout | undefined
    for await (const line of createInterface({ input: writer.stdout })) {
      if (line !== 'open') last = Number(line)
      if (line !== 'open' || kill % 2 === 0) timer ??= setTimeout(() => writer.kill('SIGKILL'), delayOf(kill))
    }
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')
    clearTimeout(timer)
    expect(writer.signalCode).toBe('SIGKILL')
    if (last >= 0) told.push({ first, last })
  }
  const ring = await ringIn(dir, { keepMs: 1e12, budgetBytes: () => 1e10 })
  let unreadable = 0
  let frames = 0
  for (const camera of [door, yard]) {
    for (const segment of ring.shelf.of(camera)) {
      const readable = await count(segment)
      if (readable !== segment.frames || readable === 0) unreadable++
      frames += readable
    }
  }
  expect(unreadable).toBe(0)
  for (const { first, last } of told) {
    for (const camera of [door, yard]) {
      const there = await read(ring, camera, first * 33, last * 33)
      expect(there).toEqual(Array.from({ length: last - first + 1 }, (_, n) => first + n))
    }
    for (let n = first; n <= last; n += 40) {
      const pin = ring.shelf.pinOf(pinOf(`alert-${n}`, door, 0).alert)
      expect(pin?.gone).toBeNull()
    }
  }
  // Kills came in the middle of writing, not before it.
  expect(told.length).toBeGreaterThanOrEqual(kills / 2)
  console.log(
    `recorder: ${kills} kills, ${frames} frames found, 0 of ${[...ring.shelf.of(door)].length + ring.shelf.of(yard).length} segments unreadable`,
  )
  await ring.close()
  discard(dir)
})
