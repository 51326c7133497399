/** The built app as a child process: started, waited for, asked, killed. What a test holds instead of the app's own objects. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Ready {
  /** The screen, with the admin's token in its fragment. */
  readonly url: string
  /** Where devices connect. */
  readonly hub: string
  readonly health: string
  readonly token: string
}

/** One alert as `GET /api/alerts` gives it; only what tests look at. */
export interface HistoryRow {
  readonly seq: number
  readonly source: string
  readonly sourceId: string
  readonly kind: string
  readonly priority: string
  readonly state: string
  readonly raisedAt: string | number
  readonly receivedAt: string | number
  readonly late: boolean
  readonly device: string | null
  readonly text: string
}

export interface StartOptions {
  readonly dataDir: string
  readonly port?: number
  readonly hubPort?: number
  /** More flags, as `['--site-name', 'Harbour']`. */
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Runs the app under another command: `['strace', '-f']`. */
  readonly under?: readonly string[]
}

const builtEntry = fileURLToPath(new URL('../../out/main/headless.js', import.meta.url))
/** What never comes is said in words; a machine that is busy is given the time it takes. */
const readyTimeoutMs = 45_000

/** For commands a person starts by hand: a build of these very sources, made now if there is none. */
export function ensureBuilt(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))
  execFileSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] })
}

export class Headless {
  readonly process: ChildProcess
  readonly dataDir: string
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly ready: Promise<Ready>
  #output = ''

  constructor(options: StartOptions) {
    if (!existsSync(builtEntry)) throw new Error(`not built: ${builtEntry}; run \`npm run build\``)
    const { dataDir, port = 0, hubPort = 0, flags = [], env = {}, under = [] } = options
    this.dataDir = dataDir
    const wanted = ['--data-dir', dataDir, '--port', String(port), '--hub-port', String(hubPort), ...flags]
    const [command = process.execPath, ...args] = [...under, process.execPath, builtEntry, ...wanted]
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    this.process = child
    this.exited = once(child, 'close').then(([code, signal]) => ({ code, signal }))
    this.ready = new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`not ready in time; it said:\n${this.#output}`)),
        readyTimeoutMs,
      )
      let line = ''
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
        line += text
        const found = /^ready (\{.*\})$/m.exec(line)
        if (found?.[1] === undefined) return
        clearTimeout(late)
        resolve(JSON.parse(found[1]))
      })
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
      child.once('error', reject)
      this.exited.then(({ code, signal }) => {
        clearTimeout(late)
        reject(new Error(`ended before it was ready (${signal ?? code}); it said:\n${this.#output}`))
      }, reject)
    })
    this.ready.catch(() => {}) // whoever waits for it hears; a test that kills during start-up does not wait
  }

  /** What it printed, for failure messages. */
  get output(): string {
    return this.#output
  }

  get pid(): number {
    const { pid } = this.process
    if (pid === undefined) throw new Error('never started')
    return pid
  }

  isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** The log so far; empty before the first line. */
  log(): string {
    const file = join(this.dataDir, 'watchfloor.log')
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  /** Gone at once, as by a power switch for this process. */
  async kill(): Promise<void> {
    if (this.isAlive()) this.process.kill('SIGKILL')
    await this.exited
  }

  /** Asked to end; resolves to its exit code. */
  async stop(): Promise<number | null> {
    if (this.isAlive()) this.process.kill('SIGTERM')
    return (await this.exited).code
  }

  async get(path: string, init: RequestInit = {}): Promise<Response> {
    const { url, token } = await this.ready
    const headers = new Headers(init.headers)
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`)
    return fetch(new URL(path, url), { ...init, headers, signal: init.signal ?? AbortSignal.timeout(10_000) })
  }

  /** Every alert on disk after `after`, page by page. */
  async alerts(after = 0): Promise<HistoryRow[]> {
    const rows: HistoryRow[] = []
    for (let next: number | null = after; next !== null; ) {
      const answer = await this.get(`/api/alerts?after=${next}&limit=1000&format=json`)
      if (!answer.ok) throw new Error(`GET /api/alerts: ${answer.status} ${await answer.text()}`)
      const page = (await answer.json()) as { alerts: HistoryRow[]; next: number | null }
      rows.push(...page.alerts)
      next = page.next
    }
    return rows
  }
}

/** Starts the app and waits until it is ready. */
export async function startHeadless(options: StartOptions): Promise<Headless> {
  const app = new Headless(options)
  try {
    await app.ready
  } catch (error) {
    await app.kill()
    throw error
  }
  return app
}
