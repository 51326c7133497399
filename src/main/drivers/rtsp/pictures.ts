/** Packets of a track into pictures a screen can decode: H.264 as it comes, H.265 through ffmpeg where there is one. */
import { Fault } from '../../../contract/fault.ts'
import { AnnexBSplitter } from '../../io/annex-b.ts'
import { findFfmpeg, startTranscoder, type Transcoder } from '../../io/transcoder.ts'
import { type AccessUnit, Assembler } from './assembler.ts'
import { h264, typeOf } from './h264.ts'
import { h265 } from './h265.ts'
import type { RtpPacket } from './rtp.ts'
import type { Track } from './sdp.ts'
import { type PictureFormat, readSps } from './sps.ts'

export interface VideoFrame {
  readonly bytes: Buffer
  readonly isKey: boolean
  readonly format: PictureFormat
  /** Of the RTP clock. */
  readonly timestamp: number
  readonly receivedAt: number
}

export interface Pictures {
  push(packet: RtpPacket, receivedAt: number): void
  readonly counts: Readonly<Assembler['counts']>
  readonly isWaitingForKey: boolean
  close(): void
}

export interface PicturesDoors {
  readonly frame: (frame: VideoFrame) => void
  readonly failed: (fault: Fault) => void
}

const spsType = 7
const startCode = Buffer.from([0, 0, 0, 1])
/** Pictures on their way through ffmpeg. */
const mostUnderWay = 256

/** Why a track of this codec cannot be shown; null: it can. */
export function codecTrouble(codec: string, ffmpeg = findFfmpeg()): Fault | null {
  if (codec === 'H264' || (codec === 'H265' && ffmpeg !== null)) return null
  if (codec === 'H265')
    return new Fault(
      'link-down',
      'this stream is H.265: set the camera, or its second stream, to H.264, or install ffmpeg on this machine',
    )
  return new Fault('link-down', `this stream is ${codec}: set the camera, or its second stream, to H.264`)
}

/** Throws a Fault for a codec that cannot be shown. */
export function picturesOf(track: Track, doors: PicturesDoors): Pictures {
  const ffmpeg = track.codec === 'H265' ? findFfmpeg() : null
  const trouble = codecTrouble(track.codec, ffmpeg)
  if (trouble !== null) throw trouble
  return ffmpeg === null ? new PlainPictures(track, doors) : new ConvertedPictures(track, doors, ffmpeg)
}

class PlainPictures implements Pictures {
  readonly #assembler: Assembler
  readonly #doors: PicturesDoors
  #format: PictureFormat | null = null

  constructor(track: Track, doors: PicturesDoors) {
    this.#assembler = new Assembler(h264, track.payloadType, track.sets)
    this.#doors = doors
  }

  get counts() {
    return this.#assembler.counts
  }

  get isWaitingForKey(): boolean {
    return this.#assembler.isWaitingForKey
  }

  push(packet: RtpPacket, receivedAt: number): void {
    for (const unit of this.#assembler.push(packet, receivedAt)) this.#tell(unit)
  }

  #tell({ bytes, isKey, timestamp, receivedAt }: AccessUnit): void {
    if (isKey) {
      const sps = this.#assembler.sets.find((set) => typeOf(set) === spsType)
      this.#format = sps === undefined ? null : readSps(sps)
    }
    // Without a readable parameter set nobody can decode what follows.
    if (this.#format !== null)
      this.#doors.frame({ bytes, isKey, format: this.#format, timestamp, receivedAt })
  }

  close(): void {}
}

class ConvertedPictures implements Pictures {
  readonly #assembler: Assembler
  readonly #splitter = new AnnexBSplitter()
  readonly #transcoder: Transcoder
  readonly #doors: PicturesDoors
  readonly #underWay: AccessUnit[] = []
  #format: PictureFormat | null = null

  constructor(track: Track, doors: PicturesDoors, ffmpeg: string) {
    this.#assembler = new Assembler(h265, track.payloadType, track.sets)
    this.#doors = doors
    this.#transcoder = startTranscoder(ffmpeg, {
      bytes: (chunk) => {
        for (const units of this.#splitter.push(chunk)) this.#tell(units)
      },
      ended: (reason) => doors.failed(new Fault('link-down', reason)),
    })
  }

  get counts() {
    return this.#assembler.counts
  }

  get isWaitingForKey(): boolean {
    return this.#assembler.isWaitingForKey
  }

  push(packet: RtpPacket, receivedAt: number): void {
    for (const unit of this.#assembler.push(packet, receivedAt)) {
      this.#underWay.push(unit)
      if (this.#underWay.length > mostUnderWay) this.#underWay.shift()
      this.#transcoder.write(unit.bytes)
    }
  }

  /** Pictures come out in the order they went in, one for one. */
  #tell(units: readonly Buffer[]): void {
    const from = this.#underWay.shift()
    const sps = units.find((unit) => typeOf(unit) === spsType)
    if (sps !== undefined) this.#format = readSps(sps)
    if (this.#format === null || from === undefined) return
    const isKey = units.some((unit) => h264.role(unit) === 'key')
    const bytes = Buffer.concat(units.flatMap((unit) => [startCode, unit]))
    const { timestamp, receivedAt } = from
    this.#doors.frame({ bytes, isKey, format: this.#format, timestamp, receivedAt })
  }

  close(): void {
    this.#transcoder.close()
  }
}
