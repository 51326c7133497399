/**
 * Loaded into the app by `node --import`: what its memory consists of, thread by thread, told as lines of JSON in a file. The garbage
 * is collected before each look, so that a heap is what lives in it and not what was not yet swept.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { threadId } from 'node:worker_threads'

export interface Look {
  readonly thread: number
  /** Epoch ms. */
  readonly at: number
  /** Live JavaScript, and what lives outside of its heap; of this thread. Bytes. */
  readonly heapUsed: number
  readonly heapTotal: number
  readonly external: number
  readonly arrayBuffers: number
  /** Of the whole process, and the part of it that is no file. Bytes. */
  readonly resident: number
  readonly anonymous: number
}

const file = process.env.WATCHFLOOR_MEMORY_FILE
const everyMs = Number(process.env.WATCHFLOOR_MEMORY_MS ?? 5000)

if (file !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  setInterval(() => {
    collect()
    const { heapUsed, heapTotal, external, arrayBuffers, rss: resident } = process.memoryUsage()
    const anonymous = Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
    const thread = threadId
    const look: Look = {
      thread,
      at: Date.now(),
      heapUsed,
      heapTotal,
      external,
      arrayBuffers,
      resident,
      anonymous,
    }
    appendFileSync(file, `${JSON.stringify(look)}\n`)
  }, everyMs).unref()
}
