/** Rows that are true now, by id, in memory: the newest wins, listeners hear of each change once. */
export type LiveChange<R> = { readonly row: R } | { readonly gone: string }

export class LiveTable<R extends { readonly id: string }> {
  readonly #rows = new Map<string, R>()
  readonly #listeners = new Set<(changes: readonly LiveChange<R>[]) => void>()

  get size(): number {
    return this.#rows.size
  }

  get(id: string): R | undefined {
    return this.#rows.get(id)
  }

  snapshot(): Iterable<R> {
    return this.#rows.values()
  }

  set(...rows: R[]): void {
    for (const row of rows) this.#rows.set(row.id, row)
    this.#tell(rows.map((row) => ({ row })))
  }

  delete(...ids: string[]): void {
    const gone = ids.filter((id) => this.#rows.delete(id))
    if (gone.length > 0) this.#tell(gone.map((id) => ({ gone: id })))
  }

  subscribe(listener: (changes: readonly LiveChange<R>[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(changes: readonly LiveChange<R>[]): void {
    for (const listener of this.#listeners) listener(changes)
  }
}
