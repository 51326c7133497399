/** A STOP REQUEST of a client: taken however it is written, answered at every step until the vehicle itself reports ESTOP. */
import { afterEach, describe, expect, it } from 'vitest'
import { Fault } from '../../../../src/contract/fault.ts'
import type { StopRequest } from '../../../../src/contract/vehicles.ts'
import { type bus, cart, other, report } from '../../../fakes/vehicles.ts'
import { closeAll, dataOf, Screen, startStand } from './stand.ts'

afterEach(closeAll)

describe('a STOP REQUEST', () => {
  const row = (stand: { vehicles: { requests: Map<string, StopRequest> } }): StopRequest => {
    const last = [...stand.vehicles.requests.values()].at(-1)
    if (last === undefined) throw new Error('no request')
    return last
  }

  it('is accepted at once, and answered again at every step until the vehicle reports ESTOP', async () => {
    const stand = await startStand()
    const [asks, watches] = [await Screen.open(stand, 'olga'), await Screen.open(stand, 'ann')]
    asks.say({ type: 'commands', id: 's', command: 'emergency_stop', vehicle_id: cart })
    expect(await asks.answer('s')).toMatchObject({
      status: 'accepted',
      vehicle_id: cart,
      data: { stop_state: 'requested', by: 'olga@gateway' },
    })
    const ways = [{ link: 'bus' as typeof bus, name: 'Bus', text: 'written', ok: true }]
    stand.vehicles.stop({ ...row(stand), state: 'accepted', ways })
    stand.vehicles.stop({ ...row(stand), state: 'not-confirmed' })
    stand.vehicles.stop({ ...row(stand), state: 'confirmed', isTrying: false })
    await asks.answer('s', 4)
    expect(asks.answers('s').map(({ status, message }) => [status, message])).toEqual([
      ['accepted', `being sent to ${cart}; nothing has answered yet`],
      ['accepted', `${cart} answered, but has not reported ESTOP yet. Bus: written`],
      ['failed', `not confirmed: ${cart} has not reported ESTOP; it goes on being sent. Bus: written`],
      ['confirmed', `${cart} reports ESTOP. Bus: written`],
    ])
    // Everybody who watches sees it too.
    const seen = await watches.when(() => {
      const all = watches.of('commands').map((told) => dataOf(told).stop_state)
      return all.length >= 4 && all
    })
    expect(seen).toEqual(['requested', 'accepted', 'not-confirmed', 'confirmed'])
    // What is over is not answered any more.
    stand.vehicles.stop({ ...row(stand), attempts: 9 })
    await asks.settled()
    expect(asks.answers('s')).toHaveLength(4)
  })

  it('that was released is told as that', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'olga')
    screen.say({ type: 'commands', id: 's', command: 'estop', vehicle_id: cart })
    await screen.answer('s')
    stand.vehicles.stop({ ...row(stand), state: 'released', isTrying: false })
    expect(await screen.answer('s', 2)).toMatchObject({ status: 'failed', message: /released before/ })
  })

  it('is taken without id, late, with odd parameters, over every rate; a held key asks once', async () => {
    const stand = await startStand({ limits: { messageBurst: 2, messagesPerSecond: 1, owesMostMs: 600_000 } })
    const screen = await Screen.open(stand, 'olga')
    for (let n = 0; n < 30; n += 1)
      screen.say({
        type: 'commands',
        command: 'emergency_stop',
        vehicle_id: cart,
        deadline_ms: -1,
        expires_at: 'x',
        parameters: { x: 1 },
      })
    await screen.answer(null, 30)
    expect(screen.answers(null).every(({ status }) => status === 'accepted')).toBe(true)
    expect(stand.vehicles.stopped).toEqual([{ vehicle: cart, by: 'olga@gateway' }])
  })

  it('to all reaches every vehicle, each answered for itself', async () => {
    const stand = await startStand()
    stand.vehicles.vehicle(report({ id: 'second', link: 'second' as typeof bus, vehicle: other }))
    const screen = await Screen.open(stand, 'olga')
    screen.say({ type: 'commands', id: 's', command: 'emergency_stop', vehicle_id: 'all' })
    await screen.answer('s', 2)
    expect(new Set(screen.answers('s').map(({ vehicle_id }) => vehicle_id))).toEqual(new Set([cart, other]))
    expect(stand.vehicles.stopped).toEqual([{ vehicle: null, by: 'olga@gateway' }])
  })

  it('that could not be sent says so', async () => {
    const stand = await startStand()
    stand.vehicles.stopFails = new Fault(
      'not-found',
      'no STOP REQUEST was sent',
      'Use the one on the vehicle.',
    )
    const screen = await Screen.open(stand, 'olga')
    screen.say({ type: 'commands', id: 's', command: 'emergency_stop' })
    expect(await screen.answer('s')).toMatchObject({
      status: 'failed',
      message: 'no STOP REQUEST was sent. Use the one on the vehicle.',
    })
  })
})
