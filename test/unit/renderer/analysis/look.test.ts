/** One picture at a time, the newest next, what is passed over counted, and every decoded picture freed. */
import { beforeEach, expect, it } from 'vitest'
import type { FrameHeader } from '../../../../src/contract/cameras.ts'
import { Look, type Looking, Turns } from '../../../../src/renderer/analysis/look.ts'
import { type Image, Shot } from '../../../../src/renderer/analysis/shot.ts'

/** Decoded pictures that are not freed. */
let open = 0
let decoded = 0
const bugs: unknown[] = []
beforeEach(() => {
  open = 0
  decoded = 0
  bugs.length = 0
})

function header(frame: number): FrameHeader {
  const none = { capturedAt: null, video: null, widthPx: 8, heightPx: 8, dropped: 0, fps: 30, trouble: '' }
  return { ...none, frame, receivedAt: frame }
}

function shot(frame: number, isBroken = false): Shot {
  return new Shot(header(frame), async () => {
    if (isBroken) throw new Error('no picture')
    open++
    decoded++
    return { close: () => open-- } as unknown as Image
  })
}

/** Looks at a picture until it is told that it is done. */
class ByHand implements Looking {
  ready = true
  readonly seen: { frame: number; passedOver: number }[] = []
  #done: () => void = () => {}

  isReady(): boolean {
    return this.ready
  }

  look(_image: Image, { frame }: FrameHeader, passedOver: number): Promise<void> {
    this.seen.push({ frame, passedOver })
    return new Promise((resolve) => (this.#done = resolve))
  }

  async done(): Promise<void> {
    this.#done()
    await idle()
  }
}

/** After every promise that is settled has been heard. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function offer(look: Look, one: Shot, at: number): void {
  look.offer(one, at)
  one.drop()
}

it('takes the newest when it is done with one, and counts what it passed over', async () => {
  const hand = new ByHand()
  const look = new Look(10, hand, (error) => bugs.push(error))
  for (let n = 0; n < 5; n++) {
    offer(look, shot(n), n * 100)
    await idle()
  }
  expect(hand.seen).toEqual([{ frame: 0, passedOver: 0 }])
  await hand.done()
  expect(hand.seen.at(-1)).toEqual({ frame: 4, passedOver: 3 })
  await hand.done()
  expect([open, decoded]).toEqual([0, 2])
  expect(bugs).toEqual([])
})

it('decodes nothing that is not due, and nothing while it is not ready', async () => {
  const hand = new ByHand()
  hand.ready = false
  const look = new Look(1, hand, (error) => bugs.push(error))
  for (let n = 0; n < 30; n++) offer(look, shot(n), n * 10)
  await idle()
  expect(decoded).toBe(0)
  hand.ready = true
  look.tryAgain()
  await idle()
  expect(hand.seen).toEqual([{ frame: 0, passedOver: 0 }])
  await hand.done()
  expect(open).toBe(0)
})

it('skips what is no picture, and goes on', async () => {
  const hand = new ByHand()
  const look = new Look(10, hand, (error) => bugs.push(error))
  offer(look, shot(1, true), 0)
  await idle()
  offer(look, shot(2), 100)
  await idle()
  expect(hand.seen).toEqual([{ frame: 2, passedOver: 0 }])
  expect(bugs).toEqual([])
  await hand.done()
})

it('goes on after one that failed, and says that it did', async () => {
  let looked = 0
  const failing: Looking = {
    isReady: () => true,
    look: async () => {
      looked++
      throw new Error('a bug')
    },
  }
  const look = new Look(10, failing, (error) => bugs.push(error))
  offer(look, shot(1), 0)
  await idle()
  offer(look, shot(2), 100)
  await idle()
  expect([looked, bugs.length, open]).toEqual([2, 2, 0])
})

it('frees what waits when it is closed, and looks at nothing more', async () => {
  const hand = new ByHand()
  const look = new Look(10, hand, (error) => bugs.push(error))
  offer(look, shot(0), 0)
  await idle()
  offer(look, shot(1), 100)
  look.close()
  await hand.done()
  offer(look, shot(2), 200)
  await idle()
  expect([hand.seen.length, open]).toEqual([1, 0])
})

it('shares one picture between two that look: decoded once, freed after both', async () => {
  const hands = [new ByHand(), new ByHand()]
  const looks = hands.map((hand) => new Look(10, hand, (error) => bugs.push(error)))
  const one = shot(1)
  for (const look of looks) look.offer(one, 0)
  one.drop()
  await idle()
  expect([decoded, open]).toEqual([1, 1])
  await hands[0]?.done()
  expect(open).toBe(1)
  await hands[1]?.done()
  expect(open).toBe(0)
})

it('gives each of those who share an engine its turn, with its newest picture', async () => {
  const turns = new Turns()
  const order: string[] = []
  const finish: (() => void)[] = []
  const sharer = (name: string): Looking => ({
    isReady: () => true,
    turn: () => turns.take(),
    look: (_image, { frame }) => {
      order.push(`${name}${frame}`)
      return new Promise((resolve) => finish.push(resolve))
    },
  })
  const looks = ['a', 'b', 'c'].map((name) => new Look(10, sharer(name), (error) => bugs.push(error)))
  for (let n = 0; n < 9; n++) {
    for (const look of looks) offer(look, shot(n), n * 100)
    await idle()
    finish.shift()?.()
    await idle()
  }
  // The turn goes on as soon as one is done, so each has seen what came until then.
  expect(order).toEqual(['a0', 'b0', 'c1', 'a2', 'b3', 'c4', 'a5', 'b6', 'c7', 'a8'])
})
