/**
 * Loaded into the app by `node --import`: what its memory consists of, thread by thread, told as lines of JSON in a file. The garbage
 * is collected before each look, so that a heap is what lives in it and not what was not yet swept.
 */
import { appendFileSync } from 'node:fs'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { threadId } from 'node:worker_threads'

export interface Look {
  readonly thread: number
  /** Epoch ms. */
  readonly at: number
  /**
   * What lives in this thread's heap without compiled code, the compiled code, and what lives outside of the heap. Bytes. Code is
   * compiled again after each collection that was forced, so it grows with the looks and not with what is looked at.
   */
  readonly data: number
  readonly code: number
  readonly external: number
  /** Of the whole process. Bytes. */
  readonly resident: number
}

const file = process.env.WATCHFLOOR_MEMORY_FILE
const everyMs = Number(process.env.WATCHFLOOR_MEMORY_MS ?? 10_000)

if (file !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  setInterval(() => {
    collect()
    const { heapUsed, external, rss: resident } = process.memoryUsage()
    const spaces = getHeapSpaceStatistics().filter(({ space_name }) => /code|trusted/.test(space_name))
    const code = spaces.reduce((sum, { space_used_size }) => sum + space_used_size, 0)
    const look: Look = { thread: threadId, at: Date.now(), data: heapUsed - code, code, external, resident }
    appendFileSync(file, `${JSON.stringify(look)}\n`)
  }, everyMs).unref()
}
