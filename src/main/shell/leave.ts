/**
 * The last step of every end. Node's own exit stops each worker thread wherever it is, which can abort the process when that is inside SQLite, and it
 * waits for every call in its thread pool, which a hung driver or disk never ends. So when something of ours is still inside such a call the kernel
 * ends the process: what was acknowledged was on the disk before, and nothing else is owed.
 */
import { inside } from '../inside.ts'
import type { Log } from '../log.ts'

const closeWithinMs = 1000
/** For the log to reach the disk, if that still answers. */
const lastWordsMs = 200

function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}

/** `closeStore` gets a second. `inOrder` ends the process in the usual way; it is called only when that cuts nothing off. */
export async function leave(log: Log, closeStore: () => Promise<void>, inOrder: () => void): Promise<void> {
  await Promise.race([closeStore().catch(() => {}), after(closeWithinMs)])
  const left = inside()
  if (left.length === 0) {
    inOrder()
    return
  }
  log.warn('ended-by-force', { inside: left.join(', ') })
  await after(lastWordsMs)
  process.kill(process.pid, 'SIGKILL')
}
