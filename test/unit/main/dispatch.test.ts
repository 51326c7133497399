/** Orders over a real store and a link whose answers the test decides. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DeviceId } from '../../../src/contract/devices.ts'
import { LinkId } from '../../../src/contract/links.ts'
import type { OutboxRow } from '../../../src/contract/orders.ts'
import { createDispatch, type Dispatch } from '../../../src/main/dispatch.ts'
import { systemClock } from '../../../src/main/io/clock.ts'
import type { RunningLink } from '../../../src/main/link.ts'
import { silentLog } from '../../../src/main/log.ts'
import type { ChangeDeviceSettings, Delivery, Order } from '../../../src/main/order.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'

const link = LinkId.parse('link')
let dir: string
let store: Store
let dispatch: Dispatch
let delivered: string[]
let parked: string[]
let answer: (order: Order) => Delivery | Promise<Delivery>

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-dispatch-'))
  store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  delivered = []
  parked = []
  const running: RunningLink = {
    async deliver(order) {
      const outcome = await answer(order)
      if (outcome.is === 'delivered') delivered.push(order.id)
      return outcome
    },
    retry() {},
    forget() {},
    async close() {},
  }
  dispatch = createDispatch({
    isUp: () => true,
    store,
    clock: systemClock,
    log: silentLog,
    link: () => running,
    parked: (row, reason) => parked.push(`${row.id}: ${reason}`),
  })
})

afterEach(async () => {
  await dispatch.close()
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

function order(n: number, device = 'cam-1'): ChangeDeviceSettings {
  const settings = { blueSensitivity: n / 100, pushAlertsEnabled: true }
  return {
    type: 'change-device-settings',
    id: `order-${n}`,
    link,
    device: DeviceId.parse(device),
    settings,
    version: n,
  }
}

/** Resolves when the row has that state, also when it had it before. */
async function settled(id: string, state: OutboxRow['state']): Promise<OutboxRow> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = store.onChange(() => {
        stop()
        resolve()
      })
    })
    const row = (await store.orders(500)).find((one) => one.id === id && one.state === state)
    if (row !== undefined) return row
    await changed
  }
}

it('delivers in order per target, whatever arrives meanwhile', async () => {
  answer = async () => ({ is: 'delivered', roundTripMs: 1 })
  await Promise.all(Array.from({ length: 50 }, (_, n) => dispatch.enqueue([order(n)])))
  await settled('order-49', 'delivered')
  expect(delivered).toEqual(Array.from({ length: 50 }, (_, n) => `order-${n}`))
})

it('keeps the rest waiting behind one that cannot be delivered, and goes on in order when it can', async () => {
  answer = () => ({ is: 'unreachable', reason: 'not connected' })
  await dispatch.enqueue([order(1), order(2)])
  expect(await settled('order-1', 'waiting')).toMatchObject({ state: 'waiting' })
  expect(delivered).toEqual([])
  answer = () => ({ is: 'delivered', roundTripMs: 1 })
  dispatch.wake(link, 'cam-1')
  await settled('order-2', 'delivered')
  expect(delivered).toEqual(['order-1', 'order-2'])
})

it('parks what the peer refuses, says so, and moves on', async () => {
  answer = ({ id }) =>
    id === 'order-1' ? { is: 'refused', reason: 'no such mode' } : { is: 'delivered', roundTripMs: 1 }
  await dispatch.enqueue([order(1), order(2)])
  await settled('order-2', 'delivered')
  expect(await settled('order-1', 'parked')).toMatchObject({ reason: 'no such mode' })
  expect(parked).toEqual(['order-1: no such mode'])
})

it('does not let one silent device hold up another', async () => {
  answer = (given) =>
    given.device === 'silent' ? new Promise<Delivery>(() => {}) : { is: 'delivered', roundTripMs: 1 }
  await dispatch.enqueue([order(1, 'silent')])
  await dispatch.enqueue([order(2, 'cam-2')])
  await settled('order-2', 'delivered')
  expect(delivered).toEqual(['order-2'])
  dispatch.close = async () => {} // its pump waits for an answer that never comes
})

it('never queues an immediate order: it goes now or fails', async () => {
  answer = () => ({ is: 'unreachable', reason: 'not connected' })
  const probe = { type: 'probe-device', id: 'probe', link, device: DeviceId.parse('cam-1') } as const
  await expect(dispatch.now(probe)).rejects.toMatchObject({ code: 'link-down' })
  expect(await store.orders(10)).toEqual([])
})

it('gives the words of a peer that answered an order of the moment, and of one that said no', async () => {
  const probe = { type: 'probe-device', id: 'probe', link, device: DeviceId.parse('cam-1') } as const
  answer = () => ({ is: 'delivered', roundTripMs: 4, said: 'trained 3 people' })
  expect(await dispatch.now(probe)).toEqual({ roundTripMs: 4, said: 'trained 3 people' })
  answer = () => ({ is: 'refused', reason: 'There is nobody of that name' })
  await expect(dispatch.now(probe)).rejects.toMatchObject({
    code: 'wrong-state',
    message: 'There is nobody of that name',
  })
  answer = () => ({ is: 'unreachable', reason: 'no answer' })
  await expect(dispatch.now(probe)).rejects.toMatchObject({ code: 'link-down' })
})
