/** Recordings of a bus in real files: all of it comes back, what a crash cut off does not, and a recording ends by itself. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BusFrame } from '../../../src/contract/modules.ts'
import { BusFile } from '../../../src/main/vehicles/bus-file.ts'
import { BusRecorder } from '../../../src/main/vehicles/bus-recorder.ts'
import { until } from '../../fakes/until.ts'
import { bus, busProfile, openStand, removeFolder, type Stand, vehicleLinkRow } from './stand.ts'

let stand: Stand
let recorder: BusRecorder

beforeEach(async () => {
  stand = await openStand()
  stand.live.links.set(vehicleLinkRow(busProfile()))
  recorder = await BusRecorder.open(stand.parts)
})

afterEach(async () => {
  await recorder.close()
  await stand.close()
  removeFolder(stand.dir)
})

function frame(n: number): BusFrame {
  const hex = n.toString(16).padStart(8, '0')
  return { at: n, direction: 'reply', unit: 2, fn: 3, hex, text: `frame ${n}`, trouble: '', tookMs: 1.5 }
}

function frames(from: number, to: number): BusFrame[] {
  return Array.from({ length: to - from }, (_, n) => frame(from + n))
}

async function played(id: string): Promise<{ frames: BusFrame[]; pieces: number }> {
  const all: BusFrame[] = []
  let pieces = 0
  let wake = (): void => {}
  let ready = new Promise<void>((resolve) => (wake = resolve))
  const play = await recorder.play(id, () => wake())
  for (;;) {
    await ready
    ready = new Promise<void>((resolve) => (wake = resolve))
    const piece = play.take()
    if (piece === null) continue
    expect(play.take()).toBeNull()
    all.push(...piece.frames)
    pieces++
    if (piece.ended) return { frames: all, pieces }
  }
}

function only(): { id: string; path: string } {
  const [row] = recorder.rows.snapshot()
  if (row === undefined) throw new Error('nothing is recorded')
  return { id: row.id, path: join(stand.dir, 'bus-recordings', `${row.id}.ndjson`) }
}

describe('a recording', () => {
  it('comes back whole and in order, a piece at a time', async () => {
    recorder.saw(bus, frames(0, 5))
    await recorder.record(bus, true, 'Linh')
    await recorder.record(bus, true, 'Mai')
    expect(recorder.records(bus)).toBe(true)
    for (let n = 0; n < 100; n++) recorder.saw(bus, frames(n * 100, n * 100 + 100))
    stand.clock.advance(1000)
    expect([...recorder.rows.snapshot()]).toMatchObject([
      { frames: 10_000, endedAt: null, by: 'Linh', missed: 0 },
    ])
    await recorder.record(bus, false, 'Mai')
    recorder.saw(bus, frames(0, 5))
    expect(recorder.records(bus)).toBe(false)
    const { id, path } = only()
    const { frames: back, pieces } = await played(id)
    expect(back).toEqual(frames(0, 10_000))
    expect(pieces).toBeGreaterThan(10)
    expect(recorder.rows.get(id)).toMatchObject({
      endedAt: stand.clock.now(),
      sizeBytes: readFileSync(path).length,
    })
    expect(
      (await stand.timeline('bus-recorded')).map((text) => text.replace(/[\d.]+ [kM]B/, 'size')),
    ).toEqual([
      'Linh| RS485 bus: recording of the bus started by Linh',
      'Mai| RS485 bus: recording of the bus ended, by Mai: 10000 frames, size',
    ])
  })

  it('cut off by a crash ends with its last whole line', async () => {
    await recorder.record(bus, true, 'Linh')
    recorder.saw(bus, frames(0, 1500))
    const { id, path } = only()
    await recorder.record(bus, false, 'Linh')
    // As a crash leaves it: the row goes on, the file ends in the middle of a line.
    const row = recorder.rows.get(id)
    if (row === undefined) throw new Error('no row')
    await stand.store.keep('bus-recording', { ...row, endedAt: null, frames: 0, sizeBytes: 0 })
    appendFileSync(path, JSON.stringify(frame(1500)).slice(0, 30))
    await recorder.close()
    recorder = await BusRecorder.open(stand.parts)
    await until(() => expect(recorder.rows.get(id)).toMatchObject({ frames: 1500, sizeBytes: row.sizeBytes }))
    expect(recorder.rows.get(id)?.endedAt).not.toBeNull()
    expect((await played(id)).frames).toEqual(frames(0, 1500))
  })

  it('with lines that are no frames gives the others', async () => {
    await recorder.record(bus, true, 'Linh')
    recorder.saw(bus, frames(0, 2))
    await recorder.record(bus, false, 'Linh')
    const { id, path } = only()
    const good = readFileSync(path, 'utf8')
    writeFileSync(path, `{"at":1}\nnonsense\n${good}\n`)
    expect((await played(id)).frames).toEqual(frames(0, 2))
  })

  it('ends by itself when it is as large as it may be', async () => {
    await recorder.close()
    recorder = await BusRecorder.open({ ...stand.parts, longestBytes: 5000 })
    await recorder.record(bus, true, 'Linh')
    for (let n = 0; n < 20; n++) recorder.saw(bus, frames(n * 10, n * 10 + 10))
    expect(recorder.records(bus)).toBe(false)
    await until(async () =>
      expect((await stand.timeline('bus-recorded')).at(-1)).toContain('ended, it has reached 5 kB'),
    )
    expect((await played(only().id)).frames.length).toBeGreaterThan(30)
  })

  it('is removed with its file, but not while it goes on', async () => {
    await recorder.record(bus, true, 'Linh')
    const { id, path } = only()
    recorder.saw(bus, frames(0, 2))
    await expect(recorder.remove(id, 'Linh')).rejects.toMatchObject({ code: 'wrong-state' })
    await recorder.record(bus, false, 'Linh')
    expect(existsSync(path)).toBe(true)
    await recorder.remove(id, 'Linh')
    expect(existsSync(path)).toBe(false)
    expect(recorder.rows.size).toBe(0)
    expect(await stand.store.kept('bus-recording')).toEqual([])
    await expect(recorder.play(id, () => {})).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('counts the frames the disk was too slow for, and keeps the others', async () => {
  const path = join(stand.dir, 'slow.ndjson')
  const file = new BusFile(path, () => {}, 2000)
  // All in one turn: nothing can be written meanwhile.
  for (let n = 0; n < 100; n++) file.add([frame(n)])
  expect(file.missed).toBeGreaterThan(50)
  await file.end()
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(file.frames)
  expect(file.frames + file.missed).toBe(100)
})

it('tells of a disk that takes nothing', async () => {
  const failed = vi.fn()
  const file = new BusFile(join(stand.dir, 'no-such-folder', 'x.ndjson'), failed)
  file.add([frame(1)])
  await until(() => expect(failed).toHaveBeenCalledOnce())
  file.add([frame(2)])
  expect(file.missed).toBe(1)
  await file.end()
})
