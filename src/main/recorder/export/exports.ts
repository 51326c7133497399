/** Exports under way: a few at a time, each asked for by a screen, fetched once by its ticket, and on the timeline before its first byte. */
import type { Alert, AlertId } from '../../../contract/alerts.ts'
import type { CameraId } from '../../../contract/cameras.ts'
import { longestExportMs } from '../../../contract/export-limits.ts'
import { Fault } from '../../../contract/fault.ts'
import type { ExportStep } from '../../../contract/recordings.ts'
import type { OpenFeed } from '../../../rpc/handlers.ts'
import type { ExportParts, ExportWish } from './film.ts'
import { type Download, Job } from './job.ts'

const mostJobs = 4

export class VideoExports {
  readonly #parts: ExportParts
  readonly #jobs = new Set<Job>()

  constructor(parts: ExportParts) {
    this.#parts = parts
  }

  async open(wish: ExportWish, by: string, wake: () => void): Promise<OpenFeed<ExportStep>> {
    const now = this.#parts.clock.now()
    if (wish.toAt <= wish.fromAt || wish.fromAt >= now)
      throw new Fault('bad-input', 'There is no time between these two', 'Choose a time that has passed.')
    if (wish.toAt - wish.fromAt > longestExportMs)
      throw new Fault('bad-input', 'An hour is exported at a time', 'Ask for a shorter time.')
    const alert = wish.alert === null ? null : await this.#alertOf(wish.alert, wish.camera)
    if (this.#jobs.size >= mostJobs)
      throw new Fault('busy', `${mostJobs} exports are under way`, 'Wait for one of them, then try again.')
    const job = new Job(this.#parts, { ...wish, toAt: Math.min(wish.toAt, now) }, alert, by, wake)
    this.#jobs.add(job)
    void job.run().finally(() => this.#jobs.delete(job))
    return job
  }

  /** What a ticket stands for, once. Null: nothing, or nothing any more. */
  async take(ticket: string): Promise<Download | null> {
    for (const job of this.#jobs) {
      const download = await job.download(ticket)
      if (download !== null) return download
    }
    return null
  }

  /** Cuts off what is under way. */
  async close(): Promise<void> {
    const jobs = [...this.#jobs]
    for (const job of jobs) job.close()
    await Promise.all(jobs.map((job) => job.ended))
  }

  async #alertOf(id: AlertId, camera: CameraId): Promise<Alert> {
    const { alert } = await this.#parts.store.get(id)
    if ((await this.#parts.cameraOf(id)) === camera) return alert
    throw new Fault('bad-input', 'The alert is not of this camera', 'Export it without the alert.')
  }
}
