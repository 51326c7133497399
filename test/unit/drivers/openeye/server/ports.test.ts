/** The server's port and its kept secret: in use, freed again, damaged, mended; and the connection test in each of these cases. */
import { EventEmitter, once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { LinkState } from '../../../../../src/contract/links.ts'
import { openEyeServer } from '../../../../../src/main/drivers/openeye/server/index.ts'
import type { Fact } from '../../../../../src/main/fact.ts'
import type { RunningLink } from '../../../../../src/main/link.ts'
import { closeAll, password, Slot, type Stand, startStand } from './stand.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
  await closeAll()
})

/** The driver as the app opens it, on the stand's context. */
async function openLink(stand: Stand, port: number, slot = new Slot()) {
  const moved = new EventEmitter()
  const states: LinkState[] = []
  const tell = (fact: Fact) => {
    if (fact.type === 'link-reported') states.push(fact.state)
    moved.emit('moved')
  }
  const profile = { ...stand.context.profile, port }
  const link: RunningLink = await openEyeServer.open({ ...stand.context, profile, secret: slot, tell })
  open.push(() => link.close())
  const until = async (is: LinkState['is']): Promise<LinkState> => {
    for (;;) {
      const last = states.at(-1)
      if (last?.is === is) return last
      await once(moved, 'moved')
    }
  }
  return { link, profile, slot, until }
}

async function occupied(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => server.close())
  return (server.address() as AddressInfo).port
}

it('a port in use is waited for, in words, and had as soon as it is free', async () => {
  const stand = await startStand()
  const other = createServer()
  const port = await occupied(other)
  const { link, profile, slot, until } = await openLink(stand, port)
  expect(await until('waiting')).toMatchObject({
    attempt: 1,
    // Where the system tells who has it, that follows.
    reason: expect.stringContaining(
      `port ${port} on 127.0.0.1 is in use: end the other program, or choose another port for this link`,
    ),
  })
  expect(link.accounts).toBeDefined()
  link.retry()
  await until('opening')
  expect(await until('waiting')).toMatchObject({ attempt: 2 })
  await new Promise((resolve) => other.close(resolve))
  // By itself, at most two seconds later.
  await until('listening')
  expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200)
  expect(await openEyeServer.test(profile, slot)).toEqual({
    ok: true,
    steps: [
      { ok: true, text: `port ${port} on 127.0.0.1 is open already` },
      { ok: true, text: `what listens there answered on http://127.0.0.1:${port}/api/health` },
    ],
  })
})

it('the connection test opens a free port and leaves it, and is not content with another program', async () => {
  const stand = await startStand()
  const free = { ...stand.context.profile, port: 0 }
  const opened = await openEyeServer.test(free, new Slot())
  expect(opened).toMatchObject({ ok: true, steps: [{ ok: true }, { ok: true }] })
  const port = Number(/port (\d+)/.exec(opened.steps[0]?.text ?? '')?.[1])
  await expect(fetch(`http://127.0.0.1:${port}/api/health`)).rejects.toThrow()
  const programs: [NetServer, RegExp][] = [
    [createHttp((_request, response) => response.end('<html>')), /is no OpenEye server/],
    [createHttp((_request, response) => response.writeHead(404).end()), /answered 404/],
    [createServer((socket) => socket.destroy()), /./],
  ]
  for (const [program, words] of programs) {
    const taken = await occupied(program)
    const { ok, steps } = await openEyeServer.test({ ...free, port: taken }, new Slot())
    expect(ok).toBe(false)
    expect(steps[0]?.text).toMatch(/is in use/)
    expect(steps[1]?.text).toMatch(words)
  }
  const nowhere = await openEyeServer.test({ ...free, host: '192.0.2.1' }, new Slot())
  expect(nowhere).toMatchObject({ ok: false, steps: [{ text: expect.stringContaining('not an address') }] })
})

it('a secret that cannot be read refuses everything until Retry finds it mended', async () => {
  const stand = await startStand()
  const slot = new Slot()
  slot.text = '{"version":1,"key":"short"}'
  const { link, until } = await openLink(stand, 0, slot)
  const refused = await until('refused')
  expect(refused).toMatchObject({ reason: expect.stringContaining('damaged') })
  expect(JSON.stringify(refused)).not.toContain('short')
  await expect(link.accounts?.users()).rejects.toThrow('damaged')
  await expect(link.accounts?.save('ann', 'viewer', password)).rejects.toThrow('damaged')
  expect(slot.text).toBe('{"version":1,"key":"short"}')
  link.retry()
  expect(await until('refused')).toMatchObject({ reason: expect.stringContaining('damaged') })
  await stand.server.accounts.save('ann', 'operator', undefined)
  slot.text = stand.slot.text
  // Once the try before is over; asked for twice it opens one server, not two.
  await new Promise((resolve) => setImmediate(resolve))
  link.retry()
  link.retry()
  await until('listening')
  expect(await link.accounts?.users()).toMatchObject([{ user: 'ann', role: 'operator' }, { user: 'boss' }])
})
