/** STOP REQUEST over links that cannot, are away, are slow, hang or break. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../../src/main/order.ts'
import { bus, busProfile, delivered, pass, settle, vehicleLinkRow, wifi } from './stand.ts'
import { ask, closeStops, is, openStops, rowOf, sent, stand, tell, up } from './stop-stand.ts'

beforeEach(openStops)
afterEach(closeStops)

describe('a link', () => {
  it('that cannot pass it on leaves the request unconfirmed with the reason, and is used once it can', async () => {
    up(wifi)
    tell(wifi, is('MOVE'), { can: ['move'] })
    const id = await ask()
    await pass(stand.clock, 1000)
    expect(rowOf(id)).toMatchObject({
      state: 'not-confirmed',
      attempts: 0,
      ways: [{ link: wifi, name: 'Vehicle Wi-Fi', text: 'cannot pass a stop request on', ok: false }],
    })
    tell(wifi, is('MOVE'))
    await settle()
    expect(sent).toHaveLength(1)
    expect(rowOf(id)).toMatchObject({ state: 'not-confirmed', attempts: 1, acceptedAt: stand.clock.now() })
  })

  it('that is not live is refused at the gate, in words, and counted', async () => {
    up(bus)
    stand.live.links.set(vehicleLinkRow(busProfile(), 'silent'))
    tell(bus, is('MOVE'))
    const id = await ask()
    expect(sent).toEqual([])
    expect(rowOf(id)).toMatchObject({
      state: 'requested',
      attempts: 1,
      ways: [{ text: 'OHT-1: the link is not live, so nothing was sent', ok: false }],
    })
    stand.live.links.set(vehicleLinkRow(busProfile()))
    await pass(stand.clock, 500)
    expect(sent).toHaveLength(1)
    expect(rowOf(id).state).toBe('accepted')
  })

  it('that is slow is asked again when it has answered, one that hangs after 2 s', async () => {
    let answer: (delivery: Delivery) => void = () => {}
    up(bus, () => new Promise((resolve) => (answer = resolve)))
    tell(bus, is('MOVE'))
    const id = await ask()
    await pass(stand.clock, 900)
    expect(sent).toHaveLength(1)
    expect(rowOf(id).ways).toMatchObject([{ text: 'sent, no answer yet', ok: false }])
    answer({ is: 'unreachable', reason: 'its socket broke' })
    await settle()
    expect(sent).toHaveLength(2)
    const hanging = answer
    await pass(stand.clock, 1950)
    expect(sent).toHaveLength(2)
    await pass(stand.clock, 50)
    expect(sent).toHaveLength(3)
    expect(rowOf(id).ways).toMatchObject([{ text: 'no answer within 2 s', ok: false }])
    hanging(delivered)
    await settle()
    expect(rowOf(id)).toMatchObject({ state: 'not-confirmed', acceptedAt: stand.clock.now() })
    expect(sent).toHaveLength(3)
  })

  it('that breaks in an unexpected way does not end the trying', async () => {
    up(bus, async () => {
      throw new TypeError('cannot read')
    })
    tell(bus, is('MOVE'))
    const id = await ask()
    await pass(stand.clock, 500)
    expect(rowOf(id)).toMatchObject({
      isTrying: true,
      attempts: 2,
      ways: [{ text: 'it failed: cannot read' }],
    })
  })
})
