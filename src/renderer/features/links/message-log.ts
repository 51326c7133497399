/** The inspector's memory: the last messages of one link, a count of what was missed, a filter and a pause. Framework-free. */
import type { WireMessage } from '../../../contract/links.ts'

export interface Line extends WireMessage {
  readonly n: number
}

export interface LogView {
  readonly lines: readonly Line[]
  readonly total: number
  readonly missed: number
  readonly paused: boolean
  /** Arrived during the pause, shown when it ends. */
  readonly held: number
}

/** At 4 KiB a message this is 8 MB at most. */
const mostLines = 2000

export class MessageLog {
  readonly #listeners = new Set<() => void>()
  #lines: readonly Line[] = []
  #held: Line[] = []
  #n = 0
  #missed = 0
  #filter = ''
  #paused = false
  #view: LogView = { lines: [], total: 0, missed: 0, paused: false, held: 0 }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): LogView => this.#view

  add(messages: readonly WireMessage[], missed: number): void {
    this.#missed += missed
    const lines = messages.map((message) => {
      this.#n += 1
      return { ...message, n: this.#n }
    })
    if (this.#paused) this.#held = [...this.#held, ...lines].slice(-mostLines)
    else this.#lines = [...this.#lines, ...lines].slice(-mostLines)
    this.#publish()
  }

  filter(text: string): void {
    this.#filter = text.trim().toLocaleLowerCase()
    this.#publish()
  }

  pause(paused: boolean): void {
    this.#paused = paused
    if (!paused) {
      this.#lines = [...this.#lines, ...this.#held].slice(-mostLines)
      this.#held = []
    }
    this.#publish()
  }

  clear(): void {
    this.#lines = []
    this.#held = []
    this.#missed = 0
    this.#publish()
  }

  #publish(): void {
    const wanted = this.#filter
    const lines =
      wanted === ''
        ? this.#lines
        : this.#lines.filter((line) =>
            `${line.direction} ${line.peer} ${line.text} ${line.trouble}`
              .toLocaleLowerCase()
              .includes(wanted),
          )
    this.#view = {
      lines,
      total: this.#lines.length,
      missed: this.#missed,
      paused: this.#paused,
      held: this.#held.length,
    }
    for (const listener of this.#listeners) listener()
  }
}

/** One line of the inspector as text for the clipboard. */
export function lineText(line: WireMessage): string {
  const head = `${new Date(line.at).toISOString()} ${line.direction} ${line.peer} ${line.sizeBytes} B`
  return `${head}${line.trouble === '' ? '' : ` (${line.trouble})`}\n${line.text}`
}
