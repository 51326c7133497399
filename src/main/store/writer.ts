/** The only write connection. Takes what is waiting, writes it in one transaction, answers after the commit. */
import { Fault } from '../../contract/fault.ts'
import type { Job, Run } from './job.ts'
import type { FromWorker, Reply, Request } from './messages.ts'
import { Queue } from './queue.ts'
import type { Change } from './store.ts'
import { storageFault, WriteFile } from './write-file.ts'

const mostPerCommit = 256
/** Only reached when more is waiting than can be written: then larger groups are what lets the store catch up. */
/** Rows in the last commit from which on it counts as load; rows that are enough to begin the next. */
const busyCommit = 8
const fullCommit = 100
const longestGatherMs = 10

export class Writer {
  readonly #file: WriteFile
  readonly #post: (message: FromWorker) => void
  readonly #more: () => Iterable<Request>
  readonly #queue = new Queue<Job>()
  #lastTick = 0
  #lastTaken = 0

  constructor(dir: string, post: (message: FromWorker) => void, more: () => Iterable<Request>) {
    this.#post = post
    this.#more = more
    this.#file = new WriteFile(dir)
    this.#file.open()
    this.#tellStatus()
  }

  take(requests: Iterable<Request>): void {
    for (const request of requests) this.#queue.push({ request, from: 0, soFar: [], gone: 0 })
  }

  /**
   * Alerts come one upon another: a commit of 100 costs hardly more than one of 30, so waiting a moment leaves time for more.
   * When it is calm nothing waits.
   */
  maySoonHaveMore(): boolean {
    return this.#lastTaken >= busyCommit && this.#queue.size < fullCommit
  }

  work(): void {
    while (this.#queue.size > 0) {
      this.#commitSome()
      this.take(this.#more())
      if (performance.now() - this.#lastTick > 1000) this.tick()
    }
  }

  /** Every second: has space come back, can a read-only file be written again. */
  tick(): void {
    this.#lastTick = performance.now()
    if (this.#file.recover()) this.#tellStatus()
  }

  close(): void {
    this.work()
    this.#file.close()
  }

  #commitSome(): void {
    const taken: Job[] = []
    const begun = performance.now()
    try {
      this.#commit((run, replies, rest) => {
        while (taken.length < mostPerCommit) {
          if (this.#queue.size === 0) this.take(this.#more())
          const job = this.#queue.shift()
          if (job === undefined) break
          taken.push(job)
          runOne(job, run, replies, rest)
          if (performance.now() - begun > longestGatherMs) break
        }
        this.#lastTaken = taken.length
      })
    } catch (error) {
      // Nothing of it is on disk. The one that failed must not take the others with it: each again by itself.
      // The transaction did not even begin: whoever waits now is answered now.
      if (taken.length === 0) this.#takeAll(taken)
      const mayTryAgain = this.#file.mayTryAgain(error, taken.length > 1)
      for (const job of taken) this.#alone(job, mayTryAgain, error)
    }
  }

  #takeAll(taken: Job[]): void {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) taken.push(job)
  }

  #alone(job: Job, mayTry: boolean, cause: unknown): void {
    let failure = cause
    let again = mayTry
    for (let attempt = 0; again && attempt < 2; attempt += 1) {
      try {
        this.#commit((run, replies, rest) => runOne(job, run, replies, rest))
        return
      } catch (error) {
        failure = error
        again = this.#file.mayTryAgain(error, false)
      }
    }
    const { id } = job.request
    const fault = storageFault(failure, this.#file.trouble)
    const reply: Reply = fault === null ? { id, bug: bugText(failure) } : faultReply(id, fault)
    this.#post({ replies: [reply], status: this.#file.status() })
  }

  #commit(gather: (run: Run, replies: Reply[], rest: Job[]) => void): void {
    const replies: Reply[] = []
    const rest: Job[] = []
    const change: Change | null = this.#file.transaction((run) => gather(run, replies, rest))
    for (const job of rest) this.#queue.push(job)
    this.#post({ replies, change, status: this.#file.status() })
  }

  #tellStatus(): void {
    this.#post({ replies: [], status: this.#file.status(), ready: true })
  }
}

function runOne(job: Job, run: Run, replies: Reply[], rest: Job[]): void {
  const { id } = job.request
  try {
    const step = run(job)
    if (step.done) replies.push({ id, value: step.value })
    else rest.push(step.job)
  } catch (error) {
    // A Fault is thrown before anything is written: the others of the transaction go on.
    if (!(error instanceof Fault)) throw error
    replies.push(faultReply(id, error))
  }
}

export function faultReply(id: number, { code, message, tip }: Fault): Reply {
  return { id, fault: { code, message, tip } }
}

export function bugText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
