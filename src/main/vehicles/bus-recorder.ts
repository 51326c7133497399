/** Records the frames of buses into files of the data folder, while somebody wants it and there is room. */
import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../contract/fault.ts'
import type { LinkId } from '../../contract/links.ts'
import type { BusFrame, BusRecording } from '../../contract/modules.ts'
import { LiveTable } from '../live/live-table.ts'
import { BusFile, countLines, playFile } from './bus-file.ts'
import type { BusPlay } from './desk.ts'
import { type DeskParts, note } from './parts.ts'

type Parts = Pick<DeskParts, 'dataDir' | 'store' | 'live' | 'clock' | 'log'> & {
  /** Bytes after which a recording ends by itself. */
  readonly longestBytes?: number
}

const usualLongestBytes = 500_000_000
const showEveryMs = 1000

interface Running {
  readonly id: string
  readonly file: BusFile
}

export class BusRecorder {
  readonly rows = new LiveTable<BusRecording>()
  readonly #parts: Parts
  readonly #folder: string
  readonly #running = new Map<LinkId, Running>()
  readonly #mending: Promise<void>[] = []
  readonly #undo: () => void

  private constructor(parts: Parts) {
    this.#parts = parts
    this.#folder = join(parts.dataDir, 'bus-recordings')
    this.#undo = parts.clock.every(showEveryMs, () => {
      for (const { id, file } of this.#running.values()) this.#show(id, file)
    })
  }

  static async open(parts: Parts): Promise<BusRecorder> {
    const recorder = new BusRecorder(parts)
    const kept = await parts.store.kept('bus-recording')
    recorder.rows.set(...kept)
    for (const row of kept) if (row.endedAt === null) recorder.#mending.push(recorder.#mend(row))
    return recorder
  }

  records(link: LinkId): boolean {
    return this.#running.has(link)
  }

  saw(link: LinkId, frames: readonly BusFrame[]): void {
    const running = this.#running.get(link)
    if (running === undefined) return
    running.file.add(frames)
    const { longestBytes = usualLongestBytes } = this.#parts
    if (running.file.sizeBytes >= longestBytes)
      void this.#end(link, running, null, `it has reached ${sizeWords(longestBytes)}`)
  }

  /** The same again changes nothing. */
  async record(link: LinkId, on: boolean, by: string): Promise<void> {
    const running = this.#running.get(link)
    if (!on) {
      if (running !== undefined) await this.#end(link, running, by, `by ${by}`)
      return
    }
    if (running !== undefined) return
    const { live, clock, store } = this.#parts
    const id = randomUUID()
    const name = live.links.get(link)?.name ?? link
    await mkdir(this.#folder, { recursive: true }).catch((error: unknown) => {
      throw new Fault(
        'storage',
        `The folder for recordings cannot be made: ${String(error)}`,
        'Look at the data folder’s disk.',
        error,
      )
    })
    if (this.#running.has(link)) return // two at once: the first one records
    const started: Running = {
      id,
      file: new BusFile(this.#pathOf(id), (error) => void this.#end(link, started, null, error.message)),
    }
    this.#running.set(link, started)
    const row = {
      id,
      link,
      name,
      by,
      startedAt: clock.now(),
      endedAt: null,
      frames: 0,
      sizeBytes: 0,
      missed: 0,
    }
    this.rows.set(row)
    await store.keep('bus-recording', row)
    this.#note(link, by, `${name}: recording of the bus started by ${by}`)
  }

  async play(id: string, wake: () => void): Promise<BusPlay> {
    const row = this.#row(id)
    try {
      return await playFile(this.#pathOf(row.id), wake)
    } catch (error) {
      throw new Fault(
        'not-found',
        'The file of this recording is gone',
        'Remove the recording from the list.',
        error,
      )
    }
  }

  async remove(id: string, by: string): Promise<void> {
    const row = this.#row(id)
    if (this.#running.get(row.link)?.id === id)
      throw new Fault('wrong-state', 'This recording goes on', 'End it first, then remove it.')
    await rm(this.#pathOf(id), { force: true })
    await this.#parts.store.unkeep('bus-recording', id)
    this.rows.delete(id)
    this.#note(row.link, by, `${row.name}: recording of the bus removed by ${by}, ${figures(row)}`)
  }

  async close(): Promise<void> {
    this.#undo()
    await Promise.all(this.#mending)
    await Promise.all(
      [...this.#running].map(([link, running]) => this.#end(link, running, null, 'Watchfloor ends')),
    )
  }

  async #end(link: LinkId, running: Running, by: string | null, why: string): Promise<void> {
    if (this.#running.get(link) !== running) return
    this.#running.delete(link)
    await running.file.end()
    const row = this.#show(running.id, running.file, this.#parts.clock.now())
    if (row === undefined) return
    this.#note(link, by, `${row.name}: recording of the bus ended, ${why}: ${figures(row)}`)
    await this.#parts.store.keep('bus-recording', row).catch((error: unknown) => {
      this.#parts.log.error('bus-recording-not-kept', { id: row.id, error: String(error) })
    })
  }

  #show(id: string, file: BusFile, endedAt: number | null = null): BusRecording | undefined {
    const before = this.rows.get(id)
    if (before === undefined) return undefined
    const { frames, sizeBytes, missed } = file
    const row = { ...before, frames, sizeBytes, missed, endedAt }
    if (endedAt !== null || before.frames !== frames || before.missed !== missed) this.rows.set(row)
    return row
  }

  /** It went on when the app was cut off: it ends with its last whole line. */
  async #mend(row: BusRecording): Promise<void> {
    const path = this.#pathOf(row.id)
    try {
      const [counted, { mtimeMs }] = await Promise.all([countLines(path), stat(path)])
      const ended = { ...row, ...counted, endedAt: Math.max(row.startedAt, Math.round(mtimeMs)) }
      this.rows.set(ended)
      await this.#parts.store.keep('bus-recording', ended)
    } catch (error) {
      this.rows.set({ ...row, endedAt: row.startedAt, frames: 0, sizeBytes: 0 })
      this.#parts.log.warn('bus-recording-unreadable', { id: row.id, error: String(error) })
    }
  }

  #row(id: string): BusRecording {
    const row = this.rows.get(id)
    if (row === undefined)
      throw new Fault('not-found', 'There is no such recording', 'Choose one from the list.')
    return row
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.ndjson`)
  }

  #note(link: LinkId, by: string | null, text: string): void {
    note(this.#parts, { type: 'bus-recorded', link, device: null, by, text })
  }
}

function figures({ frames, sizeBytes, missed }: BusRecording): string {
  return `${frames} frames, ${sizeWords(sizeBytes)}${missed === 0 ? '' : `, ${missed} missed`}`
}

function sizeWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`
}
