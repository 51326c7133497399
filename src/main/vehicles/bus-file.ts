/** A bus recording on disk: one JSON line per frame, appended as it comes, read back a piece at a time. */
import { createWriteStream, type WriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { BusFrame } from '../../contract/modules.ts'
import type { BusPlay } from './desk.ts'

/** Frames wait for the disk in this much memory, and are missed beyond. */
const mostQueuedBytes = 4 * 1024 * 1024
const pieceBytes = 64 * 1024
/** No frame makes a line as long as this. */
const longestLineBytes = 256 * 1024
const newLine = 0x0a

export class BusFile {
  frames = 0
  sizeBytes = 0
  missed = 0
  readonly #stream: WriteStream
  readonly #mostQueued: number

  /** `failed` is called once, when the disk takes no more. */
  constructor(path: string, failed: (error: Error) => void, mostQueued = mostQueuedBytes) {
    this.#mostQueued = mostQueued
    this.#stream = createWriteStream(path, { flags: 'wx' })
    this.#stream.once('error', failed)
  }

  add(frames: readonly BusFrame[]): void {
    if (this.#stream.destroyed || this.#stream.writableLength > this.#mostQueued) {
      this.missed += frames.length
      return
    }
    const lines = frames.map((frame) => `${JSON.stringify(frame)}\n`).join('')
    this.#stream.write(lines)
    this.frames += frames.length
    this.sizeBytes += Buffer.byteLength(lines)
  }

  /** Resolves when what was added is in the file, or never will be. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.destroyed) resolve()
      else {
        this.#stream.once('close', resolve)
        this.#stream.end()
      }
    })
  }
}

/** How many whole lines the file has, and how long they are together: what a crash cut off does not count. */
export async function countLines(path: string): Promise<{ frames: number; sizeBytes: number }> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(pieceBytes)
    let frames = 0
    let whole = 0
    for (let at = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, pieceBytes, at)
      if (bytesRead === 0) return { frames, sizeBytes: whole }
      for (let n = buffer.indexOf(newLine); n !== -1 && n < bytesRead; n = buffer.indexOf(newLine, n + 1)) {
        frames++
        whole = at + n + 1
      }
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}

/** Reads the next piece when the last one was taken; at most one piece waits. */
export async function playFile(path: string, wake: () => void): Promise<BusPlay> {
  const file = await open(path, 'r')
  const reading = new Reading(file)
  let waiting: { frames: readonly BusFrame[]; ended: boolean } | null = null
  let closed = false

  async function next(): Promise<void> {
    const piece = await reading.next().catch(() => ({ frames: [], ended: true }))
    if (closed) return
    waiting = piece
    if (piece.ended) await close()
    wake()
  }
  async function close(): Promise<void> {
    if (closed) return
    closed = true
    await file.close().catch(() => {})
  }
  void next()

  return {
    take() {
      const piece = waiting
      waiting = null
      if (piece !== null && !piece.ended) void next()
      return piece
    },
    close: () => void close(),
  }
}

class Reading {
  readonly #file: FileHandle
  readonly #buffer = Buffer.alloc(pieceBytes)
  #rest: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  async next(): Promise<{ frames: BusFrame[]; ended: boolean }> {
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, pieceBytes, this.#at)
      // What is left of a line was cut off when the app or the machine was.
      if (bytesRead === 0) return { frames: [], ended: true }
      this.#at += bytesRead
      const bytes = Buffer.concat([this.#rest, this.#buffer.subarray(0, bytesRead)])
      const end = bytes.lastIndexOf(newLine) + 1
      this.#rest = Buffer.from(bytes.subarray(end))
      if (this.#rest.length > longestLineBytes) return { frames: [], ended: true }
      const frames = bytes.toString('utf8', 0, end).split('\n').flatMap(frameOf)
      if (frames.length > 0) return { frames, ended: false }
    }
  }
}

/** A line that is no frame is left out: the others are still what they are. */
function frameOf(line: string): BusFrame[] {
  if (line === '') return []
  try {
    const parsed = BusFrame.safeParse(JSON.parse(line))
    return parsed.success ? [parsed.data] : []
  } catch {
    return []
  }
}
