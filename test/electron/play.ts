/** Plays one scenario against the built bundle in a process of its own, as Electron's main process would run it. */
import { execFileSync, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const hook = new URL('../fakes/electron-hook.ts', import.meta.url).href

/** These tests are about the built bundle, so a stale one would prove nothing. Does nothing when it is fresh. */
export function ensureBuilt(): void {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'pipe' })
}

/** Below the tests' own, so that what the scenario said is shown. */
const timeoutMs = 50_000

export interface PlayOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Kept by the caller when given; otherwise made and removed. */
  readonly dataDir?: string
}

export async function play<R>(name: string, options: PlayOptions = {}): Promise<R> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'watchfloor-electron-'))
  try {
    return await new Promise<R>((resolve, reject) => {
      let words = ''
      const flags = ['--data-dir', dataDir, '--hub-port', '0', ...(options.args ?? [])]
      const child = fork(join(root, 'test/electron/run-scenario.ts'), [name, ...flags], {
        cwd: root,
        execArgv: ['--import', hook],
        env: { ...process.env, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => {
          words += chunk.toString()
        })
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
      child.on('message', ({ result }: { result: R }) => resolve(result))
      child.on('error', reject)
      child.on('exit', (code, signal) => {
        clearTimeout(timer)
        reject(new Error(`scenario ${name} ended with ${signal ?? code}; it said:\n${words}`))
      })
    })
  } finally {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
}
