/**
 * What an export will hold, found by reading the recording once: a few numbers of each picture and no picture itself. A second reading
 * then gives the bytes, exactly as many as were found, so that the file's length is known before its first byte goes out.
 */
import { Fault } from '../../../contract/fault.ts'
import { isKey } from '../lane.ts'
import { keyBefore, type PlayWish } from '../play.ts'
import type { RecordedFrame } from '../record.ts'
import { SegmentReader } from '../segment-file.ts'
import type { Segment, Shelf } from '../shelf.ts'
import { entryOf, isBidirectional, sampleOf } from './sample.ts'
import type { TimedFrame } from './timing.ts'

/** A stretch of one segment. */
interface Stretch {
  readonly path: string
  /** Of the first frame in the file. */
  readonly offset: number
  frames: number
}

export interface FilmIndex {
  readonly stretches: readonly Stretch[]
  readonly frames: readonly TimedFrame[]
  readonly sizes: readonly number[]
  readonly entries: readonly Buffer[]
  readonly entryOf: readonly number[]
  /** `jpeg`, or the codec of the video, of the first picture. */
  readonly codec: string
  readonly widthPx: number
  readonly heightPx: number
}

/** The last picture before the asked time is shown at it, if it is no older than this. */
const shownForMs = 1000

/** The segments of the span, and the one before whose last picture is still shown when the span begins. */
export function segmentsOf(shelf: Shelf, { camera, fromAt, toAt }: PlayWish): Segment[] {
  const found = shelf.overlapping(camera, fromAt, toAt)
  const [first] = found
  if (first !== undefined && first.firstAt <= fromAt) return found
  const all = shelf.of(camera)
  const before = all[(first === undefined ? all.length : all.indexOf(first)) - 1]
  const isShown =
    before !== undefined &&
    before.frames > 0 &&
    before.lastAt < fromAt &&
    fromAt - before.lastAt <= shownForMs
  return isShown ? [before, ...found] : found
}

export async function indexFilm(
  segments: readonly Segment[],
  { fromAt, toAt }: PlayWish,
  signal: AbortSignal,
  onFrames: (frames: number) => void,
): Promise<FilmIndex> {
  const film = new Film()
  for (const [place, { path }] of segments.entries()) {
    const begin = place === 0 ? await keyBefore(path, fromAt) : null
    const opened = await SegmentReader.open(path, begin).catch(() => null)
    if (opened === null) continue
    const { reader } = opened
    try {
      for (let offset = reader.offset; ; offset = reader.offset) {
        const frame = await reader.next()
        if (frame === null || frame.receivedAt > toAt) break
        film.take(path, offset, frame)
      }
    } finally {
      await reader.close()
    }
    signal.throwIfAborted()
    onFrames(film.frames.length)
  }
  return film
}

class Film implements FilmIndex {
  readonly stretches: Stretch[] = []
  readonly frames: TimedFrame[] = []
  readonly sizes: number[] = []
  readonly entries: Buffer[] = []
  readonly entryOf: number[] = []
  codec = ''
  widthPx = 0
  heightPx = 0
  #entry: number | null = null
  #stretch: Stretch | null = null

  take(path: string, offset: number, frame: RecordedFrame): void {
    if (isKey(frame)) this.#entry = this.#entryOf(frame)
    const { receivedAt: at, capturedAt, video } = frame
    // Video that begins without its parameter sets cannot be decoded by anybody.
    if (this.#entry === null) {
      this.#stretch = null
      return
    }
    if (this.frames.length === 0) this.codec = video?.codec ?? 'jpeg'
    else if ((this.codec === 'jpeg') !== (video === null)) throw changed(video === null, at)
    if (this.#stretch?.path !== path) {
      this.#stretch = { path, offset, frames: 0 }
      this.stretches.push(this.#stretch)
    }
    this.#stretch.frames++
    this.frames.push({ at, capturedAt, isKey: isKey(frame), isBidirectional: isBidirectional(frame) })
    this.sizes.push(sampleOf(frame).reduce((sum, piece) => sum + piece.length, 0))
    this.entryOf.push(this.#entry)
    this.widthPx = Math.max(this.widthPx, frame.widthPx)
    this.heightPx = Math.max(this.heightPx, frame.heightPx)
  }

  /** A camera that was set to another size or quality has another entry from there on. */
  #entryOf(frame: RecordedFrame): number | null {
    // A JPEG says its size itself.
    if (frame.video === null && this.#entry !== null && this.codec === 'jpeg') return this.#entry
    const entry = entryOf(frame)
    if (entry === null) return this.#entry
    const known = this.entries.findIndex((one) => one.equals(entry))
    return known >= 0 ? known : this.entries.push(entry) - 1
  }
}

function changed(toJpeg: boolean, at: number): Fault {
  const [before, after] = toJpeg ? ['H.264', 'JPEG'] : ['JPEG', 'H.264']
  return new Fault(
    'bad-input',
    `The camera changed from ${before} to ${after} at ${new Date(at).toISOString()}: one file cannot hold both`,
    'Export the time before and the time after one by one.',
  )
}

/** The samples in order, a piece at a time. Ends with a fault where the recording is no longer what was indexed. */
export async function* filmBytes({ stretches, sizes }: FilmIndex): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = []
  let bytes = 0
  let sample = 0
  for (const { path, offset, frames } of stretches) {
    const opened = await SegmentReader.open(path, offset).catch(() => null)
    if (opened === null) throw gone()
    try {
      for (let n = 0; n < frames; n++) {
        const frame = await opened.reader.next()
        if (frame === null) throw gone()
        const pieces = sampleOf(frame)
        const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
        if (size !== sizes[sample++]) throw gone()
        waiting.push(...pieces)
        bytes += size
        if (bytes < pieceBytes) continue
        yield Buffer.concat(waiting, bytes)
        waiting = []
        bytes = 0
      }
    } finally {
      await opened.reader.close()
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting, bytes)
}

const pieceBytes = 128 * 1024

function gone(): Fault {
  return new Fault(
    'not-found',
    'The recording was deleted, or its file was damaged, while it was exported',
    'Look at what is left of it, then export again.',
  )
}
