/** The cameras one socket watches: newest frames only, one camera after the other, as fast as the socket takes them. */
import type { CameraId } from '../../../../contract/cameras.ts'
import type { Peer } from '../../../io/peer.ts'
import type { FrameSlot } from '../../../link.ts'
import { wireLimits } from './limits.ts'
import { time, wireId } from './site-words.ts'

interface Watched {
  readonly slot: FrameSlot
  readonly leave: () => void
  /** A frame of it is on its way into the socket. */
  isLeaving: boolean
}

export interface VideoDoors {
  frames(camera: CameraId, wake: () => void): FrameSlot
  /** Somebody watches now; returns its undo. */
  watch(camera: CameraId): () => void
  sent(sizeBytes: number): void
}

type Frame = NonNullable<ReturnType<FrameSlot['take']>>

/** Length of the header (u32, big endian), the header as JSON, the picture. */
export function videoMessage(camera: CameraId, { header, bytes }: Frame): Buffer {
  const words = Buffer.from(
    JSON.stringify({
      type: 'video_frame',
      camera_id: wireId(camera),
      timestamp: time(header.receivedAt),
      width: header.widthPx,
      height: header.heightPx,
      frame: header.frame,
      ...(header.trouble === '' ? {} : { trouble: header.trouble }),
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(words.length)
  return Buffer.concat([length, words, bytes])
}

export class Video {
  readonly #peer: Peer
  readonly #doors: VideoDoors
  readonly #watched = new Map<CameraId, Watched>()

  constructor(peer: Peer, doors: VideoDoors) {
    this.#peer = peer
    this.#doors = doors
  }

  /** From now on exactly these. */
  set(cameras: ReadonlySet<CameraId>): void {
    for (const [camera, watched] of this.#watched) if (!cameras.has(camera)) this.#drop(camera, watched)
    for (const camera of cameras) if (!this.#watched.has(camera)) this.#add(camera)
  }

  #add(camera: CameraId): void {
    const slot = this.#doors.frames(camera, () => this.#next(camera))
    this.#watched.set(camera, { slot, leave: this.#doors.watch(camera), isLeaving: false })
    this.#next(camera)
  }

  #next(camera: CameraId): void {
    const watched = this.#watched.get(camera)
    if (watched === undefined || watched.isLeaving) return
    // Whatever leaves this socket next asks again.
    if (this.#peer.bufferedBytes >= wireLimits.videoBytes) return
    const frame = watched.slot.take()
    if (frame === null) return
    const message = videoMessage(camera, frame)
    watched.isLeaving = true
    const isSent = this.#peer.sendBinary(message, () => {
      watched.isLeaving = false
      for (const one of this.#watched.keys()) this.#next(one)
    })
    if (isSent) this.#doors.sent(message.length)
  }

  #drop(camera: CameraId, { slot, leave }: Watched): void {
    this.#watched.delete(camera)
    slot.close()
    leave()
  }

  close(): void {
    this.set(new Set())
  }
}
