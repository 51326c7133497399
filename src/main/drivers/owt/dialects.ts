/** Which form pictures are sent in. On `auto` one after the other is tried, and what worked is kept until it falls silent twice. */
import type { Dialect, OwtProfile } from './profile.ts'

export class Dialects {
  readonly #setting: OwtProfile['dialect']
  #present: Dialect
  #worked = false
  #silences = 0

  constructor(setting: OwtProfile['dialect']) {
    this.#setting = setting
    this.#present = setting === 'auto' ? 'deployed' : setting
  }

  get present(): Dialect {
    return this.#present
  }

  get isAuto(): boolean {
    return this.#setting === 'auto'
  }

  /** A result came in this form. */
  get worked(): boolean {
    return this.#worked
  }

  heard(): void {
    this.#worked = true
    this.#silences = 0
  }

  /** A socket on which nothing useful came. A form that worked gets a second chance: servers also fall silent for other reasons. */
  silence(): void {
    this.#silences += 1
    if (!this.isAuto || (this.#worked && this.#silences < 2)) return
    this.#worked = false
    this.#silences = 0
    this.#present = this.#present === 'deployed' ? 'document' : 'deployed'
  }
}
