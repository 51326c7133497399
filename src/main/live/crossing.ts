/** What crosses a link, kept only while a screen looks: a short ring per viewer, the oldest dropped and counted. */
import type { LinkId } from '../../contract/links.ts'

const ringLength = 500

interface Viewer<T> {
  readonly items: T[]
  missed: number
  readonly wake: () => void
}

/** What a viewer has not seen yet. */
export interface Crossed<T> {
  readonly missed: number
  readonly items: T[]
}

export class Crossing<T> {
  readonly #viewers = new Map<LinkId, Set<Viewer<T>>>()

  watched(link: LinkId): boolean {
    return this.#viewers.has(link)
  }

  push(link: LinkId, ...items: readonly T[]): void {
    for (const viewer of this.#viewers.get(link) ?? []) {
      viewer.items.push(...items)
      const over = viewer.items.length - ringLength
      if (over > 0) {
        viewer.items.splice(0, over)
        viewer.missed += over
      }
      viewer.wake()
    }
  }

  open(link: LinkId, wake: () => void): { take(): Crossed<T> | null; close(): void } {
    const viewer: Viewer<T> = { items: [], missed: 0, wake }
    const viewers = this.#viewers.get(link) ?? new Set<Viewer<T>>()
    this.#viewers.set(link, viewers.add(viewer))
    return {
      take() {
        if (viewer.items.length === 0) return null
        const crossed = { missed: viewer.missed, items: viewer.items.splice(0) }
        viewer.missed = 0
        return crossed
      },
      close: () => {
        viewers.delete(viewer)
        if (viewers.size === 0) this.#viewers.delete(link)
      },
    }
  }
}
