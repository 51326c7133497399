/** What crosses a link, kept only while a screen looks: a short ring per viewer, the oldest dropped and counted. */
import type { LinkId, WireMessage } from '../../contract/links.ts'

const ringLength = 500

interface Viewer {
  readonly messages: WireMessage[]
  missed: number
  readonly wake: () => void
}

const noBytes = new Uint8Array()

export class MessageViewers {
  readonly #viewers = new Map<LinkId, Set<Viewer>>()

  watched(link: LinkId): boolean {
    return this.#viewers.has(link)
  }

  push(link: LinkId, message: WireMessage): void {
    for (const viewer of this.#viewers.get(link) ?? []) {
      viewer.messages.push(message)
      if (viewer.messages.length > ringLength) {
        viewer.messages.shift()
        viewer.missed++
      }
      viewer.wake()
    }
  }

  open(link: LinkId, wake: () => void) {
    const viewer: Viewer = { messages: [], missed: 0, wake }
    const viewers = this.#viewers.get(link) ?? new Set<Viewer>()
    this.#viewers.set(link, viewers.add(viewer))
    return {
      take() {
        if (viewer.messages.length === 0) return null
        const header = { missed: viewer.missed, messages: viewer.messages.splice(0) }
        viewer.missed = 0
        return { header, bytes: noBytes }
      },
      close: () => {
        viewers.delete(viewer)
        if (viewers.size === 0) this.#viewers.delete(link)
      },
    }
  }
}
