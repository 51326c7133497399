/**
 * Starts the store's threads and knows which still run. None is ever terminated from outside: `Worker.terminate` stops a thread wherever it is, and
 * inside SQLite's native code that can abort the whole process (better-sqlite3 issue 1507; still so in 13.2 while a thread starts).
 * They end by themselves when told to stop. `process.exit` terminates too, so whoever ends the process asks here first.
 */
import { Worker } from 'node:worker_threads'
import type { WorkerSetup } from './messages.ts'

const running = new Map<Worker, string>()

export function startThread(setup: WorkerSetup): Worker {
  // Through a variable: the bundler leaves it alone, and bundles worker.ts as store-worker.js itself.
  const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './store-worker.js'
  const name = `store ${setup.part}`
  const worker = new Worker(new URL(entry, import.meta.url), { workerData: setup, name })
  running.set(worker, name)
  worker.on('exit', () => running.delete(worker))
  return worker
}

/** By name, those of every store of this process that have not ended. */
export function runningThreads(): readonly string[] {
  return [...running.values()]
}
