/** The flight recorder: watches the cameras whose plan says so, and lets each alert keep the seconds around it. */
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { isOpen } from '../../contract/alert-state.ts'
import type { Alert, AlertEntry, AlertId } from '../../contract/alerts.ts'
import type { CameraId } from '../../contract/cameras.ts'
import { Fault } from '../../contract/fault.ts'
import {
  type AlertRecording,
  type CameraRecorder,
  keptAroundMs,
  type PlayedFrame,
  type RecorderStore,
  type RecordingSpan,
} from '../../contract/recordings.ts'
import type { OpenFeed } from '../../rpc/handlers.ts'
import type { Clock } from '../io/clock.ts'
import type { Live } from '../live/live.ts'
import { LiveTable } from '../live/live-table.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import { RecorderAlarm, type Teller } from './alarm.ts'
import { cameraInMessage, cameraOf } from './camera-of.ts'
import { CameraWatch } from './camera-watch.ts'
import { catchUp } from './catch-up.ts'
import { VideoExports } from './export/exports.ts'
import { Players, type PlayWish } from './play.ts'
import { Ring } from './ring.ts'
import { ringTables } from './rows.ts'
import type { Pin } from './shelf.ts'

export interface RecorderParts {
  readonly dataDir: string
  readonly store: Pick<Store, 'onChange' | 'get' | 'page' | 'addTimeline'>
  readonly live: Pick<Live, 'plans' | 'cameras' | 'frames'>
  readonly clock: Clock
  readonly log: Log
  readonly version: string
  readonly settings: () => {
    readonly recordGb: number
    readonly recordDays: number
    readonly siteName: string
    readonly timeZone: string
  }
  /** For the alarm when nothing can be recorded. */
  readonly ingest: Teller
}

const rowsMs = 2000
const sweepMs = 60_000

/** A clock that is far off says nothing about the moment; then it is when we heard. */
export function momentOf({ raisedAt, receivedAt, clockSuspect }: Alert): number {
  return clockSuspect ? receivedAt : Math.min(raisedAt, receivedAt)
}

export class Recorder {
  readonly cameras = new LiveTable<CameraRecorder>()
  readonly store = new LiveTable<RecorderStore>()
  readonly exports: VideoExports
  readonly #parts: RecorderParts
  readonly #ring: Ring
  readonly #players: Players
  readonly #watches = new Map<CameraId, CameraWatch>()
  readonly #undo: (() => void)[] = []

  private constructor(parts: RecorderParts, ring: Ring) {
    this.#parts = parts
    this.#ring = ring
    this.#players = new Players(ring.shelf)
    this.exports = new VideoExports({
      ...parts,
      ring,
      cameraRow: (id) => parts.live.cameras.get(id),
      cameraOf: async (id) => (await this.ofAlert(id)).camera,
    })
  }

  /** Resolves when what is on disk was found again; alerts of the last run are looked up behind it. */
  static async open(parts: RecorderParts): Promise<Recorder> {
    const { dataDir, clock, log, settings, store, live } = parts
    const dir = join(dataDir, 'recordings')
    await mkdir(dir, { recursive: true })
    const alarm = new RecorderAlarm(parts)
    alarm.begin()
    const ring = await Ring.open({
      dir,
      clock,
      log,
      budgetBytes: () => settings().recordGb * 1e9,
      freeBytes: async () => {
        const { bavail, bsize } = await statfs(dir)
        return bavail * bsize
      },
      onTrouble: (trouble) => alarm.tell(trouble),
    })
    const recorder = new Recorder(parts, ring)
    // Heard from now on, so that no alert falls between what is read and what is told.
    recorder.#undo.push(
      store.onChange(({ entries }) => {
        for (const entry of entries) recorder.#hear(entry)
      }),
      live.plans.subscribe(() => recorder.#refresh()),
      live.cameras.subscribe(() => recorder.#refresh()),
      clock.every(rowsMs, () => recorder.#tick()),
      clock.every(sweepMs, () => recorder.#sweep()),
    )
    const caughtUp = catchUp(ring, store, (alert) => recorder.#keep(alert))
    ring.hold(caughtUp)
    caughtUp.then(
      () => recorder.#sweep(),
      (error: unknown) => log.error('recorder-catch-up', { error: String(error) }),
    )
    recorder.#refresh()
    recorder.#tick()
    return recorder
  }

  spans({ camera, fromAt, toAt }: PlayWish): RecordingSpan[] {
    return this.#ring.shelf.spans(camera, fromAt, toAt)
  }

  play(wish: PlayWish, wake: () => void): OpenFeed<PlayedFrame> {
    return this.#players.play(wish, wake)
  }

  async ofAlert(id: AlertId): Promise<AlertRecording> {
    const { store, live, clock } = this.#parts
    const { alert, raw } = await store.get(id)
    const pin = this.#ring.shelf.pinOf(id)
    const camera = pin?.camera ?? this.#cameraOf(alert) ?? cameraInMessage(raw)
    const at = pin?.at ?? momentOf(alert)
    const fromAt = pin?.fromAt ?? at - keptAroundMs
    const toAt = pin?.toAt ?? at + keptAroundMs
    const spans = camera === null ? [] : this.#ring.shelf.spans(camera, fromAt, toAt)
    const row = camera === null ? undefined : live.cameras.get(camera)
    return {
      camera,
      cameraName: camera === null ? null : (row?.name ?? alert.deviceName ?? camera),
      at,
      fromAt,
      toAt,
      spans: pin?.gone ? [] : spans,
      none: noneOf(camera, pin, spans.length),
      removedBy: pin?.gone?.by ?? null,
      isGrowing: camera !== null && this.#watches.has(camera) && clock.now() < toAt + rowsMs,
    }
  }

  async remove(id: AlertId, by: string): Promise<void> {
    const pin = this.#ring.shelf.pinOf(id)
    if (pin === undefined || pin.gone !== null)
      throw new Fault('not-found', 'Nothing is recorded of this alert', 'Look at the alert again.')
    await this.#ring.release(pin, by)
    const [link, device] = splitOf(pin.camera)
    const name = this.#parts.live.cameras.get(pin.camera)?.name ?? pin.camera
    const text = `${name}: the recording of an alert was removed by ${by}`
    const at = this.#parts.clock.now()
    await this.#parts.store.addTimeline({ at, type: 'camera-changed', link, device, by, text })
    this.#tick()
  }

  /** All that was recorded until now can be played. */
  flush(): Promise<void> {
    return this.#ring.flush()
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo()
    for (const watch of this.#watches.values()) watch.close()
    this.#watches.clear()
    await this.exports.close()
    await this.#ring.close()
  }

  #hear({ transition, alert }: AlertEntry): void {
    if (transition.kind === 'raise') this.#keep(alert)
    else this.#ring.settle(alert.id, isOpen(alert.state))
  }

  /** From this call on the seconds around the alert are safe from the ring. */
  #keep(alert: Alert): void {
    const camera = this.#cameraOf(alert)
    if (camera !== null) this.#pin(alert, camera)
    else if (alert.kind === 'detection') this.#ring.hold(this.#keepByMessage(alert))
  }

  async #keepByMessage(alert: Alert): Promise<void> {
    try {
      const camera = cameraInMessage((await this.#parts.store.get(alert.id)).raw)
      if (camera !== null) this.#pin(alert, camera)
    } catch (error) {
      this.#parts.log.warn('recorder-alert', { alert: alert.id, error: String(error) })
    }
  }

  #pin(alert: Alert, camera: CameraId): void {
    const { shelf } = this.#ring
    const at = momentOf(alert)
    const [fromAt, toAt] = [at - keptAroundMs, at + keptAroundMs]
    if (shelf.pinOf(alert.id) !== undefined) return
    if (!this.#watches.has(camera) && shelf.overlapping(camera, fromAt, toAt).length === 0) return
    const pin: Pin = {
      ...{ alert: alert.id, camera, at, fromAt, toAt },
      isOpen: isOpen(alert.state),
      gone: null,
    }
    this.#ring
      .pin(pin)
      .catch((error: unknown) => this.#parts.log.error('recorder-pin', { error: String(error) }))
  }

  #cameraOf(alert: Alert): CameraId | null {
    return cameraOf(alert, (id) => this.#parts.live.cameras.get(id) !== undefined)
  }

  #refresh(): void {
    const { plans, cameras, frames } = this.#parts.live
    const wanted = new Set<CameraId>()
    for (const { id, record } of plans.snapshot())
      if (record && cameras.get(id)?.can.includes('stream')) wanted.add(id)
    for (const [camera, watch] of this.#watches) {
      if (wanted.has(camera)) continue
      watch.close()
      this.#watches.delete(camera)
    }
    for (const camera of wanted)
      if (!this.#watches.has(camera))
        this.#watches.set(camera, new CameraWatch(camera, frames, this.#ring, this.#parts.clock))
  }

  #tick(): void {
    for (const watch of this.#watches.values()) watch.tick()
    ringTables({
      cameras: this.cameras,
      store: this.store,
      ring: this.#ring,
      watches: this.#watches,
      plans: this.#parts.live.plans,
      budgetBytes: this.#parts.settings().recordGb * 1e9,
    })
  }

  #sweep(): void {
    this.#ring
      .sweep(this.#parts.settings().recordDays, (camera) => this.#watches.has(camera))
      .catch((error: unknown) => this.#parts.log.error('recorder-sweep', { error: String(error) }))
  }
}

function noneOf(camera: CameraId | null, pin: Pin | undefined, spans: number): AlertRecording['none'] {
  if (camera === null) return 'no-camera'
  if (pin?.gone) return pin.gone.by === null ? 'too-old' : 'removed'
  if (spans > 0) return null
  return pin === undefined ? 'not-recorded' : 'nothing-came'
}

function splitOf(camera: CameraId) {
  const slash = camera.indexOf('/')
  return [camera.slice(0, slash) as Alert['source'], camera.slice(slash + 1)] as const
}
