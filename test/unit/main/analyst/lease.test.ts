/** Which screen looks at the pictures, and that no other is listened to. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { noon } from '../detections.ts'
import { door, picture, type Stand, stand } from './stand.ts'

let site: Stand
beforeEach(() => {
  site = stand()
})
afterEach(() => site.close())

const blueReading = {
  isBlue: true,
  isReady: true,
  intensity: 0.8,
  confidence: 0.9,
  durationMs: 0,
  box: null,
  areaPx: 400,
}

it('chooses the first screen, and the next at once when it leaves', async () => {
  site.plan(door, { faces: 'device' })
  const first = await site.desk({ user: 'Ann' })
  await first.until(({ tasks }) => tasks?.isChosen === true)
  const second = await site.desk({ user: 'Binh' })
  await second.until(({ tasks }) => tasks !== undefined)
  expect(second.tasks).toEqual({ isChosen: false, cameras: [], photos: [] })
  expect(site.now()?.analyst).toBe('Ann')
  first.client.close()
  await second.until(({ tasks }) => tasks?.isChosen === true)
  expect(second.tasks?.cameras).toMatchObject([{ camera: door, faces: 'device', serverProbe: false }])
  expect(site.now()?.analyst).toBe('Binh')
  second.client.close()
  await expect
    .poll(() => site.now())
    .toMatchObject({
      analyst: null,
      faces: { by: 'nobody', reason: 'No screen is open that can look at pictures' },
    })
})

it('keeps the chosen one when others come and go', async () => {
  const first = await site.desk()
  await first.until(({ tasks }) => tasks?.isChosen === true)
  for (let n = 0; n < 5; n++) {
    const other = await site.desk()
    await other.until(({ tasks }) => tasks !== undefined)
    expect(other.tasks?.isChosen).toBe(false)
    other.client.close()
  }
  await first.settled()
  expect(first.told).toHaveLength(1)
})

it('passes the work to a screen that can decode video from one that cannot, and not back', async () => {
  const plain = await site.desk({ decodesVideo: false })
  await plain.until(({ tasks }) => tasks?.isChosen === true)
  const able = await site.desk()
  await able.until(({ tasks }) => tasks?.isChosen === true)
  await plain.until(({ tasks }) => tasks?.isChosen === false)
  const alsoAble = await site.desk()
  await alsoAble.until(({ tasks }) => tasks !== undefined)
  expect(alsoAble.tasks?.isChosen).toBe(false)
  able.client.close()
  await alsoAble.until(({ tasks }) => tasks?.isChosen === true)
})

it('takes findings and pictures from the chosen screen only', async () => {
  site.plan(door, { faces: 'device', blueLight: true })
  const first = await site.desk()
  const second = await site.desk()
  await first.until(({ tasks }) => tasks?.isChosen === true)
  const faces = { camera: door, frame: 1, receivedAt: noon, tookMs: 20, faces: [], picture: null }
  const blue = { camera: door, at: noon, reading: blueReading, picture: null }
  const learned = { id: 'p', embedding: null, reason: 'no face' }
  const refused = { code: 'wrong-state', message: 'Another screen looks at the pictures now' }
  await expect(second.client.call('analysis.faces', faces)).rejects.toMatchObject(refused)
  await expect(second.client.call('analysis.blue', blue)).rejects.toMatchObject(refused)
  await expect(second.client.call('analysis.learned', learned)).rejects.toMatchObject(refused)
  second.upload(door)
  await second.until(({ faults }) => faults.length > 0)
  expect(second.faults).toMatchObject([refused])
  expect([site.engine.got, site.blue, site.engine.taught]).toEqual([[], [], []])
  await first.client.call('analysis.faces', faces)
  await first.client.call('analysis.blue', blue)
  expect(site.engine.got).toHaveLength(1)
  expect(site.blue).toMatchObject([{ camera: door, reading: { isBlue: true } }])
  expect(site.now()?.blue).toMatchObject({ isBlue: true, areaPx: 400 })
})

it('ends the uploads of a screen that was chosen and is not any more', async () => {
  site.plan(door, { faces: 'server', faceLink: site.live.links.get('owt')?.id ?? null })
  const plain = await site.desk({ decodesVideo: false })
  await plain.until(({ tasks }) => tasks?.isChosen === true)
  const upload = plain.upload(door)
  site.server.free(1)
  await expect.poll(() => upload.room).toBeGreaterThan(0)
  const able = await site.desk()
  await able.until(({ tasks }) => tasks?.isChosen === true)
  upload.send(picture(1), new Uint8Array(10))
  await plain.until(({ faults }) => faults.length > 0)
  expect(plain.faults).toMatchObject([{ code: 'wrong-state' }])
  expect(site.server.got).toEqual([])
})

it('is not for viewers', async () => {
  const viewer = await site.desk({ role: 'viewer' })
  await viewer.until(({ faults }) => faults.length > 0)
  expect(viewer.faults).toMatchObject([{ code: 'not-allowed' }])
})

it('hands out pictures to be learned, and takes what was made of them', async () => {
  const desk = await site.desk()
  await desk.until(({ tasks }) => tasks?.isChosen === true)
  site.engine.want('anna/1.jpg')
  await desk.until(({ tasks }) => tasks?.photos.length === 1)
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    desk.client.feed('analysis.photo', { id: 'anna/1.jpg' }, (_header, got) => resolve(got), reject)
  })
  expect(new TextDecoder().decode(bytes)).toBe('picture of anna/1.jpg')
  const numbers = Float32Array.from({ length: 1024 }, (_one, n) => n / 7)
  const embedding = Buffer.from(numbers.buffer).toString('base64')
  await desk.client.call('analysis.learned', { id: 'anna/1.jpg', embedding, reason: '' })
  await desk.client.call('analysis.learned', { id: 'anna/2.jpg', embedding: null, reason: 'no face' })
  expect(site.engine.taught).toEqual([
    { id: 'anna/1.jpg', embedding: numbers, reason: '' },
    { id: 'anna/2.jpg', embedding: null, reason: 'no face' },
  ])
  const short = Buffer.from(numbers.buffer, 0, 400).toString('base64')
  await expect(
    desk.client.call('analysis.learned', { id: 'x', embedding: short, reason: '' }),
  ).rejects.toMatchObject({ code: 'bad-input' })
})
