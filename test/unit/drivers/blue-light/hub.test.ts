/** The hub's promises on real sockets: acknowledged after the commit, nothing lost, nothing relayed astray. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  alert,
  knownDevice,
  register,
  type Stand,
  type StandOptions,
  startStand,
  status,
  TestDevice,
} from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function stand(options: StandOptions = {}): Promise<Stand> {
  const started = await startStand(options)
  open.push(started)
  return started
}

async function device(url: string): Promise<TestDevice> {
  const connected = await TestDevice.connect(url)
  open.push(connected)
  return connected
}

test('received is sent after the commit, never before', async () => {
  const { ledger, url } = await stand()
  ledger.mode = 'held'
  const camera = await device(url)
  camera.send(register('c1'))
  camera.send(alert('c1', 'm1'))
  await ledger.until(() => ledger.raised.length === 1)
  await camera.flush()
  expect(camera.acks()).toEqual([])
  ledger.release()
  await camera.until(() => camera.acks().length === 1)
  expect(camera.acks()[0]?.payload).toMatchObject({ messageId: 'm1', status: 'received' })
  expect(ledger.committed.size).toBe(1)
})

test('a store that could not keep it gets no acknowledgement, and the resend does', async () => {
  const { ledger, url } = await stand()
  ledger.mode = 'broken'
  const camera = await device(url)
  const message = alert('c1', 'm1')
  camera.send(message)
  await ledger.until(() => ledger.raised.length === 1)
  await camera.flush()
  expect(camera.acks()).toEqual([])
  ledger.mode = 'at-once'
  camera.send(message)
  await camera.until(() => camera.acks().length === 1)
  expect(ledger.committed.size).toBe(1)
})

test('a bare alert without register, id or optional fields is kept and answered with its own timestamp', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  camera.send({
    type: 'blueAlert',
    deviceId: 'c9',
    timestamp: '2024-01-15T10:30:15Z',
    payload: { intensity: 0.5 },
  })
  await camera.until(() => camera.acks().length === 1)
  expect(camera.acks()[0]?.payload).toMatchObject({
    alertTimestamp: '2024-01-15T10:30:15Z',
    status: 'received',
  })
  const [fact] = ledger.raised
  expect(fact).toMatchObject({ device: 'c9', late: true, clockSuspect: true, priority: 'high' })
  expect(fact?.raisedAt).toBe(Date.parse('2024-01-15T10:30:15Z'))
  await ledger.until(() => ledger.device('c9')?.state === 'live')
})

test('a repeat is one alert and the same acknowledgement, with and without a messageId', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  const named = alert('c1', 'm1')
  const bare = alert('c1')
  for (const message of [named, bare, named, bare, named]) camera.send(message)
  await camera.until(() => camera.acks().length === 5)
  expect(ledger.committed.size).toBe(2)
  await ledger.until(() => ledger.link()?.counters.duplicates === 3)
})

test('a missing or unreadable time keeps the alert under ours, marked', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  camera.send(alert('c1', 'm1', {}, { timestamp: 'yesterday at noon' }))
  camera.send(alert('c1', 'm2', {}, { timestamp: undefined }))
  await camera.until(() => camera.acks().length === 2)
  for (const fact of ledger.raised) {
    expect(fact.clockSuspect).toBe(true)
    expect(fact.raisedAt).toBe(fact.receivedAt)
  }
})

test('age and skew are marked at their borders', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  const ages = [0, 4 * 60_000, 6 * 60_000, 61 * 60_000, -30 * 60_000, -61 * 60_000]
  for (const [index, age] of ages.entries())
    camera.send(alert('c1', `m${index}`, {}, { timestamp: new Date(Date.now() - age).toISOString() }))
  await camera.until(() => camera.acks().length === ages.length)
  expect(ledger.raised.map((fact) => [fact.late, fact.clockSuspect])).toEqual([
    [false, false],
    [false, false],
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ])
})

test('an alert with impossible fields is kept, and says what was wrong', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  camera.send(alert('c1', 'm1', { intensity: 7, confidence: 'high', duration: -1, detectionArea: [1, 2] }))
  await camera.until(() => camera.acks().length === 1)
  const [fact] = ledger.raised
  expect(fact?.blue).toEqual({ intensity: 1 })
  expect(fact?.text).toMatch(/intensity 7 was outside.*confidence was not a number.*duration.*detectionArea/)
})

test('dialects B and C are understood', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  const timestamp = new Date().toISOString()
  const b = { deviceId: 'b1', deviceName: 'Old', timestamp }
  camera.send({
    ...b,
    type: 'customerWaiting',
    payload: { message: 'Waiting at the desk', intensity: 0.6, location: 'desk', duration: 4 },
  })
  camera.send({
    ...b,
    type: 'statusUpdate',
    payload: { isMonitoring: true, isOnline: true, blueIntensity: 0.9, batteryLevel: 0.4, location: 'desk' },
  })
  camera.send({ ...b, type: 'settingsSync', payload: { blueSensitivity: 0.5, pushAlertsEnabled: false } })
  const c = { deviceId: 'x1', deviceName: 'Oldest', timestamp }
  camera.send({ ...c, type: 'device_register', mode: 'cctv' })
  camera.send({ ...c, type: 'blue_light_alert', intensity: 0.7, location: 'yard' })
  camera.send({ type: 'heartbeat', deviceId: 'x1', status: 'active', timestamp })
  await camera.until(() => camera.acks().length === 2)
  expect(ledger.raised.map((fact) => fact.text)).toEqual([
    'Waiting at the desk at desk, intensity 60 %, for 4 s',
    'Blue light at yard, intensity 70 %',
  ])
  await ledger.until(() => ledger.device('b1')?.batteryLevel === 0.4)
  await ledger.until(() => ledger.device('b1')?.settings?.blueSensitivity === 0.5)
  await ledger.until(() => ledger.device('x1')?.name === 'Oldest')
})

test('unknown types are counted and shown, and do not disconnect', async () => {
  const { ledger, url } = await stand()
  ledger.inspected = true
  const camera = await device(url)
  camera.send({ type: 'pushNotification', deviceId: 'c1', timestamp: 1, payload: {} })
  const crossed = await ledger.until(() => ledger.of('message-crossed')[0])
  expect(crossed.message).toMatchObject({ direction: 'in', trouble: 'unknown type pushNotification' })
  camera.send(alert('c1', 'm1'))
  await camera.until(() => camera.acks().length === 1)
  await ledger.until(() => ledger.link()?.counters.unknownMessages === 1)
})

test('an alert goes to the monitors of its group only, once, never back, and after the commit', async () => {
  const { ledger, url } = await stand()
  const [camera, near, far, none] = [
    await device(url),
    await device(url),
    await device(url),
    await device(url),
  ]
  near.send(register('near', { mode: 'monitor', groupId: 'floor-1' }))
  far.send(register('far', { mode: 'monitor' }))
  far.send({ action: 'join_channel', channel: 'blue_light_monitor_floor-2', deviceId: 'far' })
  none.send(register('none', { mode: 'monitor' }))
  for (const one of [near, far, none]) await one.flush()
  camera.send({ action: 'join_channel', channel: 'blue_light_monitor_floor-1', deviceId: 'c1' })
  ledger.mode = 'held'
  camera.send(alert('c1', 'm1'))
  await ledger.until(() => ledger.raised.length === 1)
  for (const one of [near, far, none]) await one.flush()
  expect(near.heard.filter((one) => one.type === 'blueAlert')).toEqual([])
  ledger.mode = 'at-once'
  ledger.release()
  await near.until((heard) => heard.some((one) => one.type === 'blueAlert'))
  camera.send(alert('c1', 'm1'))
  await camera.until(() => camera.acks().length === 2)
  for (const one of [near, far, none, camera]) await one.flush()
  const relayed = (one: TestDevice) => one.heard.filter((said) => said.type === 'blueAlert').length
  expect([near, far, none, camera].map(relayed)).toEqual([1, 0, 0, 0])
  expect(ledger.raised[0]?.group).toBe('floor-1')
})

test('blue light below the sensitivity ends the alert, unless the report is older than it', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  camera.send(status('c1', 0.1))
  camera.send(alert('c1', 'm1'))
  await camera.until(() => camera.acks().length === 1)
  camera.send(status('c1', 0.1, { timestamp: new Date(Date.now() - 60_000).toISOString() }))
  camera.send(status('c1', 0.9))
  await camera.flush()
  const cleared = () => ledger.of('alert-cleared').filter((fact) => fact.kind === 'blue-light')
  expect(cleared()).toEqual([])
  camera.send(status('c1', 0.2))
  await ledger.until(() => cleared().length === 1)
  camera.send(status('c1', 0.1))
  await camera.flush()
  expect(cleared()).toHaveLength(1)
})

test('a return to normal waits until the alert is on disk', async () => {
  const { ledger, url } = await stand()
  ledger.mode = 'held'
  const camera = await device(url)
  camera.send(alert('c1', 'm1'))
  camera.send(status('c1', 0.1))
  await ledger.until(() => ledger.raised.length === 1)
  await camera.flush()
  expect(ledger.of('alert-cleared').filter((fact) => fact.kind === 'blue-light')).toEqual([])
  ledger.release()
  await ledger.until(() => ledger.of('alert-cleared').some((fact) => fact.kind === 'blue-light'))
})

test('a port in use is a state with its reason, and is tried again', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const bound = holder.address()
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0
  const { hub, ledger } = await stand({ profile: { port } })
  expect(ledger.link()?.state).toMatchObject({
    is: 'waiting',
    reason: expect.stringContaining(`port ${port}`),
  })
  holder.close()
  await once(holder, 'close')
  hub.retry()
  await ledger.until(() => ledger.link()?.state.is === 'listening')
})

test('a device known from before is reported at start and its old silence ends when it speaks', async () => {
  const { ledger, url } = await stand({ knownDevices: [knownDevice('c1', { state: 'silent' })] })
  await ledger.until(() => ledger.device('c1')?.state === 'silent')
  const camera = await device(url)
  camera.send(register('c1'))
  await ledger.until(() => ledger.of('alert-cleared').some((fact) => fact.kind === 'device-silent'))
  expect(ledger.of('device-joined')).toEqual([])
})
