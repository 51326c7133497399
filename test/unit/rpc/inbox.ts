/** What has arrived so far, and a way to wait for more of it without guessing at a time. */
export class Inbox<T> {
  readonly all: T[] = []
  #waiting: { wanted: (all: readonly T[]) => boolean; done: () => void }[] = []

  readonly put = (value: T): void => {
    this.all.push(value)
    this.#waiting = this.#waiting.filter(({ wanted, done }) => {
      if (!wanted(this.all)) return true
      done()
      return false
    })
  }

  get last(): T | undefined {
    return this.all.at(-1)
  }

  async until(wanted: (all: readonly T[]) => boolean): Promise<readonly T[]> {
    if (!wanted(this.all)) await new Promise<void>((done) => this.#waiting.push({ wanted, done }))
    return this.all
  }

  async first(count: number): Promise<readonly T[]> {
    return this.until((all) => all.length >= count)
  }
}
