/** Who watches which camera, over sockets and streams. Tells of changes at most ten times a second. */
import type { CameraId } from '../../../../contract/cameras.ts'
import type { Clock } from '../../../io/clock.ts'
import { wireLimits } from './limits.ts'
import { wireId } from './site-words.ts'

export class Presence {
  readonly #clock: Clock
  readonly #changed: () => void
  /** Camera → user → how often. */
  readonly #watching = new Map<CameraId, Map<string, number>>()
  #cancel: (() => void) | null = null

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** Returns its undo. */
  watch(camera: CameraId, user: string): () => void {
    const users = this.#watching.get(camera) ?? new Map<string, number>()
    this.#watching.set(camera, users)
    users.set(user, (users.get(user) ?? 0) + 1)
    if (users.get(user) === 1) this.#tell()
    let isWatching = true
    return () => {
      if (!isWatching) return
      isWatching = false
      const left = (users.get(user) ?? 1) - 1
      if (left > 0) users.set(user, left)
      else {
        users.delete(user)
        this.#tell()
      }
      if (users.size === 0) this.#watching.delete(camera)
    }
  }

  words(): Record<string, string[]> {
    const cameras: Record<string, string[]> = {}
    for (const [camera, users] of this.#watching) cameras[wireId(camera)] = [...users.keys()].sort()
    return cameras
  }

  #tell(): void {
    this.#cancel ??= this.#clock.after(wireLimits.presenceEveryMs, () => {
      this.#cancel = null
      this.#changed()
    })
  }

  close(): void {
    this.#cancel?.()
  }
}
