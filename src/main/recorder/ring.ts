/**
 * The ring on disk. Frames wait in memory, a bounded number of bytes, and one chain of asynchronous writes takes them to their segments;
 * every write, deletion and sync is in that chain, so a slow disk costs recordings and nothing else. Before each write there is room for
 * it within the budget, or it is not made.
 */
import { mkdir, open } from 'node:fs/promises'
import type { AlertId } from '../../contract/alerts.ts'
import type { CameraId } from '../../contract/cameras.ts'
import type { Clock } from '../io/clock.ts'
import type { Log } from '../log.ts'
import { isKey, type Lane } from './lane.ts'
import { Lanes } from './lanes.ts'
import { PinLog } from './pin-log.ts'
import type { RecordedFrame } from './record.ts'
import { Room } from './room.ts'
import { scan } from './scan.ts'
import { type Pin, type Segment, Shelf } from './shelf.ts'
import { diskTrouble, type RingTrouble } from './trouble.ts'

export interface RingParts {
  /** `recordings` in the data folder. */
  readonly dir: string
  readonly clock: Clock
  readonly log: Log
  readonly budgetBytes: () => number
  /** What the disk has left; the recorder leaves `leftBytes` of it to the history. */
  readonly freeBytes: () => Promise<number>
  readonly keepMs?: number
  readonly leftBytes?: number
  readonly mostQueuedBytes?: number
  readonly onTrouble?: (trouble: RingTrouble | null) => void
}

/** An alert may take half a minute to be told, and wants the half minute before its moment. */
export const ringMs = 60_000
const flushMs = 250
const batchBytes = 1024 * 1024
const leftToHistory = 1_000_000_000
/** After a failed write nothing is tried for so long. */
const restMs = 5000
/** A trouble stands for at least so long: on the edge of the budget it would come and go. */
const shortestTroubleMs = 10_000
/** Of a head, a foot and the prefixes of a batch. */
const overheadBytes = 64 * 1024

export class Ring {
  readonly shelf = new Shelf()
  readonly #parts: RingParts
  readonly #log: PinLog
  readonly #lanes: Lanes
  readonly #room: Room
  readonly #jobs: (() => Promise<void>)[] = []
  readonly #toSync = new Set<Segment>()
  #running: Promise<void> | null = null
  #trouble: RingTrouble | null = null
  #stoppedAt = 0
  #stopTimer: () => void = () => {}

  private constructor(parts: RingParts) {
    this.#parts = parts
    this.#log = new PinLog(parts.dir, parts.log)
    this.#lanes = new Lanes(parts.dir, parts.clock, parts.mostQueuedBytes)
    this.#room = new Room({
      ...parts,
      shelf: this.shelf,
      leftBytes: parts.leftBytes ?? leftToHistory,
      endUnpinned: () => this.#endUnpinned(),
    })
  }

  /** Finds again what is on disk. Files that are none of ours are left alone, whatever is in them. */
  static async open(parts: RingParts): Promise<Ring> {
    const ring = new Ring(parts)
    await mkdir(parts.dir, { recursive: true })
    const found = await scan(parts.dir, parts.log)
    for (const segment of found.segments) ring.shelf.add(segment)
    ring.#lanes.goOnAfter(found.lastSeq)
    const { pins, bad } = await ring.#log.read()
    if (bad > 0) parts.log.warn('recorder-pins-unreadable', { lines: bad })
    // Until the store has said otherwise, every alert is open: nothing of it may go.
    for (const pin of pins) ring.shelf.pin({ ...pin, isOpen: true })
    await ring.#log.rewrite(ring.shelf.pins()).catch((error: unknown) => ring.#failed(error))
    ring.#stopTimer = parts.clock.every(flushMs, () => ring.#kick())
    return ring
  }

  get trouble(): RingTrouble | null {
    return this.#trouble
  }

  isSlow(camera: CameraId): boolean {
    return this.#lanes.isSlow(camera)
  }

  droppedOf(camera: CameraId): number {
    return this.#lanes.get(camera)?.dropped ?? 0
  }

  record(camera: CameraId, frame: RecordedFrame): void {
    this.#lanes.take(camera, frame)
    if (this.#lanes.bytes > batchBytes) void this.#kick()
  }

  /** Nothing more comes for now: what there is gets its foot. */
  end(camera: CameraId): void {
    this.#lanes.get(camera)?.end()
  }

  /** Until it is settled nothing is deleted: somebody is finding out which camera an alert speaks of. */
  hold(until: Promise<unknown>): void {
    this.#room.hold(until)
  }

  /** Holds from this very call; resolves when that is on disk. */
  pin(pin: Pin): Promise<void> {
    this.shelf.pin(pin)
    if (pin.gone !== null) return Promise.resolve()
    for (const segment of this.shelf.overlapping(pin.camera, pin.fromAt, pin.toAt)) this.#toSync.add(segment)
    void this.#kick()
    return this.#log.append(pin)
  }

  settle(alert: AlertId, isOpen: boolean): void {
    const pin = this.shelf.pinOf(alert)
    if (pin !== undefined) pin.isOpen = isOpen
  }

  /** Gives the recording of an alert up. Of what nobody else keeps the files are gone when it resolves. */
  async release(pin: Pin, by: string | null): Promise<void> {
    const segments = this.shelf.overlapping(pin.camera, pin.fromAt, pin.toAt)
    this.shelf.release(pin, this.#parts.clock.now(), by)
    const isNoted = await this.#log.note(pin)
    await this.#job(async () => {
      for (const segment of segments) {
        const lane = this.#lanes.get(segment.camera)
        if (segment.isOpen && segment.pins.size === 0 && lane !== undefined)
          await lane.finish(this.shelf).catch((error: unknown) => this.#broke(lane, error))
        if (segment.pins.size > 0) continue
        // What a person removes goes although it is being exported: the export ends there and says so.
        segment.readers.clear()
        await this.#room.delete(segment)
      }
    })
    if (!isNoted) await this.#log.note(pin)
  }

  /** By the clock: what is too old goes. `isRecorded` false: no ring is kept of that camera either. */
  sweep(days: number, isRecorded: (camera: CameraId) => boolean): Promise<void> {
    const { clock } = this.#parts
    return this.#job(async () => {
      const before = clock.now() - days * 24 * 3600 * 1000
      for (const pin of this.shelf.expired(before)) {
        this.shelf.release(pin, clock.now(), null)
        await this.#log.note(pin)
      }
      for (const camera of [...this.shelf.cameras()]) {
        await this.#trim(camera)
        const limit = isRecorded(camera) ? before : Math.max(before, clock.now() - this.#keepMs)
        for (const segment of this.shelf.unpinnedBefore(camera, limit)) await this.#room.delete(segment)
      }
    })
  }

  /** Forgets alerts that the store no longer has. */
  forget(alert: AlertId): void {
    this.shelf.forget(alert)
  }

  /** Resolves when all that was recorded so far is on disk. */
  async flush(): Promise<void> {
    await this.#job(async () => {})
    while (this.#hasWork()) await this.#kick()
  }

  async close(): Promise<void> {
    this.#stopTimer()
    for (const lane of this.#lanes.all()) lane.end()
    await this.flush()
  }

  get #keepMs(): number {
    return this.#parts.keepMs ?? ringMs
  }

  #hasWork(): boolean {
    return this.#jobs.length > 0 || this.#lanes.busy() !== undefined
  }

  #job(run: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#jobs.push(() => run().then(resolve, reject))
      void this.#kick()
    })
  }

  #kick(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      if (this.#jobs.length > 0) void this.#kick()
    })
    return this.#running
  }

  async #run(): Promise<void> {
    await this.#room.look()
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const lane of this.#lanes.all()) {
        if (!lane.hasWork) continue
        isBusy = true
        await this.#serve(lane).catch((error: unknown) => this.#broke(lane, error))
      }
      await this.#syncPinned()
      for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
        isBusy = true
        await job()
      }
    }
  }

  async #serve(lane: Lane): Promise<void> {
    const { frames, bytes, isNew } = lane.batch(batchBytes)
    if (frames.length === 0 || isNew) await lane.finish(this.shelf)
    if (frames.length === 0) return
    const trouble = await this.#room.make(bytes + overheadBytes)
    if (trouble !== null) {
      this.#lanes.lose(lane)
      this.#stop(trouble)
      return
    }
    // Making room may have ended its segment; the next one begins with a key frame.
    if (lane.open === null && frames[0] !== undefined && !isKey(frames[0])) {
      this.#lanes.lose(lane)
      return
    }
    await lane.write(this.shelf, frames)
    this.#room.written(bytes)
    this.#lanes.written(lane, frames.length, bytes)
    this.#well()
    await this.#trim(lane.camera)
  }

  async #trim(camera: CameraId): Promise<void> {
    for (const segment of this.shelf.beyondRing(camera, this.#keepMs)) await this.#room.delete(segment)
  }

  /** What is being written can be given up too, once it is ended. */
  async #endUnpinned(): Promise<boolean> {
    for (const lane of this.#lanes.all()) {
      if (lane.open === null || lane.open.segment.pins.size > 0) continue
      await lane.finish(this.shelf)
      return true
    }
    return false
  }

  /** What an alert keeps must survive a power cut, not only the end of this process. */
  async #syncPinned(): Promise<void> {
    for (const segment of this.#toSync) {
      this.#toSync.delete(segment)
      try {
        const opened = this.#lanes.get(segment.camera)?.open
        if (opened?.segment === segment) await opened.file.sync()
        else {
          const file = await open(segment.path, 'r+')
          await file.datasync().finally(() => file.close())
        }
      } catch (error) {
        this.#parts.log.warn('recording-not-synced', { path: segment.path, error: String(error) })
      }
    }
  }

  async #broke(lane: Lane, error: unknown): Promise<void> {
    await lane.abandon()
    this.#lanes.lose(lane)
    this.#failed(error)
  }

  #failed(error: unknown): void {
    this.#lanes.rest(restMs)
    this.#stop(diskTrouble(error))
  }

  #stop(trouble: RingTrouble): void {
    this.#stoppedAt = this.#parts.clock.monotonic()
    if (this.#trouble?.is === trouble.is) return
    this.#trouble = trouble
    this.#parts.log.error('recorder-stopped', { trouble: trouble.is })
    this.#parts.onTrouble?.(trouble)
  }

  #well(): void {
    if (this.#trouble === null) return
    if (this.#parts.clock.monotonic() - this.#stoppedAt < shortestTroubleMs) return
    this.#trouble = null
    this.#parts.log.info('recorder-goes-on')
    this.#parts.onTrouble?.(null)
  }
}
