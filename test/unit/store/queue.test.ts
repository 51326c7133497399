/** The writer's queue: in order, and rid of what was taken. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Queue } from '../../../src/main/store/queue.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

test('gives what came in, in its order, whatever comes between', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (pushes) => {
      const queue = new Queue<{ n: number }>()
      const waiting: number[] = []
      for (const [n, isPush] of pushes.entries()) {
        if (isPush) {
          queue.push({ n })
          waiting.push(n)
        } else expect(queue.shift()?.n).toBe(waiting.shift())
        expect(queue.size).toBe(waiting.length)
      }
    }),
  )
})

test('what was taken can be freed: all of it when nothing waits, else no more is held than waits', async () => {
  const queue = new Queue<{ picture: Uint8Array }>()
  const taken: WeakRef<object>[] = []
  const fill = (count: number) => {
    for (let n = 0; n < count; n += 1) queue.push({ picture: new Uint8Array(10) })
  }
  const take = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const one = queue.shift()
      if (one !== undefined) taken.push(new WeakRef(one))
    }
  }
  /** A weak reference holds on until its turn of the event loop is over. */
  const alive = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
    return taken.filter((one) => one.deref() !== undefined).length
  }
  fill(100)
  take(70)
  expect(await alive()).toBeLessThanOrEqual(30)
  take(30)
  expect(await alive()).toBe(0)
  fill(1)
  take(1)
  expect(await alive()).toBe(0)
})
