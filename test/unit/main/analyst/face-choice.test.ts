/** Who looks for faces, as plans and links change: the server, the engine of this machine, or nobody, and why. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { noon } from '../detections.ts'
import { type Desk, deviceLink, door, owt, type Stand, stand } from './stand.ts'

let site: Stand
let desk: Desk
beforeEach(async () => {
  site = stand()
  desk = await site.desk()
  await desk.until(({ tasks }) => tasks?.isChosen === true)
})
afterEach(() => site.close())

const live = { is: 'live', since: noon } as const
const silent = { is: 'silent', since: noon } as const
const opening = { is: 'opening', attempt: 1 } as const
const waiting = { is: 'waiting', retryAt: noon, attempt: 3, reason: 'refused' } as const
const task = () => desk.tasks?.cameras[0]
const isNow = (faces: string, serverProbe: boolean) =>
  desk.until(() => task()?.faces === faces && task()?.serverProbe === serverProbe)

it('tells a camera only while something is to be looked for', async () => {
  site.plan(door, { record: true })
  await desk.settled()
  expect(desk.tasks?.cameras).toEqual([])
  expect(site.now()).toBeUndefined()
  site.plan(door, { blueLight: true })
  await desk.until(({ tasks }) => tasks?.cameras.length === 1)
  expect(task()).toMatchObject({ camera: door, faces: 'off', blueLight: true, blueSensitivity: 0.5 })
  site.live.cameras.delete(door)
  await desk.until(({ tasks }) => tasks?.cameras.length === 0)
  expect(site.now()).toBeUndefined()
})

it('sends to the server while it is live, and at once to the engine when it is silent, with the reason', async () => {
  site.plan(door, { faces: 'server', faceLink: owt, fallback: true, fit: 'crop', facesPerSecond: 30 })
  await isNow('server', false)
  expect(task()).toMatchObject({ fit: 'crop', facesPerSecond: 30 })
  expect(site.now()?.faces).toMatchObject({ by: 'server', reason: '' })
  site.state(silent)
  await isNow('device', true)
  expect(site.now()?.faces).toMatchObject({
    by: 'device',
    reason: 'OWT is silent: faces are found on this machine',
  })
  site.state(live)
  await isNow('server', false)
  expect(site.now()?.faces).toMatchObject({ by: 'server', reason: '' })
})

it('waits five seconds for a connection, but not again before it was live', async () => {
  site.state(opening)
  site.plan(door, { faces: 'server', faceLink: owt })
  await isNow('server', false)
  site.clock.advance(4000)
  site.state(waiting)
  expect(site.now()?.faces.by).toBe('server')
  site.clock.advance(2000)
  await isNow('device', true)
  expect(site.now()?.faces.reason).toBe('OWT cannot be reached: faces are found on this machine')
  site.state(opening)
  site.clock.advance(1000)
  await desk.settled()
  expect(task()?.faces).toBe('device')
  site.state(live)
  await isNow('server', false)
  site.state(opening)
  site.clock.advance(3000)
  await desk.settled()
  expect(task()?.faces).toBe('server')
})

it('does not count the time in which no screen was there to send anything', async () => {
  desk.client.close()
  await expect.poll(() => site.now()).toBeUndefined()
  site.plan(door, { faces: 'server', faceLink: owt })
  site.state({ is: 'greeting' })
  site.clock.advance(60_000)
  expect(site.now()?.faces.by).toBe('nobody')
  const next = await site.desk()
  await next.until(({ tasks }) => tasks?.isChosen === true)
  expect(next.tasks?.cameras).toMatchObject([{ faces: 'server', serverProbe: false }])
  site.clock.advance(6000)
  await next.until(({ tasks }) => tasks?.cameras[0]?.faces === 'device')
})

it('stays with the server where no fallback is wanted, and says what is wrong', async () => {
  site.plan(door, { faces: 'server', faceLink: owt, fallback: false })
  site.state(silent)
  await desk.until(({ tasks }) => tasks?.cameras.length === 1)
  expect(task()).toMatchObject({ faces: 'server', serverProbe: false })
  expect(site.now()?.faces).toMatchObject({ by: 'server', reason: 'OWT is silent' })
})

it('says so where there is no engine, no server, or neither', async () => {
  site.plan(door, { faces: 'device' })
  await isNow('device', false)
  const engine = site.links.get(deviceLink)
  site.links.delete(deviceLink)
  site.clock.advance(1000)
  await isNow('off', false)
  expect(site.now()?.faces).toMatchObject({
    by: 'nobody',
    reason: 'The face engine of this machine is switched off: see Links',
  })
  site.plan(door, { faces: 'server', faceLink: owt })
  site.state(silent)
  expect(site.now()?.faces).toMatchObject({
    by: 'server',
    reason: 'OWT is silent, and the face engine of this machine is switched off',
  })
  if (engine !== undefined) site.links.set(deviceLink, engine)
  site.links.delete(owt)
  site.clock.advance(1000)
  await isNow('device', true)
  expect(site.now()?.faces.reason).toBe('OWT is switched off: faces are found on this machine')
})

it('says why the engine does not run in the screen, until it does or another screen is asked', async () => {
  site.plan(door, { faces: 'device' })
  await isNow('device', false)
  await desk.client.call('analysis.trouble', { camera: null, text: 'no WebAssembly' })
  expect(site.now()?.faces).toMatchObject({ by: 'nobody', reason: expect.stringContaining('no WebAssembly') })
  await desk.client.call('analysis.trouble', { camera: null, text: '' })
  expect(site.now()?.faces).toMatchObject({ by: 'device', reason: '' })
  await desk.client.call('analysis.trouble', { camera: door, text: 'Its video cannot be decoded' })
  expect(site.now()?.faces).toMatchObject({ by: 'device', reason: 'Its video cannot be decoded' })
  desk.client.close()
  const next = await site.desk()
  await next.until(({ tasks }) => tasks?.isChosen === true)
  expect(site.now()?.faces).toMatchObject({ by: 'device', reason: '' })
})

it('counts what is looked at, how long it takes, and what was passed over', async () => {
  site.plan(door, { faces: 'device', facesPerSecond: 10 })
  await isNow('device', false)
  for (let frame = 1; frame <= 30; frame++) {
    const receivedAt = site.clock.now() - 40
    const found = { camera: door, frame, receivedAt, passedOver: 2, tookMs: 30, faces: [], picture: null }
    await desk.client.call('analysis.faces', found)
    site.clock.advance(100)
  }
  expect(site.now()?.faces).toMatchObject({ perSecond: 10, latencyMs: 40, passedOver: 60 })
  site.clock.advance(5000)
  expect(site.now()?.faces.perSecond).toBe(0)
  expect(site.engine.got).toHaveLength(30)
})
