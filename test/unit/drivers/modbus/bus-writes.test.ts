/** Writing to modules of Debian's pymodbus: verified by reading back, never twice, refused where it must be; and STOP REQUEST. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasPymodbus, type Opened, type Peer, Stand } from './bus-stand.ts'

let stand: Stand
let peer: Peer
beforeEach(async () => {
  stand = new Stand()
  await stand.plug()
  if (hasPymodbus) peer = await stand.peer('--still')
})
afterEach(() => stand.end())

async function opened(change: Parameters<Stand['open']>[0] = {}): Promise<Opened> {
  const link = await stand.open(change)
  for (const unit of [3, 4, 5]) await link.ledger.module(unit, ({ readAt }) => readAt.main !== undefined)
  return link
}

describe.skipIf(!hasPymodbus)('a write', () => {
  test('arrives once, is read back, and its value is told', async () => {
    const { write, ledger } = await opened()
    const done = await write(4, 'speed-target', 1200)
    expect(done).toMatchObject({ is: 'delivered', said: 'Written and read back: 1200 rpm.' })
    expect(await peer.tell('get 4 2')).toBe('1200')
    expect(await peer.tell('written 4 2')).toBe('1')
    await ledger.module(4, ({ values }) => values['speed-target'] === 1200)
    // Negative, and scaled.
    expect(await write(4, 'position-target', -250)).toMatchObject({ is: 'delivered' })
    expect(await peer.tell('get 4 4')).toBe(String(0x10000 - 250))
    expect(await write(2, 'voltage-set', 25.3)).toMatchObject({
      is: 'delivered',
      said: 'Written and read back: 25.3 V.',
    })
    expect(await peer.tell('get 2 0x30')).toBe('253')
  })

  test('that the module does not keep is told with what it kept', async () => {
    const { write } = await opened()
    await peer.tell('keep 4 2')
    // pymodbus answers with what the register holds, which is no copy of the request.
    expect(await write(4, 'speed-target', 5)).toEqual({
      is: 'refused',
      reason: 'The answer to the write does not fit it, and Travel motor has 900 rpm.',
    })
    await peer.tell('refuse 4 2')
    expect(await write(4, 'speed-target', 5)).toEqual({
      is: 'refused',
      reason: 'Travel motor refuses: exception 2: illegal data address.',
    })
  })

  test('without an answer is never sent again, but looked for', async () => {
    const { write } = await opened()
    await peer.tell('mute 4 1')
    const arrived = await write(4, 'speed-target', 333)
    expect(arrived).toMatchObject({
      is: 'delivered',
      said: 'No answer to the write, but it reads back 333 rpm.',
    })
    expect(await peer.tell('written 4 2')).toBe('1')
    await peer.tell('mute 5 1')
    const blind = await write(5, 'start-docking', 1)
    expect(blind).toMatchObject({
      is: 'unreachable',
      reason: expect.stringContaining('whether it arrived is not known'),
    })
    expect(await peer.tell('written 5 0x8001')).toBe('1')
  })

  test('to a register that cannot be read says that it is not verified', async () => {
    const { command } = await opened()
    const docking = await command({ do: 'dock' })
    expect(docking).toMatchObject({ is: 'delivered', said: expect.stringContaining('not verified') })
    expect(await peer.tell('get 5 0x8001')).toBe('1')
  })

  test.each([
    ['out of range', 4, 'enable', 2, /outside 0 to 1/],
    ['between two steps', 2, 'voltage-set', 25.33, /steps of 0.1/],
    ['to what can only be read', 4, 'speed', 1, /can only be read/],
    ['to what is not in the map', 4, 'wings', 1, /has no register "wings"/],
    ['to a unit nobody is at', 9, 'enable', 1, /No module was ever heard at unit 9/],
    ['that is no number', 4, 'speed-target', Number.NaN, /no number/],
  ])('%s is refused before a byte is sent', async (_what, unit, register, value, reason) => {
    const { write } = await opened()
    const answer = await write(unit, register, value)
    expect(answer).toMatchObject({ is: 'refused', reason: expect.stringMatching(reason) })
    for (const address of [0, 2, 3]) expect(await peer.tell(`written 4 ${address}`)).toBe('0')
  })

  test('is refused without leave, after its deadline, and to a module that does not answer', async () => {
    const readOnly = await opened({ writable: false })
    expect(await readOnly.write(4, 'enable', 0)).toMatchObject({
      is: 'refused',
      reason: expect.stringContaining('may only read'),
    })
    expect(await readOnly.stop()).toMatchObject({ is: 'refused' })
    expect(readOnly.ledger.report?.can).toEqual([])
    await readOnly.link.close()

    const { command, write, ledger } = await opened()
    const wish = { do: 'write-register', unit: 4, register: 'enable', value: 0 } as const
    expect(await command(wish, -1)).toMatchObject({
      is: 'unreachable',
      reason: expect.stringContaining('deadline'),
    })
    await peer.tell('drop 4')
    await ledger.module(4, ({ state }) => state === 'offline')
    expect(await write(4, 'enable', 0)).toMatchObject({
      is: 'refused',
      reason: expect.stringContaining('does not answer'),
    })
    expect(await peer.tell('written 4 0')).toBe('0')
  })

  test('after the port was lost goes nowhere, also after it is back', async () => {
    const { write, ledger } = await opened()
    await peer.end()
    await stand.unplug()
    await ledger.is('waiting')
    expect(await write(4, 'enable', 0)).toMatchObject({
      is: 'unreachable',
      reason: expect.stringContaining('not open'),
    })
    await stand.plug()
    const again = await stand.peer('--still')
    await ledger.module(4, ({ state }) => state === 'online')
    expect(await again.tell('written 4 0')).toBe('0')
  })
})

describe.skipIf(!hasPymodbus)('STOP REQUEST', () => {
  test('writes what is known to stop, and is delivered when that reads back', async () => {
    const { stop } = await opened()
    const done = await stop()
    expect(done).toMatchObject({
      is: 'delivered',
      said: 'Travel motor, enable: Written and read back: 0 (off).',
    })
    expect(await peer.tell('get 4 0')).toBe('0')
  })

  test('is not delivered when the module keeps running', async () => {
    const { stop } = await opened()
    await peer.tell('keep 4 0')
    expect(await stop()).toMatchObject({
      is: 'refused',
      reason: expect.stringContaining('Travel motor has 1 (on)'),
    })
  })

  test('stops both motors of the other revision', async () => {
    await peer.end()
    peer = await stand.peer('--still', '--revision', 'map')
    const { stop } = await opened()
    expect(await stop()).toMatchObject({ is: 'delivered' })
    expect([await peer.tell('get 4 1'), await peer.tell('get 4 0x11')]).toEqual(['0', '0'])
  })
})
