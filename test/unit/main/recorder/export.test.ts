/** Exported video judged by others: recorded from a real RTSP session, fetched over real HTTP, decoded by ffmpeg. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'jpeg-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Alert } from '../../../../src/contract/alerts.ts'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { LinkId } from '../../../../src/contract/links.ts'
import { planFor } from '../../../../src/contract/plans.ts'
import { type RtspSim, startRtsp } from '../../../sim/rtsp/server.ts'
import { cameraRow, newEvent, rule } from '../detections.ts'
import { row } from '../screen.ts'
import { ask, exported, played, type Stand, startStand } from './export-stand.ts'
import { decoded, hasFfmpeg, probe } from './ffmpeg.ts'
import { door, yard } from './frames.ts'

const gate = CameraId.parse('gate/main')

let stand: Stand
let sim: RtspSim
/** Of the pictures of `door`. */
let begin = 0
beforeAll(async () => {
  stand = await startStand()
  sim = await startRtsp()
  const can = ['stream' as const]
  for (const one of [cameraRow('door', { can }), cameraRow('yard', { can })]) {
    await stand.app.store.keep('camera', one)
    stand.app.live.cameras.set(one)
    await stand.client.call('plans.save', { plan: { ...planFor(one.id), record: true } })
  }
  await stand.client.call('rules.save', { rule: rule({}, { holdOffS: 0 }) })
  begin = Date.now() - 4000
  for (let n = 0; n < 60; n++) {
    const data = Buffer.alloc(64 * 48 * 4, n * 4)
    const { data: bytes } = encode({ data, width: 64, height: 48 }, 90)
    const at = begin + n * 60 + (n % 3) * 7
    stand.app.live.frames.push({
      ...{ type: 'frame-arrived', camera: door, bytes, widthPx: 64, heightPx: 48, receivedAt: at },
    })
  }
})
afterAll(async () => {
  await stand.close()
  await sim.close()
})

/** The alert of an event. */
async function alertAt(n: number, at: number, camera: CameraId | null): Promise<Alert> {
  await stand.app.store.addEvent(newEvent(n, { at, camera }))
  return row(stand.client, 'alerts', ({ raisedAt, kind }) => kind === 'detection' && raisedAt === at)
}

async function recorded(camera: CameraId, forMs: number): Promise<{ fromAt: number; toAt: number }> {
  const found = await row(
    stand.client,
    'recordings',
    ({ id, fromAt, toAt }) => id === camera && fromAt !== null && toAt !== null && toAt - fromAt > forMs,
  )
  return { fromAt: found.fromAt ?? 0, toAt: found.toAt ?? 0 }
}

describe.skipIf(!hasFfmpeg)('H.264 as a camera sent it', () => {
  it('is decoded whole by ffmpeg: every picture, at the ms it came, the same as recorded, with its gap', async () => {
    const profile = {
      ...{ id: LinkId.parse('gate'), driver: 'rtsp-camera' as const, name: 'Cổng A/B', enabled: true },
      ...{ url: sim.url, location: 'North gate', ladder: 'lan' as const },
    }
    await stand.client.call('links.save', { profile })
    await row(stand.client, 'cameras', ({ id }) => id === gate)
    await stand.client.call('plans.save', { plan: { ...planFor(gate), record: true } })
    await recorded(gate, 4000)
    // The camera goes away, and comes back.
    const left = Date.now()
    sim.faults.stall = true
    await row(stand.client, 'recordings', ({ id, state }) => id === gate && state === 'waiting')
    sim.faults.stall = false
    const { fromAt } = await recorded(gate, Date.now() - left + 8000)
    const wish = { camera: gate, fromAt: fromAt + 1500, toAt: Date.now(), alert: null }
    const { file, bytes, sha256, step, paper } = await exported(stand, wish)
    const frames = (await played(stand.client, gate, wish.fromAt, wish.toAt)).slice(0, step.frames)

    const { streams, packets } = probe(file)
    expect(streams).toMatchObject([{ codec_name: 'h264', codec_tag_string: 'avc1', width: 640, height: 480 }])
    expect(streams[0]?.nb_read_frames).toBe(String(frames.length))
    const first = frames[0]?.at ?? 0
    let before = -1
    const expected = frames.map(({ at }) => {
      before = Math.max(before + 1, at - first)
      return before
    })
    expect(packets.map(({ pts }) => pts)).toEqual(expected)
    expect(packets.map(({ dts }) => dts)).toEqual(expected)
    expect(packets.map(({ flags }) => flags.startsWith('K'))).toEqual(frames.map(({ isKey }) => isKey))
    // From a key frame at or before the asked time.
    expect(frames[0]?.isKey).toBe(true)
    expect(first).toBeLessThanOrEqual(wish.fromAt)

    const raw = join(stand.dir, 'recorded.h264')
    writeFileSync(raw, Buffer.concat(frames.map((frame) => frame.bytes)))
    const pictures = decoded(file)
    expect(pictures).toHaveLength(frames.length)
    expect(pictures).toEqual(decoded(raw))

    const gaps = frames.flatMap(({ at }, n) =>
      at - (frames[n - 1]?.at ?? at) > 1000 ? [at - (frames[n - 1]?.at ?? 0)] : [],
    )
    expect(gaps.length).toBeGreaterThanOrEqual(1)
    expect(paper.gaps.map(({ seconds }: { seconds: number }) => seconds)).toEqual(gaps.map((ms) => ms / 1000))
    expect(step.missingMs).toBe(gaps.reduce((sum, ms) => sum + ms, 0))
    expect(paper).toMatchObject({
      ...{
        site: 'Depot',
        timeZone: 'Asia/Ho_Chi_Minh',
        exportedBy: 'Linh',
        software: 'Watchfloor 1.2.3',
        alert: null,
      },
      camera: { id: gate, name: 'Cổng A/B', place: 'North gate' },
      video: { bytes: bytes.length, sha256, frames: frames.length, widthPx: 640, heightPx: 480 },
      missingSeconds: step.missingMs / 1000,
    })
    expect(Date.parse(paper.video.firstPicture)).toBe(first)
    expect(Date.parse(paper.asked.from)).toBe(wish.fromAt)
    expect(paper.asked.from).toMatch(/\+07:00$/)
    expect(paper.video.file).toMatch(/^Cổng A-B_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\+0700\.mp4$/)
    const { entries } = await stand.client.call('timeline.recent', { limit: 50 })
    const notes = entries.filter(({ type }) => type === 'export')
    expect(notes).toHaveLength(2)
    for (const note of notes) expect(note).toMatchObject({ by: 'Linh', link: 'gate', device: 'main' })
    expect(notes[1]?.text).toContain(sha256)
  })
})

describe.skipIf(!hasFfmpeg)('JPEGs', () => {
  it('are motion JPEG in the same kind of file, and an alert’s evidence says of which alert', async () => {
    const alert = await alertAt(1, begin + 2000, door)
    await recorded(door, 3000)
    const operator = await stand.look('operator')
    const wish = {
      camera: door,
      fromAt: alert.raisedAt - 30_000,
      toAt: alert.raisedAt + 30_000,
      alert: alert.id,
    }
    const { file, paper, step } = await exported(stand, wish, operator)
    const { streams, packets } = probe(file)
    expect(streams).toMatchObject([{ codec_name: 'mjpeg', width: 64, height: 48, nb_read_frames: '60' }])
    expect(packets.map(({ pts }) => pts)).toEqual(Array.from({ length: 60 }, (_, n) => n * 60 + (n % 3) * 7))
    expect(decoded(file)).toHaveLength(60)
    expect(paper.alert).toMatchObject({ id: alert.id, seq: alert.seq, kind: 'detection' })
    expect(paper.video.codec).toBe('jpeg')
    // Half a minute before the alert was asked for; recording began two seconds before it.
    expect(paper.gaps[0].seconds).toBeCloseTo((begin - wish.fromAt) / 1000, 3)
    expect(step.missingMs).toBeGreaterThan(20_000)
  })
})

describe('an export', () => {
  const aMinute = () => ({ camera: door, fromAt: begin - 30_000, toAt: begin + 30_000, alert: null })

  it('is refused in words: by role, of nothing, of no time, of too much, of an alert of another camera', async () => {
    const viewer = await stand.look('viewer')
    await expect(ask(viewer, aMinute()).ready).rejects.toMatchObject({ code: 'not-allowed' })
    const { client } = stand
    const longAgo = { ...aMinute(), fromAt: 1_000_000, toAt: 1_060_000 }
    const nothing = await ask(client, longAgo).end
    expect(nothing.step).toMatchObject({
      ...{ is: 'failed', code: 'not-found', message: 'Nothing of Camera door was recorded in that time' },
    })
    const { fromAt } = aMinute()
    await expect(ask(client, { ...aMinute(), toAt: fromAt }).ready).rejects.toMatchObject({
      code: 'bad-input',
    })
    await expect(ask(client, { ...aMinute(), fromAt: 0 }).ready).rejects.toThrow(
      'An hour is exported at a time',
    )
    const ahead = { ...aMinute(), fromAt: Date.now() + 60_000, toAt: Date.now() + 70_000 }
    await expect(ask(client, ahead).ready).rejects.toMatchObject({ code: 'bad-input' })
    const other = await alertAt(9, Date.now(), null)
    await expect(ask(client, { ...aMinute(), alert: other.id }).ready).rejects.toThrow(
      'The alert is not of this camera',
    )
  })

  it('is fetched once, by who has its ticket', async () => {
    const asked = ask(stand.client, aMinute())
    const { path } = await asked.ready
    expect((await fetch(stand.origin + path.slice(0, -1))).status).toBe(404)
    expect((await fetch(stand.origin + path, { method: 'HEAD' })).status).toBe(404)
    const answer = await fetch(stand.origin + path)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ 'content-type': 'video/mp4', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
      'content-disposition': expect.stringMatching(
        /^attachment; filename="Camera_door_.*\.mp4"; filename\*=UTF-8''/,
      ),
    })
    expect((await answer.arrayBuffer()).byteLength).toBe(Number(answer.headers.get('content-length')))
    expect((await fetch(stand.origin + path)).status).toBe(404)
    expect((await asked.end).step.is).toBe('done')
    asked.leave()
  })

  it('that its screen leaves is over: its ticket opens nothing', async () => {
    const asked = ask(stand.client, aMinute())
    const { path } = await asked.ready
    asked.leave()
    await expect.poll(async () => (await fetch(stand.origin + path)).status).toBe(404)
  })

  it('that is cut off, or whose recording is removed meanwhile, fails at both ends and is written down', async () => {
    const { client, app, origin } = stand
    const picture = encode({ data: Buffer.alloc(64 * 48 * 4, 90), width: 64, height: 48 }, 90).data
    const bytes = Buffer.concat([picture, Buffer.alloc(900_000)])
    const begin = Date.now() - 30_000
    // As much as no socket holds, over several files.
    for (let n = 0; n < 60; n++) {
      app.live.frames.push({
        ...{
          type: 'frame-arrived',
          camera: yard,
          bytes,
          widthPx: 64,
          heightPx: 48,
          receivedAt: begin + n * 400,
        },
      })
      if (n % 10 === 9)
        await expect.poll(() => bytesOf(yard), { timeout: 20_000 }).toBeGreaterThan(n * 850_000)
    }
    const alert = await alertAt(20, begin + 12_000, yard)
    const wish = { camera: yard, fromAt: begin, toAt: begin + 24_000, alert: alert.id }

    const cut = ask(client, wish)
    const { path, bytes: size } = await cut.ready
    expect(size).toBeGreaterThan(50_000_000)
    const abort = new AbortController()
    const answer = await fetch(origin + path, { signal: abort.signal })
    await answer.body?.getReader().read()
    abort.abort()
    expect((await cut.end).step).toMatchObject({ is: 'failed', code: 'link-lost' })
    cut.leave()

    const removed = ask(client, wish)
    const { path: second } = await removed.ready
    const reader = (await fetch(origin + second)).body?.getReader()
    await reader?.read()
    await client.call('recordings.remove', { id: alert.id })
    await expect(
      (async () => {
        while (!(await reader?.read())?.done);
      })(),
    ).rejects.toThrow()
    expect((await removed.end).step).toMatchObject({
      ...{ is: 'failed', code: 'not-found', message: expect.stringMatching(/was deleted/) },
    })
    removed.leave()
    const { entries } = await client.call('timeline.recent', { limit: 20 })
    const cuts = entries.filter(({ text }) => text.includes('was cut off after'))
    expect(cuts.map(({ by }) => by)).toEqual(['Linh', 'Linh'])
  })

  function bytesOf(camera: CameraId): Promise<number> {
    return row(stand.client, 'recordings', ({ id }) => id === camera).then((one) => one.bytes)
  }
})
