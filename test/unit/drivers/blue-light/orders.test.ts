/** Orders on their way to a device: delivered with proof, to the newest socket, in the device's own terms. */
import { afterEach, expect, test } from 'vitest'
import { AlertId } from '../../../../src/contract/alerts.ts'
import { DeviceId } from '../../../../src/contract/devices.ts'
import type { AcknowledgeAlert } from '../../../../src/main/order.ts'
import {
  alert,
  hubProfile,
  register,
  type Stand,
  type StandOptions,
  startStand,
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

function acknowledge(id: string, more: Partial<AcknowledgeAlert> = {}): AcknowledgeAlert {
  return {
    type: 'acknowledge-alert',
    id: 'order-1',
    link: hubProfile.id,
    device: DeviceId.parse(id),
    alert: AlertId.parse('alert-1'),
    messageId: null,
    alertTimestamp: Date.parse('2026-01-15T10:30:15Z'),
    status: 'acknowledged',
    by: 'Mai',
    note: 'on my way',
    at: Date.parse('2026-01-15T10:31:00Z'),
    ...more,
  }
}

test('an acknowledgement reaches the camera in its own terms, proven by the pong', async () => {
  const { hub, url } = await stand()
  const camera = await device(url)
  camera.send(alert('c1', undefined, {}, { timestamp: '2026-01-15T10:30:15Z' }))
  await camera.until(() => camera.acks().length === 1)
  expect(await hub.deliver(acknowledge('c1'))).toMatchObject({ is: 'delivered' })
  expect(camera.acks('acknowledged')[0]?.payload).toMatchObject({
    alertTimestamp: '2026-01-15T10:30:15Z',
    by: 'Mai',
    note: 'on my way',
  })
  expect(await hub.deliver(acknowledge('nobody'))).toMatchObject({ is: 'unreachable' })
})

test('a peer that reads nothing is unreachable, not delivered', async () => {
  const { hub, url } = await stand({ limits: { peer: { pongWithinMs: 200 } } })
  const camera = await device(url)
  camera.send(register('c1'))
  await camera.flush()
  camera.socket.pause()
  expect(await hub.deliver(acknowledge('c1'))).toMatchObject({ is: 'unreachable' })
})

test('the newest socket of a device gets its orders, and the loss of the old one does not disconnect it', async () => {
  const { hub, ledger, url } = await stand()
  const [first, second] = [await device(url), await device(url)]
  first.send(register('c1'))
  await first.flush()
  second.send(register('c1'))
  await ledger.until(() => ledger.of('target-reachable').length === 2)
  expect(await hub.deliver(acknowledge('c1', { messageId: 'm1' }))).toMatchObject({ is: 'delivered' })
  expect([first.acks('acknowledged').length, second.acks('acknowledged').length]).toEqual([0, 1])
  first.close()
  await ledger.until(() => ledger.link()?.peers === 1)
  expect(ledger.device('c1')?.state).toBe('live')
  second.close()
  await ledger.until(() => ledger.device('c1')?.state === 'disconnected')
})

test('settings reach the device with their version and stay with it', async () => {
  const { hub, ledger, url } = await stand()
  const camera = await device(url)
  camera.send(register('c1'))
  await camera.flush()
  const settings = { blueSensitivity: 0.4, pushAlertsEnabled: true }
  const order = {
    type: 'change-device-settings',
    id: 'o',
    link: hubProfile.id,
    device: DeviceId.parse('c1'),
    settings,
    version: 17,
  } as const
  expect(await hub.deliver(order)).toMatchObject({ is: 'delivered' })
  expect(camera.heard.find((one) => one.type === 'settings')?.payload).toMatchObject({
    ...settings,
    version: 17,
  })
  await ledger.until(() => ledger.device('c1')?.settingsVersion === 17)
})

test('a device that was forgotten and still speaks can be reached again', async () => {
  const { hub, ledger, url } = await stand()
  const camera = await device(url)
  camera.send(register('c1'))
  await camera.flush()
  hub.forget('c1')
  expect(await hub.deliver(acknowledge('c1'))).toMatchObject({ is: 'unreachable' })
  camera.send(alert('c1', 'm1'))
  await camera.until(() => camera.acks().length === 1)
  expect(await hub.deliver(acknowledge('c1'))).toMatchObject({ is: 'delivered' })
  expect(ledger.device('c1')?.state).toBe('live')
})
