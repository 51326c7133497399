/** One camera's way to the disk: what waits to be written, and where one segment ends and the next begins. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CameraId } from '../../contract/cameras.ts'
import { footBytes, type RecordedFrame } from './record.ts'
import { SegmentFile } from './segment-file.ts'
import type { Segment, Shelf } from './shelf.ts'

/** A segment is as long as this, and on to the next key frame. */
export const segmentMs = 4000
/** After a gap as long as this a new segment begins. */
const gapMs = 3000
/** Without a key frame for so long, nothing more of it is recorded until there is one. */
export const mostSegmentBytes = 64 * 1024 * 1024

export interface OpenSegment {
  readonly file: SegmentFile
  readonly segment: Segment
}

export class Lane {
  readonly camera: CameraId
  readonly dir: string
  queue: RecordedFrame[] = []
  open: OpenSegment | null = null
  /** Video goes on with a key frame after anything is missing. */
  needsKey = true
  /** The stream has ended: so does its segment, once what waits is written. */
  endWanted = false
  dropped = 0
  /** Monotonic; when a frame was last dropped because the disk was slow. */
  slowAt = Number.NEGATIVE_INFINITY
  seq: number

  constructor(camera: CameraId, dir: string, seq: number) {
    this.camera = camera
    this.dir = dir
    this.seq = seq
  }

  /** Nothing more comes for now. */
  end(): void {
    this.endWanted = true
    this.needsKey = true
  }

  get hasWork(): boolean {
    return this.queue.length > 0 || (this.endWanted && this.open !== null)
  }

  /** Into the open segment, or a new one. Rejects when the disk does: then `abandon`. */
  async write(shelf: Shelf, frames: readonly RecordedFrame[]): Promise<void> {
    const [first] = frames
    if (first === undefined) return
    const { file, segment } = this.open ?? (await this.#begin(shelf, first))
    const before = file.bytes
    await file.append(frames)
    const times = frames.map((frame) => frame.receivedAt)
    shelf.grow(segment, {
      bytes: file.bytes - before,
      frames: frames.length,
      firstAt: Math.min(...times),
      lastAt: Math.max(...times),
    })
  }

  async #begin(shelf: Shelf, first: RecordedFrame): Promise<OpenSegment> {
    const { camera, dir } = this
    await mkdir(dir, { recursive: true })
    this.seq += 1
    const path = join(dir, `${String(this.seq).padStart(12, '0')}.wfr`)
    const file = await SegmentFile.create(path, camera)
    const codec = codecOf(first)
    const at = first.receivedAt
    const { seq } = this
    const segment: Segment = {
      ...{ camera, path, seq, codec, bytes: file.bytes, frames: 0, firstAt: at, lastAt: at },
      isOpen: true,
      pins: new Set(),
      readers: new Set(),
    }
    shelf.add(segment)
    this.open = { file, segment }
    return this.open
  }

  /** Ends the open segment in order. */
  async finish(shelf: Shelf): Promise<void> {
    if (this.open === null) return
    const { file, segment } = this.open
    this.open = null
    segment.isOpen = false
    await file.end(segment, segment.pins.size > 0)
    shelf.grow(segment, { ...segment, bytes: footBytes, frames: 0 })
  }

  /** After a failed write: what is whole stays. */
  async abandon(): Promise<void> {
    if (this.open === null) return
    const { file, segment } = this.open
    this.open = null
    segment.isOpen = false
    await file.abandon()
  }

  /** The frames to be written next, all of one segment, `mostBytes` of them or one. */
  batch(mostBytes: number): { frames: RecordedFrame[]; bytes: number; isNew: boolean } {
    const frames: RecordedFrame[] = []
    let bytes = 0
    let part = this.open === null ? null : partOf(this.open.segment)
    let isNew = false
    for (const frame of this.queue) {
      const starts = part === null || startsAnew(part, frame)
      if (starts && frames.length > 0) break
      if (starts) isNew = true
      if (frames.length > 0 && bytes + frame.bytes.length > mostBytes) break
      part = starts || part === null ? newPart(frame) : grown(part, frame)
      frames.push(frame)
      bytes += frame.bytes.length
    }
    return { frames, bytes, isNew }
  }
}

interface Part {
  readonly codec: string
  readonly firstAt: number
  readonly lastAt: number
  readonly bytes: number
}

function partOf({ codec, firstAt, lastAt, bytes }: Segment): Part {
  return { codec, firstAt, lastAt, bytes }
}

export function codecOf(frame: RecordedFrame): string {
  return frame.video?.codec ?? 'jpeg'
}

export function isKey(frame: RecordedFrame): boolean {
  return frame.video === null || frame.video.isKey
}

function newPart(frame: RecordedFrame): Part {
  const at = frame.receivedAt
  return { codec: codecOf(frame), firstAt: at, lastAt: at, bytes: frame.bytes.length }
}

function grown(part: Part, frame: RecordedFrame): Part {
  return { ...part, lastAt: frame.receivedAt, bytes: part.bytes + frame.bytes.length }
}

function startsAnew(part: Part, frame: RecordedFrame): boolean {
  const at = frame.receivedAt
  return (
    isKey(frame) &&
    (at - part.firstAt >= segmentMs ||
      at < part.lastAt ||
      at - part.lastAt > gapMs ||
      codecOf(frame) !== part.codec ||
      part.bytes >= mostSegmentBytes)
  )
}
