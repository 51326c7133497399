/** Starts the demo devices as a process of their own. An installed Electron cannot run as plain Node, so it is a utility process. */
import { existsSync } from 'node:fs'
import { utilityProcess } from 'electron'
import type { Demo } from '../../demo.ts'
import { noOffer } from '../../demo-offer.ts'
import { demoOffer } from '../demo-ready.ts'

/** `file` is the bundled demo site; undefined where it is not installed. `log` gets what the devices say. */
export function demoStarter(
  file: string,
  log: (line: string) => void,
): ((hub: string) => Promise<Demo>) | undefined {
  if (!existsSync(file)) return undefined
  return async (hub) => {
    const child = utilityProcess.fork(file, ['--hub', hub], {
      serviceName: 'Watchfloor demo site',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    await Promise.race([new Promise<void>((resolve) => child.once('spawn', () => resolve())), gone])
    return {
      offer: await Promise.race([demoOffer(child.stdout, log), gone.then(() => noOffer)]),
      async stop() {
        child.kill()
        await gone
      },
    }
  }
}
