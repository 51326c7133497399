/** Serial cables for the demo: pairs of pseudo terminals, joined by socat, or by Python where socat is not installed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface Cable {
  /** The app's end, and the device's. */
  readonly app: string
  readonly device: string
}

export interface Cables {
  /** Rejects where this machine has no way to make one; the message says what to install. */
  plug(name: string): Promise<Cable>
  pullAll(): void
}

/** Two raw terminals, named as asked, and whatever comes out of one goes into the other. */
const inPython = `
import os, pty, select, sys, tty
masters = []
for name in sys.argv[1:]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.symlink(os.ttyname(slave), name)
    masters.append(master)
while True:
    for ready in select.select(masters, [], [])[0]:
        os.write(masters[1 - masters.index(ready)], os.read(ready, 65536))
`

const plugMs = 3000

export function openCables(): Cables {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-demo-'))
  const running: ChildProcess[] = []

  async function plug(name: string): Promise<Cable> {
    const cable = { app: join(folder, name), device: join(folder, `${name}-device`) }
    const child = start(cable)
    running.push(child)
    const until = performance.now() + plugMs
    while (!existsSync(cable.app) || !existsSync(cable.device)) {
      if (child.exitCode !== null || performance.now() > until)
        throw new Error('a pseudo terminal could not be made')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return cable
  }

  return {
    plug,
    pullAll() {
      for (const child of running) child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function start({ app, device }: Cable): ChildProcess {
  const options = { stdio: 'ignore' } as const
  if (inPath('socat'))
    return spawn('socat', [`pty,raw,echo=0,link=${app}`, `pty,raw,echo=0,link=${device}`], options)
  if (inPath('python3')) return spawn('python3', ['-c', inPython, app, device], options)
  throw new Error('install socat (or Python 3) for a vehicle whose modules come over serial ports')
}

function inPath(program: string): boolean {
  if (process.platform === 'win32') return false
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)))
}
