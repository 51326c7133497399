/** What rpc promises of frames from a screen, asked of every pipe it may run on. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeFeedFrame } from '../../../src/rpc/feed-frame.ts'
import { Inbox } from './inbox.ts'
import { openSite, ready, type Screen } from './site.ts'
import { rigs } from './wires.ts'

describe.each(Object.entries(rigs))('over %s', (_, startRig) => {
  let site: Awaited<ReturnType<typeof openSite>>
  beforeEach(async () => {
    site = await openSite(startRig)
  })
  afterEach(() => site.close())

  async function readyScreen(token = 'o'): Promise<Screen> {
    const screen = site.screen({ token })
    await ready(screen)
    return screen
  }
  const settled = (screen: Screen) => screen.call('add', { a: 0, list: [] })

  it('takes a frame for each it has asked for, and says when there is room again', async () => {
    const screen = await readyScreen()
    const rooms = new Inbox<number>()
    const upload = screen.upload('pictures', { name: 'cam' }, { onRoom: () => rooms.put(1) })
    expect(upload.send({ n: 0 }, new Uint8Array([0]))).toBe(false)
    await settled(screen)
    const [sink] = site.shop.uploads
    for (let n = 1; n <= 50; n++) {
      sink?.more(1)
      await rooms.first(n)
      expect(upload.send({ n }, new Uint8Array([n, 7]))).toBe(true)
      expect(upload.send({ n }, new Uint8Array([n, 8]))).toBe(false)
    }
    await settled(screen)
    expect(sink?.taken.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_one, i) => i + 1))
    expect([...(sink?.taken.at(-1)?.bytes ?? [])]).toEqual([50, 7])
  })

  it('never has more than four on their way, whatever the sink asks for', async () => {
    const screen = await readyScreen()
    const upload = screen.upload('pictures', { name: 'cam' })
    await settled(screen)
    const [sink] = site.shop.uploads
    sink?.more(10)
    await settled(screen)
    expect(upload.room).toBe(4)
    for (let n = 1; n <= 4; n++) upload.send({ n }, new Uint8Array(10))
    await settled(screen)
    await settled(screen)
    expect(upload.room).toBe(4)
  })

  it('ends it over a header that is none, with words, and closes the sink', async () => {
    const screen = await readyScreen()
    const faults = new Inbox<unknown>()
    const upload = screen.upload('pictures', { name: 'cam' }, { onFault: faults.put })
    await settled(screen)
    const [sink] = site.shop.uploads
    sink?.more(2)
    await settled(screen)
    // @ts-expect-error what a screen of another version may send
    upload.send({ m: 1 }, new Uint8Array(1))
    await faults.first(1)
    expect(faults.last).toMatchObject({ code: 'bad-input' })
    expect(site.shop.uploads.size).toBe(0)
  })

  it('closes the pipe over a frame nobody asked for, and takes none for what is not open', async () => {
    const other = await readyScreen()
    const { wire, closed, messages } = await site.raw('o')
    await wire.send(encodeFeedFrame(99, { n: 1 }, new Uint8Array(4)))
    await wire.send('{"is":"open","id":1,"name":"pictures","input":{"name":"cam"}}')
    await wire.send('{"is":"call","id":2,"name":"add","input":{"a":1,"list":[]}}')
    await messages.until((all) => all.some((text) => String(text).includes('"result"')))
    await wire.send(encodeFeedFrame(1, { n: 1 }, new Uint8Array(4)))
    await closed.first(1)
    expect(closed.last?.code).toBe(1008)
    await expect(other.call('add', { a: 1, list: [] })).resolves.toEqual({ sum: 1 })
  })

  it('opens it again after a cut, without the room of before', async () => {
    const screen = await readyScreen()
    const upload = screen.upload('pictures', { name: 'cam' })
    await settled(screen)
    const [before] = site.shop.uploads
    before?.more(3)
    await settled(screen)
    const states = new Inbox<string>()
    screen.onStatus((status) => states.put(status.is))
    site.rig.cut()
    await states.until((all) => all.includes('lost'))
    expect(upload.send({ n: 1 }, new Uint8Array(1))).toBe(false)
    await states.until((all) => all.includes('ready'))
    await settled(screen)
    const [again] = site.shop.uploads
    expect(again).not.toBe(before)
    expect(upload.room).toBe(0)
    again?.more(1)
    await settled(screen)
    expect(upload.send({ n: 2 }, new Uint8Array(1))).toBe(true)
    upload.close()
    await settled(screen)
    expect(site.shop.uploads.size).toBe(0)
    expect(again?.taken.map(({ n }) => n)).toEqual([2])
  })

  it('is refused to a role that may not, and where its name is missing', async () => {
    const faults = new Inbox<unknown>()
    const viewer = await readyScreen('v')
    viewer.upload('pictures', { name: 'cam' }, { onFault: faults.put })
    await faults.first(1)
    const operator = await readyScreen()
    operator.upload('pictures', { name: 'missing' }, { onFault: faults.put })
    await faults.first(2)
    expect(faults.all).toMatchObject([{ code: 'not-allowed' }, { code: 'not-found' }])
  })
})
