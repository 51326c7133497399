/** How much a piece of work leaves behind, after the rubbish was collected. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

function heldBytes(): number {
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** MB of heap and external memory (which counts array buffers in). */
export async function growthOf(work: () => Promise<void>): Promise<number> {
  const before = heldBytes()
  await work()
  return (heldBytes() - before) / 1e6
}
