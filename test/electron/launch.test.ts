/** The launcher as a user meets it: what it prints, and that nothing it started outlives it, not even after a kill -9. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { ensureBuilt } from './play.ts'

ensureBuilt()
const root = fileURLToPath(new URL('../..', import.meta.url))

interface Launched {
  readonly process: ChildProcess
  readonly dataDir: string
  /** Standard output alone: programs read it. */
  output(): string
  /** Resolves with everything said so far once it contains the words. */
  said(words: RegExp): Promise<string>
}

function launch(...args: readonly string[]): Launched {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-launch-'))
  const flags = ['--data-dir', dataDir, '--port', '0', '--hub-port', '0']
  const child = spawn(process.execPath, [join(root, 'scripts/launch.mjs'), ...args, ...flags], {
    cwd: tmpdir(),
    // Without a display there is nothing to open, so it prints the address.
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', WATCHFLOOR_BROWSER: 'none' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    process: child,
    dataDir,
    output: () => output,
    async said(words) {
      while (!words.test(text)) {
        if (child.exitCode !== null) throw new Error(`ended before it said ${words}:\n${text}`)
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'close')])
      }
      return text
    },
  }
}

function appPid(dataDir: string): number {
  return (JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')) as { pid: number }).pid
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
}

test('start without a display prints the address and why; a signal ends it and the app, with 0', async () => {
  const started = launch('start')
  const text = await started.said(/http:\/\/127\.0\.0\.1:\d+\/#token=\S+/)
  expect(text).toContain('there is no display')
  const pid = appPid(started.dataDir)
  expect(pid).not.toBe(started.process.pid)
  started.process.kill('SIGTERM')
  const [code] = await once(started.process, 'exit')
  expect(code).toBe(0)
  expect(isAlive(pid)).toBe(false)
})

test('the app does not outlive a launcher that was killed', async () => {
  const started = launch('start')
  await started.said(/#token=/)
  const pid = appPid(started.dataDir)
  started.process.kill('SIGKILL')
  await gone(pid)
})

test('the demo shows alerts of its site, and ends with it', async () => {
  const started = launch('demo')
  await started.said(/demo-/)
  started.process.kill('SIGINT')
  const [code] = await once(started.process, 'exit')
  expect(code).toBe(130)
})

test('headless is the app itself: one ready line, its own exit code', async () => {
  const started = launch('headless')
  await started.said(/^ready \{.*\}$/m)
  expect(started.output().trim().split('\n')).toHaveLength(1)
  expect(appPid(started.dataDir)).toBe(started.process.pid)
  started.process.kill('SIGTERM')
  expect((await once(started.process, 'exit'))[0]).toBe(0)
})

test('an app that cannot start ends the launcher with its code', async () => {
  const started = launch('start', '--time-zone')
  const [code] = await once(started.process, 'exit')
  expect(code).toBe(2)
})

test('help lists every option; an unknown mode is named', async () => {
  const help = launch('start', '--help')
  expect(await help.said(/WATCHFLOOR_HUB_PORT/)).toContain('--hub-port')
  const unknown = launch('fly')
  expect(await unknown.said(/no mode fly/)).toContain('headless')
})
