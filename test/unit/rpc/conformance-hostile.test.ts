/** What a hostile screen may send, on every pipe: its own pipe is closed, nobody else notices. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

  describe('hostile input', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
    const cases: [string, string | Uint8Array, number][] = [
      ['not JSON', 'hello?', 1007],
      ['JSON that is no object', '[1,2,3]', 1002],
      ['an unknown kind', '{"is":"dance"}', 1002],
      ['an id that is none', '{"is":"cancel","id":-1}', 1002],
      ['bytes too short for a frame', new Uint8Array([1, 2, 3]), 1002],
      ['a frame shorter than its header', new Uint8Array([0, 0, 0, 1, 0, 0, 1, 0, 123, 125]), 1002],
      ['a frame over 1 MiB', new Uint8Array(1024 * 1024 + 1), 1009],
      ['a second hello', '{"is":"hello","version":1,"token":"v"}', 1002],
      ['JSON 5,000 deep', `{"is":"call","id":1,"name":"echo","input":${deep}}`, 1008],
      ['the key __proto__', '{"is":"call","id":1,"name":"echo","input":{"__proto__":{"x":1}}}', 1008],
      ['__proto__ in disguise', '{"is":"call","id":1,"name":"echo","input":[{"\\u005f_proto__":1}]}', 1008],
      ['a message over 256 KiB', `{"is":"ping","pad":"${'x'.repeat(300_000)}"}`, 1009],
    ]
    it.each(cases)('closes over %s', async (_name, message, code) => {
      const other = await readyScreen()
      const { wire, closed } = await site.raw()
      wire.send(message).catch(() => {})
      await closed.first(1)
      expect(closed.last?.code).toBe(code)
      await site.ends.first(1)
      if (code !== 1009) expect(site.ends.last?.malformed).toBe(true)
      await expect(other.call('add', { a: 1, list: [] })).resolves.toEqual({ sum: 1 })
      expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    })

    it('takes the words “__proto__” as a value', async () => {
      const screen = await readyScreen()
      await expect(screen.call('echo', ['__proto__', '\u0001'])).resolves.toEqual(['__proto__', '\u0001'])
    })

    it('allows 200 things to be open', async () => {
      const { wire, messages } = await site.raw()
      for (let id = 1; id <= 201; id++) await wire.send(`{"is":"open","id":${id},"name":"rows"}`)
      await messages.until((all) => all.some((text) => String(text).includes('"end"')))
      expect(JSON.parse(String(messages.all.find((text) => String(text).includes('"end"'))))).toMatchObject({
        id: 201,
        fault: { code: 'busy' },
      })
    })

    it('cuts off a client that asks on without reading the answers', async () => {
      const { wire } = await site.raw()
      const value = 'x'.repeat(100_000)
      site.rig.stall()
      const asking = { on: true }
      void site.ends.first(1).then(() => {
        asking.on = false
      })
      for (let id = 1; asking.on && id < 5000; id++) {
        wire.send(JSON.stringify({ is: 'call', id, name: 'echo', input: value })).catch(() => {})
        if (id % 20 === 0) await new Promise(setImmediate)
      }
      await site.ends.first(1)
      expect(site.ends.last).toMatchObject({ code: 1008, malformed: true })
    })
  })
})
