/** What rpc promises of hello and of calls, asked of every pipe it may run on. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'
import { contract } from './shop.ts'
import { openSite, ready, type Screen } from './site.ts'
import { rigs } from './wires.ts'

describe.each(Object.entries(rigs))('over %s', (_, startRig) => {
  let site: Awaited<ReturnType<typeof openSite>>
  beforeEach(async () => {
    site = await openSite(startRig)
  })
  afterEach(() => site.close())

  async function readyScreen(token = 'v'): Promise<Screen> {
    const screen = site.screen({ token })
    await ready(screen)
    return screen
  }

  describe('hello', () => {
    it('refuses a wrong token for good', async () => {
      const states = new Inbox<string>()
      const screen = site.screen({ token: 'guess', onStatus: (status) => states.put(status.is) })
      await states.until((all) => all.includes('refused'))
      expect(screen.status).toEqual({ is: 'refused', reason: 'token' })
      screen.retryNow()
      expect(screen.status.is).toBe('refused')
    })

    it('refuses another version', async () => {
      const states = new Inbox<string>()
      const screen = site.screen({ version: 2, onStatus: (status) => states.put(status.is) })
      await states.until((all) => all.includes('refused'))
      expect(screen.status).toEqual({ is: 'refused', reason: 'version' })
    })

    it('lets nobody ask before it', async () => {
      const wire = await site.rig.dial()
      const closed = new Inbox<number>()
      wire.onClose(({ code }) => closed.put(code))
      await wire.send('{"is":"call","id":1,"name":"add","input":{"a":1,"list":[]}}')
      await closed.first(1)
      expect(closed.last).toBe(1008)
    })

    it('keeps the name somebody signed on with through a reconnect', async () => {
      const screen = site.screen({ name: () => 'Lan' })
      await ready(screen)
      expect(screen.status).toMatchObject({ user: 'Lan', role: 'viewer' })
      const first = screen.status.is === 'ready' ? screen.status.session : ''
      const lost = new Inbox<string>()
      screen.onStatus((status) => lost.put(status.is))
      site.rig.cut()
      await lost.until((all) => all.includes('ready'))
      expect(screen.status).toMatchObject({ is: 'ready', user: 'Lan' })
      expect(screen.status).not.toMatchObject({ session: first })
    })
  })

  describe('calls', () => {
    it('answers each with its own result', async () => {
      const screen = await readyScreen()
      const sums = await Promise.all(
        Array.from({ length: 50 }, (_one, a) => screen.call('add', { a, list: [{ b: 1 }] })),
      )
      expect(sums.map((value) => contract.add.output.parse(value).sum)).toEqual(
        Array.from({ length: 50 }, (_one, a) => a + 1),
      )
    })

    it('names the field that is wrong and keeps the pipe', async () => {
      const screen = await readyScreen()
      const { wire, messages } = await site.raw()
      await wire.send('{"is":"call","id":7,"name":"add","input":{"a":1,"list":[{"b":"one"}]}}')
      await messages.first(2)
      expect(JSON.parse(String(messages.last))).toMatchObject({ is: 'fault', id: 7, code: 'bad-input' })
      expect(String(messages.last)).toContain('list.0.b')
      await expect(screen.call('add', { a: 1, list: [] })).resolves.toEqual({ sum: 1 })
    })

    it('passes a fault on without its cause', async () => {
      const screen = await readyScreen()
      await expect(screen.call('fault', {})).rejects.toMatchObject({
        name: 'Fault',
        code: 'wrong-state',
        message: 'The door is open.',
        tip: 'Close it.',
      })
      const { wire, messages } = await site.raw()
      await wire.send('{"is":"call","id":1,"name":"fault","input":{}}')
      await messages.first(2)
      expect(String(messages.last)).not.toContain('kept inside')
    })

    it('tells of a bug only the id it was logged under', async () => {
      const screen = await readyScreen()
      const { wire, messages } = await site.raw()
      await wire.send('{"is":"call","id":1,"name":"bug","input":{}}')
      await messages.first(2)
      expect(String(messages.last)).toContain('bug-1')
      expect(String(messages.last)).not.toMatch(/private words|TypeError|\.ts/)
      await expect(screen.call('huge', {})).rejects.toMatchObject({ code: 'bug' })
      expect(site.bugs.all).toHaveLength(2)
    })

    it('refuses what the role may not do, and what is not there', async () => {
      const viewer = await readyScreen('v')
      const operator = await readyScreen('o')
      await expect(viewer.call('open', {})).rejects.toMatchObject({ code: 'not-allowed' })
      await expect(operator.call('open', {})).resolves.toEqual({})
      const { wire, messages } = await site.raw()
      for (const [id, name] of ['toString', '__proto__', 'nothing-here', 'rows'].entries()) {
        await wire.send(JSON.stringify({ is: 'call', id, name, input: {} }))
      }
      await messages.first(5)
      const codes = messages.all.slice(1).map((text) => JSON.parse(String(text)).code)
      expect(codes).toEqual(['not-found', 'not-found', 'not-found', 'bad-input'])
    })

    it('cancels: the handler is told, and its place is free again', async () => {
      const screen = await readyScreen()
      const signals = new Inbox<AbortSignal>()
      site.shop.hooks.hang = signals.put
      const cancel = new AbortController()
      const call = screen.call('hang', {}, { signal: cancel.signal })
      await signals.first(1)
      const aborted = new Promise((resolve) => signals.last?.addEventListener('abort', resolve))
      cancel.abort()
      await expect(call).rejects.toMatchObject({ name: 'AbortError' })
      await aborted
      expect(site.bugs.all).toEqual([])
    })

    it('fails what is in flight when the pipe breaks, and aborts it on the server', async () => {
      const screen = await readyScreen()
      const signals = new Inbox<AbortSignal>()
      site.shop.hooks.hang = signals.put
      const call = expect(screen.call('hang', {})).rejects.toMatchObject({ code: 'link-lost' })
      await signals.first(1)
      const aborted = new Promise((resolve) => signals.last?.addEventListener('abort', resolve))
      site.rig.cut()
      await call
      await aborted
      await expect(screen.call('hang', {})).rejects.toMatchObject({ code: 'link-lost' })
    })

    it('gives up after its time on either side', async () => {
      const screen = await readyScreen()
      await expect(screen.call('hang', {}, { timeoutMs: 5 })).rejects.toMatchObject({ code: 'timed-out' })
      const hasty = await openSite(startRig, { callTimeoutMs: 5 })
      const other = hasty.screen()
      await ready(other)
      await expect(other.call('hang', {})).rejects.toMatchObject({ code: 'timed-out' })
      await hasty.close()
    })

    it('takes 64 at a time and says busy to the next', async () => {
      const screen = await readyScreen()
      const signals = new Inbox<AbortSignal>()
      site.shop.hooks.hang = signals.put
      const held = Array.from({ length: 64 }, () => screen.call('hang', {}).catch((error) => error))
      await signals.first(64)
      await expect(screen.call('hang', {})).rejects.toMatchObject({ code: 'busy' })
      site.rig.cut()
      await Promise.all(held)
    })
  })
})
