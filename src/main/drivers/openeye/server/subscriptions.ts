/** What one socket wants to hear: topics, each of every camera or of some. */
import { type Choice, firstTopics, type Topic } from './hear.ts'

/** `all` but these, or only these. Ids as the dashboard wrote them. */
interface Range {
  readonly all: boolean
  readonly ids: ReadonlySet<string>
}

const everything: Range = { all: true, ids: new Set() }
const mostIds = 512

export class Subscriptions {
  #ranges = new Map<Topic, Range>(firstTopics.map((topic) => [topic, everything]))
  /** The first choice of its own replaces what everybody gets at first. */
  #isOwn = false

  choose({ is, topics, cameras }: Choice): void {
    if (is === 'subscribe' && !this.#isOwn) {
      this.#isOwn = true
      this.#ranges.clear()
    }
    for (const topic of topics) {
      const range = is === 'subscribe' ? this.#more(topic, cameras) : this.#fewer(topic, cameras)
      if (range === null) this.#ranges.delete(topic)
      else this.#ranges.set(topic, range)
    }
  }

  #more(topic: Topic, cameras: readonly string[] | null): Range | null {
    if (cameras === null) return everything
    const before = this.#ranges.get(topic)
    if (before === undefined) return cameras.length === 0 ? null : { all: false, ids: new Set(cameras) }
    const named = new Set(cameras)
    if (before.all) return { all: true, ids: new Set([...before.ids].filter((id) => !named.has(id))) }
    return { all: false, ids: new Set([...before.ids, ...named].slice(0, mostIds)) }
  }

  #fewer(topic: Topic, cameras: readonly string[] | null): Range | null {
    const before = this.#ranges.get(topic)
    if (cameras === null || before === undefined) return null
    const named = new Set(cameras)
    if (before.all) return { all: true, ids: new Set([...before.ids, ...named].slice(0, mostIds)) }
    const ids = new Set([...before.ids].filter((id) => !named.has(id)))
    return ids.size === 0 ? null : { all: false, ids }
  }

  /** `camera` in each of its spellings; none where the message is about no camera: then the topic decides. */
  wants(topic: Topic, camera: readonly string[] = []): boolean {
    const range = this.#ranges.get(topic)
    if (range === undefined) return false
    if (range.all) return !camera.some((id) => range.ids.has(id))
    return camera.some((id) => range.ids.has(id))
  }

  /** The cameras a topic names; of every camera it names none. */
  named(topic: Topic): readonly string[] {
    const range = this.#ranges.get(topic)
    return range === undefined || range.all ? [] : [...range.ids]
  }
}
