/** Runs one command to its end, keeping what it said; the caller decides whether anybody needs to see it. */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Tools come from node_modules first, so that the Node of the lock file runs them whatever started this script. */
export const toolEnv = {
  ...process.env,
  PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH,
  FORCE_COLOR: '0',
  NO_COLOR: '1',
}

const killGraceMs = 5000

/** `live` passes the output through as it comes; `timeoutMs` ends the command and everything it started. */
export function run(command, args, { env = {}, live = false, timeoutMs = 600_000 } = {}) {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...toolEnv, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const pieces = []
    const keep = (piece) => {
      pieces.push(piece)
      if (live) process.stdout.write(piece)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    let timedOut = false
    const endGroup = (signal) => {
      try {
        process.kill(-child.pid, signal)
      } catch {
        // Already gone.
      }
    }
    const timer = setTimeout(() => {
      timedOut = true
      endGroup('SIGTERM')
      setTimeout(() => endGroup('SIGKILL'), killGraceMs).unref()
    }, timeoutMs)
    const finish = (code, said = '') => {
      clearTimeout(timer)
      const late = timedOut ? `\nended after ${timeoutMs / 1000} s\n` : ''
      resolve({
        ok: code === 0 && !timedOut,
        output: Buffer.concat(pieces).toString('utf8') + said + late,
        seconds: (performance.now() - startedAt) / 1000,
      })
    }
    child.once('error', (error) => finish(1, `${command}: ${error.message}\n`))
    child.once('close', (code) => finish(code))
  })
}
