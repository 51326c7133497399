/** A segment on disk: written behind what is already there, found again at start, cut off where a crash tore it. */
import { type FileHandle, open, stat, truncate } from 'node:fs/promises'
import type { CameraId } from '../../contract/cameras.ts'
import {
  decodeFoot,
  decodeHead,
  decodeRecord,
  encodeFoot,
  encodeFramePrefix,
  encodeHead,
  type Foot,
  footBytes,
  headLength,
  headStartBytes,
  longestRecord,
  prefixBytes,
  type RecordedFrame,
} from './record.ts'

/** A file is read in pieces of this size. */
const pieceBytes = 256 * 1024

export class SegmentFile {
  readonly #file: FileHandle
  /** Where the next byte goes: all before it is whole. */
  #end = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Fails when there is such a file already. */
  static async create(path: string, camera: CameraId): Promise<SegmentFile> {
    const file = await open(path, 'wx')
    const made = new SegmentFile(file)
    try {
      await made.#write([encodeHead(camera)])
      return made
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get bytes(): number {
    return this.#end
  }

  append(frames: readonly RecordedFrame[]): Promise<void> {
    return this.#write(frames.flatMap((frame) => [encodeFramePrefix(frame), frame.bytes]))
  }

  /** `isKept`: an alert keeps it, so that it must survive a power cut too. */
  async end(foot: Foot, isKept: boolean): Promise<void> {
    try {
      await this.#write([encodeFoot(foot)])
      if (isKept) await this.#file.datasync()
    } finally {
      await this.#file.close()
    }
  }

  sync(): Promise<void> {
    return this.#file.datasync()
  }

  /** After a failed write: what is whole stays, without a foot where there is no room for one. */
  async abandon(): Promise<void> {
    await this.#file.truncate(this.#end).catch(() => {})
    await this.#file.close().catch(() => {})
  }

  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
    const { bytesWritten } = await this.#file.writev(pieces as Uint8Array[], this.#end)
    if (bytesWritten < length) {
      const rest = Buffer.concat(pieces).subarray(bytesWritten)
      for (let done = 0; done < rest.length; ) {
        const more = await this.#file.write(rest, done, rest.length - done, this.#end + bytesWritten + done)
        // A disk that takes nothing and says nothing.
        if (more.bytesWritten === 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
        done += more.bytesWritten
      }
    }
    this.#end += length
  }
}

/** Frames of a file from an offset on, one after the other; ends where nothing whole follows. */
export class SegmentReader {
  readonly #file: FileHandle
  #buffer: Buffer = Buffer.alloc(0)
  /** Of the buffer's first byte. */
  #from: number
  #at = 0

  private constructor(file: FileHandle, from: number) {
    this.#file = file
    this.#from = from
  }

  /** Null when it is no file of ours. `from` null: the first frame. */
  static async open(
    path: string,
    from: number | null = null,
  ): Promise<{ reader: SegmentReader; camera: CameraId } | null> {
    const file = await open(path, 'r')
    try {
      const camera = await readHead(file)
      if (camera !== null)
        return { reader: new SegmentReader(file, from ?? camera.length), camera: camera.camera }
    } catch (error) {
      await file.close()
      throw error
    }
    await file.close()
    return null
  }

  /** Where the next frame begins. */
  get offset(): number {
    return this.#from + this.#at
  }

  async next(): Promise<RecordedFrame | null> {
    for (let wanted = prefixBytes; ; ) {
      const decoded = decodeRecord(this.#buffer, this.#at)
      if (decoded.is === 'frame') {
        this.#at += decoded.length
        return decoded.frame
      }
      if (decoded.is !== 'more') return null
      wanted = Math.max(wanted, decoded.length)
      if (!(await this.#fill(wanted))) return null
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  /** A fresh buffer each time: frames that were handed out are parts of the one before. */
  async #fill(wanted: number): Promise<boolean> {
    const left = this.#buffer.subarray(this.#at)
    const buffer = Buffer.alloc(Math.max(pieceBytes, Math.min(wanted, longestRecord + prefixBytes)))
    left.copy(buffer)
    const from = this.offset
    const { bytesRead } = await this.#file.read(
      buffer,
      left.length,
      buffer.length - left.length,
      from + left.length,
    )
    this.#buffer = buffer.subarray(0, left.length + bytesRead)
    this.#from = from
    this.#at = 0
    return bytesRead > 0
  }
}

async function readHead(file: FileHandle): Promise<{ camera: CameraId; length: number } | null> {
  const start = Buffer.alloc(headStartBytes)
  await file.read(start, 0, start.length, 0)
  const length = headLength(start)
  if (length === null) return null
  const head = Buffer.alloc(length)
  const { bytesRead } = await file.read(head, 0, length, 0)
  const camera = bytesRead === length ? decodeHead(head) : null
  return camera === null ? null : { camera, length }
}

export interface Found extends Foot {
  readonly camera: CameraId
  readonly codec: string
  readonly bytes: number
}

/**
 * What is in a file. One without a foot was being written when the app was killed: it is read to its last whole frame, the rest is cut
 * off and it gets its foot. `torn`: nothing of it can be used; `foreign`: it is no file of ours.
 */
export async function recover(path: string): Promise<Found | 'torn' | 'foreign'> {
  const { size } = await stat(path)
  const opened = await SegmentReader.open(path)
  if (opened === null) return (await isTornHead(path, size)) ? 'torn' : 'foreign'
  const { reader, camera } = opened
  try {
    const first = await reader.next()
    if (first === null) return 'torn'
    const codec = first.video?.codec ?? 'jpeg'
    const foot = await readFoot(path, size)
    if (foot !== null) return { ...foot, camera, codec, bytes: size }
    let { frames, firstAt, lastAt } = { frames: 1, firstAt: first.receivedAt, lastAt: first.receivedAt }
    for (let frame = await reader.next(); frame !== null; frame = await reader.next()) {
      frames++
      firstAt = Math.min(firstAt, frame.receivedAt)
      lastAt = Math.max(lastAt, frame.receivedAt)
    }
    const end = reader.offset
    await truncate(path, end)
    await addFoot(path, end, { frames, firstAt, lastAt })
    return { frames, firstAt, lastAt, camera, codec, bytes: end + footBytes }
  } finally {
    await reader.close()
  }
}

/** A file whose head is not whole: killed before it was written. */
async function isTornHead(path: string, size: number): Promise<boolean> {
  if (size >= 512) return false
  const file = await open(path, 'r')
  try {
    const bytes = Buffer.alloc(size)
    await file.read(bytes, 0, size, 0)
    const length = headLength(bytes)
    return length === null ? size < headStartBytes && isPrefix(bytes) : size < length
  } finally {
    await file.close()
  }
}

function isPrefix(bytes: Buffer): boolean {
  return Buffer.from('WFRC').subarray(0, bytes.length).equals(bytes.subarray(0, 4))
}

async function readFoot(path: string, size: number): Promise<Foot | null> {
  const file = await open(path, 'r')
  try {
    const bytes = Buffer.alloc(footBytes)
    await file.read(bytes, 0, footBytes, Math.max(0, size - footBytes))
    return decodeFoot(bytes)
  } finally {
    await file.close()
  }
}

async function addFoot(path: string, end: number, foot: Foot): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const bytes = encodeFoot(foot)
    await file.write(bytes, 0, bytes.length, end)
  } finally {
    await file.close()
  }
}
