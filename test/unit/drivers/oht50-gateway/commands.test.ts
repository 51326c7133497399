/** Commands of clients: who may, what is understood, in what time, and that the answer is what really happened. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { Fault } from '../../../../src/contract/fault.ts'
import { type bus, cart, other, report } from '../../../fakes/vehicles.ts'
import { closeAll, Screen, startStand } from './stand.ts'

afterEach(closeAll)

const move = { type: 'commands', command: 'move', vehicle_id: cart }

describe('a command', () => {
  it('goes to the vehicle with the name of who gave it, and is answered with the vehicle’s words', async () => {
    const stand = await startStand()
    stand.vehicles.outcome = async () => ({ roundTripMs: 12.345, said: 'state changed' })
    const screen = await Screen.open(stand, 'olga')
    const asked = [
      { ...move, id: 1 },
      { ...move, id: '2', command: 'stop' },
      { ...move, id: '3', command: 'reset', parameters: { reason: 'after lunch' } },
      { type: 'commands', id: '4', data: { command: 'dock', vehicle_id: cart } },
      { ...move, id: '5', command: 'module', module: '0x02', parameters: { command: 'reset' } },
      {
        ...move,
        id: '6',
        command: 'write_register',
        parameters: { module: 2, register: 'output', value: 0 },
      },
    ]
    for (const message of asked) screen.say(message)
    for (const { id } of asked) await screen.answer(id)
    expect(stand.vehicles.commanded.map(({ command }) => command)).toEqual([
      { do: 'move' },
      { do: 'halt' },
      { do: 'reset' },
      { do: 'dock' },
      { do: 'module', unit: 2, command: 'reset' },
      { do: 'write-register', unit: 2, register: 'output', value: 0 },
    ])
    expect(new Set(stand.vehicles.commanded.map(({ by }) => by))).toEqual(new Set(['olga@gateway']))
    expect(screen.answers(1)).toMatchObject([
      {
        type: 'commands',
        status: 'accepted',
        message: 'state changed',
        vehicle_id: cart,
        data: { command: 'move', success: true, link: 'bus', round_trip_ms: 12.35 },
      },
    ])
    // Read back, so it is known to be so.
    expect(screen.answers('6')).toMatchObject([{ status: 'confirmed' }])
  })

  it.each([
    ['wrong-state', 'refused'],
    ['link-down', 'refused'],
    ['not-found', 'refused'],
    ['timed-out', 'failed'],
    ['storage', 'failed'],
  ] as const)('that ends with %s is answered as %s, in its words', async (code, status) => {
    const stand = await startStand()
    stand.vehicles.outcome = async () => {
      throw new Fault(code, 'the vehicle is in FAULT', 'Reset it first.')
    }
    const screen = await Screen.open(stand, 'olga')
    screen.say({ ...move, id: 'x' })
    expect(await screen.answer('x')).toMatchObject({
      status,
      message: 'the vehicle is in FAULT. Reset it first.',
      data: { success: false, reason: code },
    })
  })

  it('that breaks here says so and no more', async () => {
    const stand = await startStand()
    stand.vehicles.outcome = async () => {
      throw new TypeError('secret internals')
    }
    const screen = await Screen.open(stand, 'olga')
    screen.say({ ...move, id: 'x' })
    const answer = await screen.answer('x')
    expect(answer).toMatchObject({ status: 'failed', message: /not known/ })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it('of a viewer is refused and logged, whatever it is', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'ann')
    for (const [id, command] of ['emergency_stop', 'move', 'nonsense'].entries()) {
      screen.say({ ...move, id, command })
      expect(await screen.answer(id)).toMatchObject({
        status: 'refused',
        message: 'a viewer may not command',
      })
    }
    expect([...stand.vehicles.commanded, ...stand.vehicles.stopped]).toEqual([])
    expect(
      stand.logged.filter((line) => line.includes('gateway-refused') && line.includes('ann')),
    ).toHaveLength(3)
  })

  it.each([
    [{ command: 'fly' }, /there is no command fly: there are emergency_stop, move/],
    [{ command: undefined }, /which command/],
    [{ parameters: { x: 1, y: 2, speed: 3 } }, /it takes no x, y, speed/],
    [{ command: 'module', module: 0, parameters: { command: 'reset' } }, /which module/],
    [
      { command: 'module', module: 2, parameters: { command: 'explode' } },
      /one of reset, start, stop, status/,
    ],
    [{ command: 'write_register', module: 2, parameters: { register: 'output' } }, /is a number/],
    [{ command: 'write_register', module: 2, parameters: { value: 1 } }, /name of a register/],
    [{ vehicle_id: 'ghost' }, /no vehicle ghost; there are OHT-50-001/],
    [{ link: 'elsewhere' }, /on link elsewhere/],
    [{ deadline_ms: 'soon' }, /deadline_ms is a number/],
    [{ deadline_ms: 0 }, /deadline has passed/],
    [{ deadline_ms: -5 }, /deadline has passed/],
    [{ expires_at: '2020-01-01T00:00:00Z' }, /deadline has passed/],
    [{ expires_at: 'tomorrow' }, /expires_at is a time/],
  ])('that is not understood or late is refused: %j', async (change, words) => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'olga')
    screen.say({ ...move, id: 'q', ...change })
    expect(await screen.answer('q')).toMatchObject({ status: 'refused', message: words })
    expect(stand.vehicles.commanded).toEqual([])
  })

  it('has the time it is given, and ten seconds at most', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'olga')
    const from = Date.now()
    for (const [id, more] of [
      {},
      { deadline_ms: 500 },
      { deadline_ms: 1e9 },
      { expires_at: from + 300 },
    ].entries())
      screen.say({ ...move, ...more, id })
    await screen.answer(3)
    const to = Date.now()
    const deadlines = stand.vehicles.commanded.map(({ deadlineAt }) => deadlineAt)
    const expected = [2000, 500, 10_000]
    for (const [n, ms] of expected.entries()) {
      expect(deadlines[n]).toBeGreaterThanOrEqual(from + ms)
      expect(deadlines[n]).toBeLessThanOrEqual(to + ms)
    }
    if (deadlines.length > 3) expect(deadlines[3]).toBe(from + 300)
  })

  it('without a vehicle means the only one, and is refused where there are two', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'olga')
    screen.say({ type: 'commands', id: 1, command: 'move' })
    expect(await screen.answer(1)).toMatchObject({ status: 'accepted', vehicle_id: cart })
    stand.vehicles.vehicle(report({ id: 'second', link: 'second' as typeof bus, vehicle: other }))
    screen.say({ type: 'commands', id: 2, command: 'move' })
    expect(await screen.answer(2)).toMatchObject({ status: 'refused', message: /which vehicle/ })
  })

  it('goes by the link that can, and is refused where none can', async () => {
    const stand = await startStand()
    stand.vehicles.vehicle(report({ can: ['module', 'write-register'] }))
    const net = 'net' as typeof bus
    stand.vehicles.vehicle(report({ id: 'net', link: net, source: 'vehicle', can: ['move', 'module'] }))
    const screen = await Screen.open(stand, 'olga')
    const module = { ...move, command: 'module', module: 2, parameters: { command: 'status' } }
    screen.say({ ...move, id: 1 })
    screen.say({ ...module, id: 2 })
    screen.say({ ...module, id: 3, link: 'net' })
    screen.say({ ...move, id: 4, command: 'dock' })
    expect(await screen.answer(4)).toMatchObject({
      status: 'refused',
      message: `no link to ${cart} can dock`,
    })
    await screen.answer(3)
    expect(stand.vehicles.commanded.map(({ link }) => link)).toEqual(['net', 'bus', 'net'])
  })

  it('one too many, or too many under way, is refused and nothing waits', async () => {
    const stand = await startStand({
      limits: { commandBurst: 4, commandsPerSecond: 0.001, commandsAtOnce: 2 },
    })
    const release: (() => void)[] = []
    stand.vehicles.outcome = () =>
      new Promise((resolve) => release.push(() => resolve({ roundTripMs: 1, said: 'late' })))
    const screen = await Screen.open(stand, 'olga')
    for (let id = 0; id < 5; id += 1) screen.say({ ...move, id })
    expect(await screen.answer(2)).toMatchObject({ status: 'refused', message: /under way already/ })
    expect(await screen.answer(4)).toMatchObject({ status: 'refused', message: /too many commands/ })
    expect(stand.vehicles.commanded).toHaveLength(2)
    for (const one of release) one()
    expect(await screen.answer(1)).toMatchObject({ status: 'accepted', message: 'late' })
    // A STOP REQUEST is not counted with them.
    screen.say({ type: 'commands', id: 'stop', command: 'emergency_stop' })
    expect(await screen.answer('stop')).toMatchObject({ status: 'accepted' })
  })

  it('whose client has gone still ends, and nobody is told', async () => {
    const stand = await startStand()
    let release: () => void = () => {}
    stand.vehicles.outcome = () =>
      new Promise((resolve) => {
        release = () => resolve({ roundTripMs: 1, said: '' })
      })
    const [gone, stays] = [await Screen.open(stand, 'olga'), await Screen.open(stand, 'olga')]
    gone.say({ ...move, id: 1 })
    await gone.settled()
    gone.socket.terminate()
    await gone.closed
    release()
    await stays.settled()
    expect(stays.answers(1)).toEqual([])
  })
})

it('no text brings it down or commands anything', async () => {
  const stand = await startStand({ limits: { messageBurst: 100_000, messagesPerSecond: 100_000 } })
  let screen = await Screen.open(stand, 'olga')
  const word = fc.constantFrom(
    'commands',
    'subscribe',
    'auth',
    'ping',
    'type',
    'id',
    'data',
    'module',
    '__proto__',
  )
  const message = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .dictionary(word, fc.oneof(word, fc.jsonValue({ maxDepth: 3 })), { maxKeys: 6 })
      .map((one) => JSON.stringify(one)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 10 }), async (texts) => {
      for (const text of texts) screen.say(text)
      // Twenty that make no sense within ten seconds end the socket, in words.
      const settled = screen.settled().then(
        () => null,
        () => screen.closed,
      )
      const ended = await settled
      if (ended === null) return
      expect(ended).toEqual({ code: 1008, reason: 'too many messages that make no sense' })
      screen = await Screen.open(stand, 'olga')
    }),
    { numRuns: 100 },
  )
  expect([...stand.vehicles.commanded, ...stand.vehicles.stopped]).toEqual([])
})
