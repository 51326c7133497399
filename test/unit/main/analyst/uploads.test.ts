/** Pictures for a face server: only when it has room, in turns, never more than one waiting per camera. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Desk, door, owt, picture, type Stand, stand, yard } from './stand.ts'

let site: Stand
let desk: Desk
beforeEach(async () => {
  site = stand()
  desk = await site.desk()
  await desk.until(({ tasks }) => tasks?.isChosen === true)
  site.plan(door, { faces: 'server', faceLink: owt })
  site.plan(yard, { faces: 'server', faceLink: owt })
})
afterEach(() => site.close())

const jpeg = (n: number) => new Uint8Array([0xff, 0xd8, n])
const answer = (frame: number, id = door) =>
  site.live.facesNow.set({
    id,
    at: site.clock.now(),
    receivedAt: site.clock.now(),
    budgetMs: 1000,
    frame,
    link: owt,
    faces: [],
  })

it('asks for a picture when the server has room, and not before', async () => {
  const upload = desk.upload(door)
  await desk.settled()
  expect(upload.room).toBe(0)
  site.server.free(1)
  await desk.settled()
  expect(upload.room).toBe(1)
  expect(upload.send(picture(7, { passedOver: 3 }), jpeg(7))).toBe(true)
  await desk.settled()
  expect(site.server.got).toEqual([{ camera: door, picture: picture(7, { passedOver: 3 }), bytes: jpeg(7) }])
  expect(upload.room).toBe(0)
  site.clock.advance(1000)
  expect(site.now()?.faces.passedOver).toBe(3)
})

it('gives a camera at most two pictures ahead, however much room there is', async () => {
  const upload = desk.upload(door)
  site.server.free(10)
  await desk.settled()
  expect(upload.room).toBe(2)
})

it('lets cameras take turns at a server with room for one', async () => {
  const uploads = new Map([
    [door, desk.upload(door)],
    [yard, desk.upload(yard)],
  ])
  await desk.settled()
  for (let frame = 1; frame <= 10; frame++) {
    site.server.free(1)
    await desk.settled()
    const given = [...uploads].filter(([, { room }]) => room > 0)
    expect(given).toHaveLength(1)
    given[0]?.[1].send(picture(frame), jpeg(frame))
    await desk.settled()
  }
  const cameras = site.server.got.map(({ camera }) => camera)
  expect(cameras.filter((camera) => camera === door)).toHaveLength(5)
  expect(cameras.some((camera, n) => camera === cameras[n + 1])).toBe(false)
})

it('passes the turn of a camera that sends nothing to the next, and sends both when both come', async () => {
  const quiet = desk.upload(door)
  await desk.settled()
  site.server.free(1)
  const busy = desk.upload(yard)
  await desk.settled()
  expect([quiet.room, busy.room]).toEqual([1, 0])
  site.clock.advance(300)
  await desk.settled()
  expect(busy.room).toBe(1)
  busy.send(picture(1), jpeg(1))
  quiet.send(picture(2), jpeg(2))
  await desk.settled()
  expect(site.server.got.map(({ camera }) => camera)).toEqual([yard])
  site.server.free(1)
  expect(site.server.got.map(({ camera }) => camera)).toEqual([yard, door])
})

it('measures from the arrival of a picture to its result, and how many come', async () => {
  const upload = desk.upload(door)
  for (let frame = 1; frame <= 40; frame++) {
    site.server.free(1)
    await desk.settled()
    upload.send(picture(frame, { receivedAt: site.clock.now() }), jpeg(frame))
    await desk.settled()
    site.clock.advance(50)
    answer(frame)
    answer(frame)
  }
  answer(999)
  site.clock.advance(1000)
  expect(site.now()?.faces).toMatchObject({ by: 'server', latencyMs: 50, perSecond: 20 })
})

it('follows the server when its link starts again, and stops listening when nobody sends', async () => {
  const upload = desk.upload(door)
  await desk.settled()
  expect(site.server.listeners).toBe(1)
  const running = site.links.get(owt)
  const { Server } = await import('./stand.ts')
  const again = new Server()
  if (running !== undefined) site.links.set(owt, { ...running, faceServer: again })
  site.clock.advance(1000)
  expect([site.server.listeners, again.listeners]).toEqual([0, 1])
  again.free(1)
  await desk.settled()
  upload.send(picture(1), jpeg(1))
  await desk.settled()
  expect(again.got).toHaveLength(1)
  upload.close()
  await desk.settled()
  expect(again.listeners).toBe(0)
})
