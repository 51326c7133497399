/** All cameras' lanes, and the one limit on what waits in memory: above it frames are dropped and counted, nobody waits. */
import { join } from 'node:path'
import type { CameraId } from '../../contract/cameras.ts'
import type { Clock } from '../io/clock.ts'
import { isKey, Lane, mostSegmentBytes } from './lane.ts'
import type { RecordedFrame } from './record.ts'
import { folderOf } from './scan.ts'

const mostQueued = 32 * 1024 * 1024
/** A disk that was too slow is spoken of for so long. */
const slowWordsMs = 30_000

export class Lanes {
  readonly #dir: string
  readonly #clock: Clock
  readonly #mostBytes: number
  readonly #lanes = new Map<CameraId, Lane>()
  #lastSeq: ReadonlyMap<string, number> = new Map()
  #restUntil = Number.NEGATIVE_INFINITY
  bytes = 0

  constructor(dir: string, clock: Clock, mostBytes = mostQueued) {
    this.#dir = dir
    this.#clock = clock
    this.#mostBytes = mostBytes
  }

  /** The numbers of the last files on disk, by folder. */
  goOnAfter(lastSeq: ReadonlyMap<string, number>): void {
    this.#lastSeq = lastSeq
  }

  all(): Iterable<Lane> {
    return this.#lanes.values()
  }

  get(camera: CameraId): Lane | undefined {
    return this.#lanes.get(camera)
  }

  busy(): Lane | undefined {
    for (const lane of this.#lanes.values()) if (lane.hasWork) return lane
    return undefined
  }

  isSlow(camera: CameraId): boolean {
    const lane = this.#lanes.get(camera)
    return lane !== undefined && this.#clock.monotonic() - lane.slowAt < slowWordsMs
  }

  take(camera: CameraId, frame: RecordedFrame): void {
    const lane = this.#laneOf(camera)
    lane.endWanted = false
    const now = this.#clock.monotonic()
    const isSlow = this.bytes + frame.bytes.length > this.#mostBytes
    if (isSlow) lane.slowAt = now
    const isTooLong = (lane.open?.segment.bytes ?? 0) > mostSegmentBytes && !isKey(frame)
    if (isSlow || isTooLong || now < this.#restUntil || (lane.needsKey && !isKey(frame))) {
      lane.dropped++
      lane.needsKey = true
      return
    }
    lane.needsKey = false
    lane.queue.push(frame)
    this.bytes += frame.bytes.length
  }

  written(lane: Lane, frames: number, bytes: number): void {
    lane.queue.splice(0, frames)
    this.bytes -= bytes
  }

  /** What waits cannot be written. */
  lose(lane: Lane): void {
    lane.dropped += lane.queue.length
    lane.needsKey = true
    for (const frame of lane.queue) this.bytes -= frame.bytes.length
    lane.queue = []
  }

  /** Nothing is taken for so long. */
  rest(forMs: number): void {
    this.#restUntil = this.#clock.monotonic() + forMs
  }

  #laneOf(camera: CameraId): Lane {
    const known = this.#lanes.get(camera)
    if (known !== undefined) return known
    const folder = folderOf(camera)
    const lane = new Lane(camera, join(this.#dir, folder), this.#lastSeq.get(folder) ?? 0)
    this.#lanes.set(camera, lane)
    return lane
  }
}
