/** The processes the launcher started: they end together, within a bounded time, and none outlives it. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const follow = new URL('./follow-parent.mjs', import.meta.url).href
const patienceMs = 5_000

export class Processes {
  #children = new Map()
  #ending = false
  #say

  constructor(say) {
    this.#say = say
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.end(signal))
    process.on('exit', () => {
      for (const child of this.#children.keys()) child.kill('SIGKILL')
    })
  }

  get ending() {
    return this.#ending
  }

  /** A script of ours: it ends when this process does, even after a kill -9. */
  script(name, file, args, options = {}) {
    const nodeArgs = ['--import', follow, file, ...args]
    return this.#add(
      name,
      spawn(process.execPath, nodeArgs, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], ...options }),
    )
  }

  program(name, file, args, options = {}) {
    return this.#add(name, spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options }))
  }

  #add(name, child) {
    this.#children.set(child, name)
    child.on('error', (error) => {
      this.#children.delete(child)
      this.#say(`${name} could not be started: ${error.message}`)
    })
    child.on('exit', (code, signal) => {
      this.#children.delete(child)
      if (!this.#ending) this.#say(`${name} ended (${signal ?? `exit code ${code}`}).`)
      else if (code !== 0 && code !== null) this.#say(`${name} ended with exit code ${code}.`)
    })
    return child
  }

  /** Resolves when every process has ended; those that do not within 5 s are killed. A second signal kills at once. */
  async end(signal = 'SIGTERM', code = signal === 'SIGINT' ? 130 : 0) {
    if (this.#ending) return this.#kill()
    this.#ending = true
    process.exitCode = code
    const left = [...this.#children.keys()].filter(
      (child) => child.exitCode === null && child.signalCode === null,
    )
    const gone = Promise.all(left.map((child) => new Promise((resolve) => child.once('exit', resolve))))
    // From a terminal Ctrl+C already reached the whole group; a second signal would look like impatience.
    if (!(signal === 'SIGINT' && process.stdin.isTTY)) for (const child of left) child.kill('SIGTERM')
    const timer = setTimeout(() => this.#kill(), patienceMs)
    await gone
    clearTimeout(timer)
    process.exit()
  }

  #kill() {
    for (const [child, name] of this.#children) {
      this.#say(`${name} did not end in time and was killed.`)
      child.kill('SIGKILL')
    }
  }
}

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))
