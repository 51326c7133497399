/** One thing at a time is asked of a device. */
export class Jobs {
  readonly #failed: (error: unknown) => void
  #last: Promise<unknown> = Promise.resolve()
  #open = 0

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  /** Something runs, or waits to. */
  get isBusy(): boolean {
    return this.#open > 0
  }

  run<T>(job: () => Promise<T>): Promise<T> {
    this.#open += 1
    const run = this.#last.then(job).finally(() => {
      this.#open -= 1
    })
    this.#last = run.catch(this.#failed)
    return run
  }
}
