/** Recorded frames read back, in order, as fast as the reader takes them and never far ahead of it. */
import type { CameraId } from '../../contract/cameras.ts'
import { Fault } from '../../contract/fault.ts'
import type { PlayedFrame } from '../../contract/recordings.ts'
import type { Frame, OpenFeed } from '../../rpc/handlers.ts'
import { isKey } from './lane.ts'
import type { RecordedFrame } from './record.ts'
import { SegmentReader } from './segment-file.ts'
import type { Shelf } from './shelf.ts'

export interface PlayWish {
  readonly camera: CameraId
  readonly fromAt: number
  readonly toAt: number
}

const mostAhead = 8
const mostReaders = 16
const noBytes = new Uint8Array()

/** From the last frame before `fromAt` that can be decoded by itself. What is deleted meanwhile is passed over. */
export async function* framesOf(
  shelf: Shelf,
  { camera, fromAt, toAt }: PlayWish,
): AsyncGenerator<RecordedFrame> {
  let isFirst = true
  for (const { path } of shelf.overlapping(camera, fromAt, toAt)) {
    const begin = isFirst ? await keyBefore(path, fromAt) : null
    const opened = await SegmentReader.open(path, begin).catch(() => null)
    if (opened === null) continue
    isFirst = false
    try {
      for (let frame = await opened.reader.next(); frame !== null; frame = await opened.reader.next()) {
        if (frame.receivedAt > toAt) break
        yield frame
      }
    } finally {
      await opened.reader.close()
    }
  }
}

/** The offset of the last key frame at or before `at`; null for the first frame. */
export async function keyBefore(path: string, at: number): Promise<number | null> {
  const opened = await SegmentReader.open(path).catch(() => null)
  if (opened === null) return null
  const { reader } = opened
  try {
    let found: number | null = null
    for (;;) {
      const { offset } = reader
      const frame = await reader.next()
      if (frame === null || frame.receivedAt > at) return found
      if (isKey(frame)) found = offset
    }
  } finally {
    await reader.close()
  }
}

export class Players {
  readonly #shelf: Shelf
  #open = 0

  constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  play(wish: PlayWish, wake: () => void): OpenFeed<PlayedFrame> {
    if (this.#open >= mostReaders)
      throw new Fault(
        'busy',
        `${mostReaders} recordings are being played already`,
        'Close one and try again.',
      )
    this.#open++
    return new Player(framesOf(this.#shelf, wish), wake, () => this.#open--)
  }
}

class Player implements OpenFeed<PlayedFrame> {
  readonly #frames: AsyncGenerator<RecordedFrame>
  readonly #wake: () => void
  readonly #onClose: () => void
  readonly #ready: Frame<PlayedFrame>[] = []
  #isReading = false
  #isOver = false
  #isClosed = false

  constructor(frames: AsyncGenerator<RecordedFrame>, wake: () => void, onClose: () => void) {
    this.#frames = frames
    this.#wake = wake
    this.#onClose = onClose
    void this.#read()
  }

  take(): Frame<PlayedFrame> | null {
    const frame = this.#ready.shift() ?? null
    if (!this.#isReading && !this.#isOver) void this.#read()
    return frame
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#ready.length = 0
    if (!this.#isReading) void this.#end()
  }

  async #read(): Promise<void> {
    this.#isReading = true
    try {
      while (this.#ready.length < mostAhead && !this.#isOver && !this.#isClosed) {
        // A disk that fails in the middle ends the recording there.
        const { value, done } = await this.#frames.next().catch(() => ({ value: undefined, done: true }))
        if (this.#isClosed) break
        if (done || value === undefined) this.#isOver = true
        this.#ready.push(value === undefined ? last : played(value))
        this.#wake()
      }
    } finally {
      this.#isReading = false
      if (this.#isClosed) await this.#end()
    }
  }

  async #end(): Promise<void> {
    this.#onClose()
    await this.#frames.return(undefined).catch(() => {})
  }
}

const last: Frame<PlayedFrame> = {
  header: { at: 0, capturedAt: null, video: null, widthPx: 0, heightPx: 0, isLast: true },
  bytes: noBytes,
}

function played(frame: RecordedFrame): Frame<PlayedFrame> {
  const { receivedAt: at, capturedAt, video, widthPx, heightPx, bytes } = frame
  return { header: { at, capturedAt, video, widthPx, heightPx, isLast: false }, bytes }
}
