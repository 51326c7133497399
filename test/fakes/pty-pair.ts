/** A serial cable that is no cable: two pseudo terminals, joined by socat. What is written to one is read from the other. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const hasSocat = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => folder !== '' && existsSync(join(folder, 'socat')))

export interface PtyPair {
  readonly pid: number
  /** Takes both ends away, as unplugging does. */
  unplug(): Promise<void>
  /** Nothing is carried any more, and both ends stay. */
  freeze(): void
  thaw(): void
}

async function until(met: () => boolean, child: ChildProcess, words: () => string): Promise<void> {
  while (!met()) {
    if (child.exitCode !== null) throw new Error(`socat ended: ${words()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Resolves when both names are there. */
export async function plugPair(first: string, second: string): Promise<PtyPair> {
  const child = spawn('socat', ['-d', `pty,raw,echo=0,link=${first}`, `pty,raw,echo=0,link=${second}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await until(
    () => existsSync(first) && existsSync(second),
    child,
    () => said,
  )
  const { pid } = child
  if (pid === undefined) throw new Error('socat has no process')
  return {
    pid,
    async unplug() {
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      await ended
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}
