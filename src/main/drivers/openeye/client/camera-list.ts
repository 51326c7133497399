/** The cameras as the server lists them, with what is known of each from elsewhere, as one fact. */
import { type Camera, CameraId } from '../../../../contract/cameras.ts'
import type { LinkContext } from '../../../link.ts'
import type { Redactor } from './redact.ts'
import type { CameraReply, CameraStatus } from './replies.ts'

export const camerasBudgetMs = 45_000
/** A status this old says nothing any more. */
const statusForMs = 120_000

export class CameraList {
  readonly #context: Pick<LinkContext, 'profile' | 'clock' | 'tell'>
  readonly #redactor: Redactor
  #rows: readonly CameraReply[] = []
  #heardAt: number | null = null
  readonly #status = new Map<string, { readonly said: CameraStatus; readonly mono: number }>()
  readonly #troubles = new Map<string, string>()
  #turn = 0
  #watchedTurn = 0
  #looksAtWatched = false

  constructor(context: Pick<LinkContext, 'profile' | 'clock' | 'tell'>, redactor: Redactor) {
    this.#context = context
    this.#redactor = redactor
  }

  listed(rows: readonly CameraReply[]): void {
    this.#rows = rows
    this.#heardAt = this.#context.clock.now()
    const ids = new Set(rows.map((row) => row.camera))
    for (const map of [this.#status, this.#troubles])
      for (const id of map.keys()) if (!ids.has(id)) map.delete(id)
    this.#tell()
  }

  status(camera: string, said: CameraStatus): void {
    if (!this.has(camera)) return
    this.#status.set(camera, { said, mono: this.#context.clock.monotonic() })
    this.#tell()
  }

  /** Why its pictures do not come; empty: they do. */
  trouble(camera: string, trouble: string): void {
    if ((this.#troubles.get(camera) ?? '') === trouble || !this.has(camera)) return
    this.#troubles.set(camera, trouble)
    this.#tell()
  }

  has(camera: string): boolean {
    return this.#rows.some((row) => row.camera === camera)
  }

  nameOf(camera: string): string {
    return this.#rows.find((row) => row.camera === camera)?.name ?? camera
  }

  active(): ReadonlySet<string> {
    return new Set(this.#rows.filter((row) => row.isActive === true).map((row) => row.camera))
  }

  /** Total and active, where the list is fresh. */
  figures(now: number): { readonly total: number; readonly active: number } | null {
    if (this.#heardAt === null || now - this.#heardAt > camerasBudgetMs) return null
    return { total: this.#rows.length, active: this.active().size }
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0
  }

  /** Whose status to ask next: those somebody looks at every other time, the rest in turn. */
  next(isWatched: (camera: string) => boolean): string | null {
    const watched = this.#rows.filter((row) => isWatched(row.camera))
    this.#looksAtWatched = !this.#looksAtWatched && watched.length > 0
    const from = this.#looksAtWatched ? watched : this.#rows
    const turn = this.#looksAtWatched ? this.#watchedTurn++ : this.#turn++
    return from[turn % Math.max(1, from.length)]?.camera ?? null
  }

  #tell(): void {
    const cameras = this.#rows.map((row) => this.#camera(row))
    this.#context.tell({ type: 'cameras-reported', link: this.#context.profile.id, cameras })
  }

  #camera(row: CameraReply): Camera {
    const { profile, clock } = this.#context
    const held = this.#status.get(row.camera)
    const status = held !== undefined && clock.monotonic() - held.mono < statusForMs ? held.said : null
    const trouble = this.#troubles.get(row.camera) ?? ''
    return {
      id: CameraId.parse(`${profile.id}/${row.camera}`),
      link: profile.id,
      camera: row.camera,
      name: row.name,
      location: row.location,
      kind: row.kind,
      can: ['stream', 'snapshot', 'activate'],
      isActive: row.isActive ?? status?.isActive ?? null,
      isRunning: status?.isRunning ?? null,
      isRecording: row.isRecording,
      findsFaces: row.findsFaces,
      fps: status?.fps ?? null,
      lastFrameAt: status?.lastFrameAt ?? null,
      // The server's error may quote the camera's address, with its password.
      trouble: trouble !== '' ? trouble : this.#redactor.clean(status?.trouble ?? ''),
      heardAt: this.#heardAt,
      budgetMs: camerasBudgetMs,
    }
  }
}
