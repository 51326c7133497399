/** The first three seconds of a wire. */
import { describe, expect, it } from 'vitest'
import { greet } from '../../../src/rpc/greet.ts'
import { memoryPair } from '../../../src/rpc/memory-wire.ts'
import { HandTimers, settled } from './hand-timers.ts'
import { Inbox } from './inbox.ts'

function open() {
  const timers = new HandTimers()
  const { server, client } = memoryPair()
  const messages: string[] = []
  const closed = new Inbox<{ code: number; reason: string }>()
  client.onMessage((message) => messages.push(String(message)))
  client.onClose(closed.put)
  const tokens: (string | undefined)[] = []
  const session = greet(server, {
    version: 1,
    timers,
    authenticate(token) {
      tokens.push(token)
      return token === 'right' ? { role: 'operator', user: 'operator' } : null
    },
  })
  return { timers, server, client, messages, closed, session, tokens }
}

describe('greet', () => {
  it('closes a wire that says nothing for 3 s, and not before', async () => {
    const { timers, closed, session } = open()
    await timers.pass(2999)
    expect(closed.all).toEqual([])
    await timers.pass(1)
    expect(closed.all).toEqual([{ code: 1008, reason: 'no hello in time' }])
    expect(await session).toBeNull()
  })

  it('lets nobody stay on by sending anything else', async () => {
    const { client, closed, session, tokens } = open()
    await client.send('{"is":"ping"}')
    expect(await session).toBeNull()
    await settled()
    expect(closed.last?.code).toBe(1008)
    expect(tokens).toEqual([])
  })

  it.each([
    ['{"is":"hello","version":1,"token":"wrong"}', '{"is":"refused","reason":"token"}'],
    ['{"is":"hello","version":1}', '{"is":"refused","reason":"token"}'],
    ['{"is":"hello","version":2,"token":"right"}', '{"is":"refused","reason":"version"}'],
    ['{"is":"hello","version":9,"token":"wrong"}', '{"is":"refused","reason":"token"}'],
  ])('answers %s with %s and closes', async (hello, refused) => {
    const { client, messages, closed, session } = open()
    await client.send(hello)
    expect(await session).toBeNull()
    await settled()
    expect(messages).toEqual([refused])
    expect(closed.last?.code).toBe(1008)
  })

  it.each([
    ['{"is":"hello","version":"1"}', 1002],
    [`{"is":"hello","version":1,"token":"${'x'.repeat(600)}"}`, 1002],
    ['{', 1007],
  ])('closes over %s', async (hello, code) => {
    const { client, closed, session } = open()
    await client.send(hello)
    expect(await session).toBeNull()
    await settled()
    expect(closed.last?.code).toBe(code)
  })

  it('gives the session its role and the name it brought', async () => {
    const one = open()
    await one.client.send('{"is":"hello","version":1,"token":"right","name":" Lan "}')
    expect(await one.session).toMatchObject({ role: 'operator', user: 'Lan' })
    const two = open()
    await two.client.send('{"is":"hello","version":1,"token":"right"}')
    expect(await two.session).toMatchObject({ role: 'operator', user: 'operator' })
    expect((await one.session)?.id).not.toBe((await two.session)?.id)
    await two.timers.pass(10_000)
    expect(two.closed.all).toEqual([])
  })

  it('ends with the wire', async () => {
    const { client, session } = open()
    client.close()
    expect(await session).toBeNull()
  })
})
