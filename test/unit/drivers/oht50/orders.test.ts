/** Orders over real sockets: what leaves and when, what is said to have come of it, and what never leaves at all. */
import { describe, expect, test } from 'vitest'
import { connect, doorsOf, serve, token } from './stand.ts'

const emergency = '/api/v1/state/emergency'

describe('a STOP REQUEST', () => {
  test('is accepted by the answer, and confirmed only by what the vehicle then says of itself', async () => {
    const sim = await serve({ state: 'MOVE', faults: { emergency: 400 } })
    const stand = await connect(doorsOf(sim))
    await stand.is('live')
    await stand.until(() => stand.row?.readings.state?.value === 'MOVE')
    const delivery = await stand.stop()
    expect(delivery).toMatchObject({ is: 'delivered', said: 'Emergency stop triggered' })
    expect(stand.row?.readings.state?.value).toBe('MOVE')
    const row = await stand.until(() => stand.row?.readings.state?.value === 'ESTOP' && stand.row)
    expect(row.readings.estop?.value).toBe(true)
    const stops = sim.asked.filter(({ method }) => method === 'POST')
    expect(stops).toMatchObject([{ path: emergency, authorized: true }])
    expect(stops[0]?.firstBytes).toBeLessThanOrEqual(2047)
  })

  test('one that has no effect is not told as ESTOP; the one that lies is never used', async () => {
    const sim = await serve({ state: 'MOVE', faults: { emergency: 'ignored' } })
    const stand = await connect({ httpUrl: sim.httpUrl })
    await stand.is('polling')
    expect(await stand.stop()).toMatchObject({ is: 'delivered' })
    const from = sim.asked.length
    await sim.untilAsked((asked) => sim.asked.indexOf(asked) >= from + 10)
    expect(
      stand.of('vehicle-reported').some(({ vehicle }) => vehicle.readings.state?.value === 'ESTOP'),
    ).toBe(false)
    expect(sim.asked.some(({ path }) => path.includes('/safety/'))).toBe(false)
    // Whether it came about is asked for much more often than usual.
    const since = sim.asked.slice(from).filter(({ path }) => path === '/api/v1/system/state')
    expect(since.length).toBeGreaterThan(1)
  })

  test('leaves while a question is still unanswered', async () => {
    const sim = await serve({ state: 'MOVE' })
    const stand = await connect({ httpUrl: sim.httpUrl })
    await stand.is('polling')
    sim.set({ faults: { slowMs: 300 } })
    const from = sim.asked.length
    await sim.untilAsked((asked) => sim.asked.indexOf(asked) >= from)
    // The one thread is busy with a question now; the stop does not wait for its answer.
    const crossed = () =>
      stand.of('message-crossed').map(({ message }) => `${message.direction} ${message.text}`)
    const before = crossed().length
    const stopping = stand.stop()
    await stand.until(() =>
      crossed()
        .slice(before)
        .some((text) => text.startsWith(`out POST ${emergency}`)),
    )
    expect(
      crossed()
        .slice(before)
        .filter((text) => text.startsWith('in ')),
    ).toEqual([])
    expect(await stopping).toMatchObject({ is: 'delivered' })
    await stand.until(() => stand.row?.readings.state?.value === 'ESTOP')
  })

  test('a vehicle that takes it and never answers is unreachable, after a second', async () => {
    const sim = await serve()
    const stand = await connect({ httpUrl: sim.httpUrl })
    await stand.is('polling')
    sim.set({ faults: { hang: true } })
    const delivery = await stand.stop()
    expect(delivery).toEqual({
      is: 'unreachable',
      reason: `${sim.httpUrl} did not answer within 1 s`,
    })
  })

  test('ends commands that wait, so that none of them follows it', async () => {
    const sim = await serve()
    const stand = await connect({ httpUrl: sim.httpUrl })
    await stand.is('polling')
    sim.set({ faults: { slowMs: 200 } })
    const first = stand.command({ do: 'module', unit: 2, command: 'status' })
    const move = stand.command({ do: 'move' })
    expect(await stand.stop()).toMatchObject({ is: 'delivered' })
    expect(await first).toMatchObject({ is: 'unreachable' })
    expect(await move).toEqual({
      is: 'unreachable',
      reason: 'a stop was requested meanwhile, so it was not sent',
    })
    expect(sim.asked.some(({ path }) => path === '/api/v1/state/move')).toBe(false)
  })

  test('is tried also when the link is not known to be up', async () => {
    const sim = await serve({ faults: { hang: true } })
    const stand = await connect({ httpUrl: sim.httpUrl })
    await stand.is('waiting')
    sim.set({ faults: { hang: false } })
    expect(await stand.stop()).toMatchObject({ is: 'delivered' })
  })
})

describe('commands', () => {
  test('move, halt, reset and module commands, with the vehicle’s words', async () => {
    const sim = await serve()
    const stand = await connect({ httpUrl: sim.httpUrl })
    await stand.is('polling')
    expect(await stand.command({ do: 'move' })).toMatchObject({
      is: 'delivered',
      said: 'State move command accepted',
    })
    await stand.until(() => stand.row?.readings.state?.value === 'MOVE')
    expect(await stand.command({ do: 'halt' })).toMatchObject({ is: 'delivered' })
    expect(await stand.command({ do: 'reset' })).toEqual({
      is: 'refused',
      reason: 'Cannot reset in state IDLE',
    })
    expect(await stand.command({ do: 'module', unit: 3, command: 'reset' })).toMatchObject({
      is: 'delivered',
      said: 'Command reset sent to module 3',
    })
    expect(await stand.command({ do: 'dock' })).toMatchObject({ is: 'refused' })
    const posted = sim.asked.filter(({ method }) => method === 'POST').map(({ path }) => path)
    expect(posted).toEqual([
      '/api/v1/state/move',
      '/api/v1/state/stop',
      '/api/v1/state/reset',
      '/api/v1/modules/3/command',
    ])
  })

  test('a token that is not taken, and none', async () => {
    const sim = await serve({ tokens: ['another'] })
    const wrong = await connect({ httpUrl: sim.httpUrl })
    await wrong.is('polling')
    expect(await wrong.command({ do: 'move' })).toEqual({ is: 'refused', reason: 'token refused (HTTP 401)' })
    const none = await connect({ httpUrl: sim.httpUrl }, { token: null })
    await none.is('polling')
    expect(await none.stop()).toEqual({
      is: 'refused',
      reason: 'token refused: none is kept for this link (HTTP 401)',
    })
    await none.until(() => none.report.note?.includes('no token is kept'))
  })

  test('too late, or not live: not a byte leaves', async () => {
    const sim = await serve({ faults: { hang: true } })
    const stand = await connect({ httpUrl: sim.httpUrl })
    expect(await stand.command({ do: 'move' })).toEqual({
      is: 'unreachable',
      reason: 'the link is not live, so nothing was sent',
    })
    sim.set({ faults: { hang: false } })
    await stand.is('polling')
    for (const order of [stand.command({ do: 'move' }, -1), stand.stop(0)])
      expect(await order).toEqual({
        is: 'unreachable',
        reason: 'its time was over before it could be sent, so it was not',
      })
    // A command that waits for another one is looked at again when its turn comes.
    sim.set({ faults: { slowMs: 300 } })
    const first = stand.command({ do: 'module', unit: 2, command: 'status' })
    expect(await stand.command({ do: 'move' }, 100)).toMatchObject({ is: 'unreachable' })
    expect(await first).toMatchObject({ is: 'delivered' })
    expect(sim.asked.filter(({ path }) => path === '/api/v1/state/move')).toEqual([])
  })

  test('the token is in no message the inspector shows, nor in a report', async () => {
    const sim = await serve({ says: 'everything' })
    const stand = await connect(doorsOf(sim))
    await stand.is('live')
    sim.socket.sayText(`{"type":"status","data":{"mission":"${token}"}}`)
    await stand.command({ do: 'module', unit: 2, command: 'status' })
    await stand.until(() => stand.shown.some((text) => text.includes('"mission":"…"')))
    expect(stand.shown.some((text) => text.includes('POST /api/v1/modules/2/command'))).toBe(true)
    const links = stand.facts.filter(({ type }) => type === 'message-crossed' || type === 'link-reported')
    expect(JSON.stringify(links)).not.toContain(token)
  })
})
