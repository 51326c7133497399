/** What of this process is inside native code that cannot be cut short: the store’s threads, and calls into serial drivers. */
import { driverCalls } from './io/driver-calls.ts'
import { runningThreads } from './store/start-thread.ts'

/** By name, for the log; empty when the process can end in the usual way. */
export function inside(): readonly string[] {
  return [...runningThreads(), ...driverCalls.inside.map((path) => `the driver of ${path}`)]
}
