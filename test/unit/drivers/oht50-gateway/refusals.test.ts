/** Commands that were refused are on the timeline: who, from where, what and why; a flood is a count there, not a thousand lines. */
import { afterEach, describe, expect, it } from 'vitest'
import { Fault } from '../../../../src/contract/fault.ts'
import { type bus, cart, report } from '../../../fakes/vehicles.ts'
import { closeAll, Screen, startStand } from './stand.ts'

afterEach(closeAll)

const move = { type: 'commands', command: 'move', vehicle_id: cart }
const from = 'Gateway from 127.0.0.1'

describe('a refused command is told with who asked for it', () => {
  it('of a viewer, with the vehicle it names', async () => {
    const stand = await startStand()
    const screen = await Screen.open(stand, 'ann')
    screen.say({ ...move, id: 1 })
    await screen.answer(1)
    expect(stand.refused()).toEqual([
      `ann@gateway| ${cart}: move, over ${from}: refused: a viewer may not command`,
    ])
    expect(stand.facts.find(({ type }) => type === 'command-refused')).toMatchObject({
      link: 'gate',
      vehicle: cart,
      by: 'ann@gateway',
    })
  })

  it('of one that may watch without a token, or has not brought one yet', async () => {
    const open = await startStand({ profile: { viewersNeedToken: false } })
    const watches = new Screen(open)
    await watches.until('ready')
    watches.say({ ...move, id: 1 })
    expect(await watches.answer(1)).toMatchObject({ status: 'refused' })
    const closed = await startStand()
    const early = new Screen(closed)
    await early.until('auth_required')
    early.say({ type: 'commands', id: 2, command: 'emergency_stop' })
    expect(await early.answer(2)).toMatchObject({ status: 'refused', message: /log in as an operator/ })
    expect([...open.refused(), ...closed.refused()]).toEqual([
      `-| ${cart}: move, over ${from}, without a token: refused: commands need a token: log in as an operator`,
      `-| every vehicle: STOP REQUEST, over ${from}, without a token: refused: commands need a token: log in as an operator`,
    ])
  })

  it('that makes no sense, names nobody, or has no time left', async () => {
    const stand = await startStand({ limits: { refusalsTold: 10 } })
    const screen = await Screen.open(stand, 'olga')
    const write = { command: 'write_register', parameters: { module: 2, register: 'output', value: 1 } }
    const asked = [
      { command: 'fly', vehicle_id: 'ghost' },
      { ...write, vehicle_id: 'ghost' },
      { command: 'dock', vehicle_id: cart, deadline_ms: 0 },
      { vehicle_id: cart },
    ]
    for (const [id, message] of asked.entries()) screen.say({ type: 'commands', id, ...message })
    for (const id of asked.keys()) expect(await screen.answer(id)).toMatchObject({ status: 'refused' })
    expect(stand.refused()).toEqual([
      expect.stringMatching(/^olga@gateway\| ghost: fly, over .* refused: there is no command fly/),
      expect.stringMatching(
        /^olga@gateway\| ghost: module 0x02: write 1 to output, over .* no vehicle ghost/,
      ),
      `olga@gateway| ${cart}: dock, over ${from}: refused: its deadline has passed, so it was not sent`,
      expect.stringMatching(
        new RegExp(`^olga@gateway\\| ${cart}: a command without a name, over .* which command`),
      ),
    ])
    // A vehicle that somebody made up is no device of ours.
    const whom = stand.facts.flatMap((fact) => (fact.type === 'command-refused' ? [fact.vehicle] : []))
    expect(whom).toEqual([null, null, cart, cart])
  })

  it('of a STOP REQUEST that reached nobody', async () => {
    const stand = await startStand()
    stand.vehicles.stopFails = new Fault('not-found', 'No link speaks of it', 'Use the one on the vehicle.')
    const screen = await Screen.open(stand, 'olga')
    screen.say({ type: 'commands', id: 1, command: 'emergency_stop' })
    await screen.answer(1)
    expect(stand.refused()).toEqual([
      `olga@gateway| every vehicle: STOP REQUEST, over ${from}: refused: No link speaks of it. Use the one on the vehicle.`,
    ])
  })

  it('and what went to the vehicle is not told a second time', async () => {
    const stand = await startStand()
    stand.vehicles.outcome = async () => {
      throw new Fault('wrong-state', 'the vehicle is in FAULT', '')
    }
    stand.vehicles.vehicle(report({ id: 'net', link: 'net' as typeof bus, source: 'vehicle' }))
    const screen = await Screen.open(stand, 'olga')
    screen.say({ ...move, id: 1 })
    expect(await screen.answer(1)).toMatchObject({ status: 'refused' })
    expect(stand.vehicles.commanded).toHaveLength(1)
    expect(stand.refused()).toEqual([])
  })
})

describe('a flood of them', () => {
  it('is told by its first ones, then as one count with what it was', async () => {
    const stand = await startStand({ limits: { refusalsEveryMs: 1000, messageBurst: 10_000 } })
    const screen = await Screen.open(stand, 'ann')
    const count = 2000
    for (let id = 0; id < count; id += 1) screen.say({ ...move, id, command: id % 4 === 0 ? 'dock' : 'move' })
    await screen.answer(count - 1)
    const told = await stand.untilRefused(4)
    // However the time they took falls into intervals: every one is told or counted, and few entries tell it.
    const all = () =>
      stand
        .refused()
        .reduce((sum, text) => sum + Number(/: (\d+) more commands refused/.exec(text)?.[1] ?? 1), 0)
    for (let entries = told.length; all() < count; entries += 1) await stand.untilRefused(entries + 1)
    expect(all()).toBe(count)
    expect(stand.refused().length).toBeLessThan(40)
    expect(told[3]).toMatch(
      /^ann@gateway\| Gateway from 127\.0\.0\.1: \d+ more commands refused within 1 s: move ×\d+, dock ×\d+; the last: a viewer may not command$/,
    )
  })

  it('does not keep a STOP REQUEST from being told, nor somebody else', async () => {
    const stand = await startStand({ users: { ann: 'viewer', bea: 'viewer' } })
    const [ann, bea] = [await Screen.open(stand, 'ann'), await Screen.open(stand, 'bea')]
    for (let id = 0; id < 50; id += 1) ann.say({ ...move, id })
    await ann.answer(49)
    expect(stand.refused()).toHaveLength(3)
    ann.say({ ...move, id: 'stop', command: 'emergency_stop' })
    await ann.answer('stop')
    bea.say({ ...move, id: 'b' })
    await bea.answer('b')
    expect(stand.refused().slice(3)).toEqual([
      `ann@gateway| ${cart}: STOP REQUEST, over ${from}: refused: a viewer may not command`,
      `bea@gateway| ${cart}: move, over ${from}: refused: a viewer may not command`,
    ])
  })

  it('under names nobody could read is counted by kind, five at most', async () => {
    const stand = await startStand({ limits: { refusalsTold: 1, messageBurst: 10_000 } })
    const screen = await Screen.open(stand, 'olga')
    for (let id = 0; id < 30; id += 1) screen.say({ ...move, id, command: `made-up-${id}` })
    await screen.answer(29)
    await stand.gateway.close()
    const [, counted] = stand.refused()
    expect(counted).toContain(': 29 more commands refused within 60 s: made-up-1 ×1, made-up-2 ×1,')
    expect(counted).toContain('made-up-5 ×1, others ×24; the last: there is no command made-up-29')
  })

  it('from more addresses than anybody could read about is counted as many', async () => {
    const stand = await startStand({
      limits: { refusalClients: 1 },
      profile: { viewersNeedToken: false, host: '0.0.0.0' },
    })
    const home = { url: `http://127.0.0.1:${stand.port}` }
    const first = new Screen(home, [], { localAddress: '127.0.0.1' })
    const second = new Screen(home, [], { localAddress: '127.0.0.2' })
    for (const screen of [first, second]) {
      await screen.until('ready')
      screen.say({ ...move, id: 1 })
      await screen.answer(1)
    }
    expect(stand.refused()).toHaveLength(1)
    // What a user is refused is told all the same.
    const ann = await Screen.open(stand, 'ann')
    ann.say({ ...move, id: 1 })
    await ann.answer(1)
    expect(stand.refused()[1]).toMatch(/^ann@gateway/)
    await stand.gateway.close()
    expect(stand.refused()[2]).toMatch(
      /^-\| Gateway from many addresses: one more command refused within 60 s: move ×1; the last: commands need a token/,
    )
  })
})
