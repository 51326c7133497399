/** A slave on one end of a pty (or a real port) that answers every unit, as badly as it is told to. Shares no code with the app. */
import { open } from 'node:fs/promises'
import { type Hazard, right } from './hazards.ts'
import { type Asked, takeRequest } from './rtu.ts'

/** Half a request older than this was one that broke off. */
const brokenOffMs = 100

export interface HostileSlave {
  /** For every request from now on. */
  play(hazard: Hazard): void
  /** For the next request only, then right answers. */
  playOnce(hazard: Hazard): void
  readonly asked: readonly Asked[]
  /** Bytes that arrived that were no request. */
  readonly nonsense: number
  /** Resolves when the file is let go of. Unplug the pair first: a read of a pty waits for bytes for ever. */
  end(): Promise<void>
}

export async function startHostile(path: string): Promise<HostileSlave> {
  const file = await open(path, 'r+')
  const stream = file.createReadStream({ autoClose: false })
  const asked: Asked[] = []
  const timers = new Set<NodeJS.Timeout>()
  let hazard = right
  let next: Hazard | null = null
  const turns = new Map<Hazard, number>()
  let pending: Buffer = Buffer.alloc(0)
  let pendingAt = 0
  let nonsense = 0

  function say(bytes: Uint8Array): void {
    file.write(bytes).catch(() => {
      // The cable was pulled.
    })
  }

  function answer(one: Asked): void {
    const played = next ?? hazard
    next = null
    const turn = turns.get(played) ?? 0
    turns.set(played, turn + 1)
    for (const { afterMs, bytes } of played(one, turn)) {
      if (afterMs === 0) {
        say(bytes)
        continue
      }
      const timer = setTimeout(() => {
        timers.delete(timer)
        say(bytes)
      }, afterMs)
      timers.add(timer)
    }
  }

  stream.on('error', () => {
    // The cable was pulled.
  })
  stream.on('data', (chunk) => {
    const now = performance.now()
    if (now - pendingAt > brokenOffMs) {
      nonsense += pending.length
      pending = Buffer.alloc(0)
    }
    pendingAt = now
    pending = Buffer.concat([pending, Buffer.from(chunk)])
    try {
      for (let taken = takeRequest(pending); taken !== null; taken = takeRequest(pending)) {
        pending = taken.rest
        const { asked: one } = taken
        asked.push({ ...one, frame: Buffer.from(one.frame) })
        answer(one)
      }
    } catch {
      nonsense += pending.length
      pending = Buffer.alloc(0)
    }
  })

  return {
    play(wanted) {
      hazard = wanted
      next = null
    },
    playOnce(wanted) {
      hazard = right
      next = wanted
    },
    asked,
    get nonsense() {
      return nonsense + pending.length
    },
    async end() {
      for (const timer of timers) clearTimeout(timer)
      stream.destroy()
      await file.close().catch(() => {})
    },
  }
}
