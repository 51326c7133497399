/** What devices were promised, kept outside the app: the oracle that says whether an acknowledged alert was lost or stored twice. */

export interface Verdict {
  readonly sent: number
  readonly acked: number
  readonly stored: number
  /** Acknowledged, not in the store. */
  readonly lost: readonly string[]
  /** In the store more than once. */
  readonly duplicated: readonly string[]
  /** In the store though nobody ever sent it. */
  readonly invented: readonly string[]
}

export class Ledger {
  readonly #sent = new Set<string>()
  readonly #acked = new Set<string>()

  sent(messageId: string): void {
    this.#sent.add(messageId)
  }

  acked(messageId: string): void {
    if (!this.#sent.has(messageId)) throw new Error(`acknowledged, but never sent: ${messageId}`)
    this.#acked.add(messageId)
  }

  get counts(): { sent: number; acked: number } {
    return { sent: this.#sent.size, acked: this.#acked.size }
  }

  /** Compares with what the store holds: each row's id as its source gave it. */
  judge(stored: Iterable<string>): Verdict {
    const times = new Map<string, number>()
    for (const id of stored) times.set(id, (times.get(id) ?? 0) + 1)
    return {
      sent: this.#sent.size,
      acked: this.#acked.size,
      stored: times.size,
      lost: [...this.#acked].filter((id) => !times.has(id)),
      duplicated: [...times].filter(([, count]) => count > 1).map(([id]) => id),
      invented: [...times.keys()].filter((id) => !this.#sent.has(id)),
    }
  }
}
