/** Starts the demo devices as their own process over real sockets, when this installation has them. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Demo } from '../../demo.ts'
import { demoOffer } from '../demo-ready.ts'

/** `file` is the bundled demo site; undefined where it is not installed. `log` gets what the devices say. */
export function demoStarter(
  file: string,
  log: (line: string) => void,
): ((hub: string) => Promise<Demo>) | undefined {
  if (!existsSync(file)) return undefined
  return async (hub) => {
    const child = spawn(process.execPath, [file, '--hub', hub], { stdio: ['pipe', 'pipe', 'ignore'] })
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    return {
      offer: await demoOffer(child.stdout, log),
      async stop() {
        child.kill('SIGTERM')
        await gone
      },
    }
  }
}
