/** A webcam of this machine while it is on: its frames go to a worker, which makes a JPEG of one whenever one is wanted. */
import { ownWorker } from '../../trusted-worker.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import workerUrl from './worker.ts?worker&url'

interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>
}

declare global {
  interface Window {
    /** Chromium has it on the page; elsewhere frames are taken from a video element. */
    readonly MediaStreamTrackProcessor?: new (init: {
      track: MediaStreamTrack
    }) => TrackProcessor
  }
}

export interface WebcamPicture {
  readonly bytes: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
  readonly at: number
}

export interface EyeDoors {
  picture(picture: WebcamPicture): void
  /** Unplugged, or taken away by the system. */
  ended(): void
}

export class Eye {
  readonly label: string
  readonly widthPx: number
  readonly heightPx: number
  readonly #stream: MediaStream
  readonly #worker: Worker
  readonly #video: HTMLVideoElement | null
  #wanted = 0
  #isClosed = false

  constructor(stream: MediaStream, doors: EyeDoors) {
    const [track] = stream.getVideoTracks()
    if (track === undefined) throw new Error('a webcam without a picture')
    const { width = 0, height = 0 } = track.getSettings()
    this.label = track.label
    this.widthPx = width
    this.heightPx = height
    this.#stream = stream
    this.#worker = ownWorker(workerUrl, 'webcam')
    track.addEventListener('ended', () => {
      if (!this.#isClosed) doors.ended()
    })
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (this.#isClosed) return
      if (data.is === 'ended') return doors.ended()
      const { bytes, widthPx, heightPx, at } = data
      doors.picture({ bytes: new Uint8Array(bytes), widthPx, heightPx, at })
    })
    const Processor = window.MediaStreamTrackProcessor
    if (Processor === undefined) {
      this.#video = this.#play()
    } else {
      this.#video = null
      const { readable } = new Processor({ track })
      this.#say({ is: 'frames', frames: readable }, [readable])
    }
  }

  /** So many pictures more. */
  want(pictures: number): void {
    if (this.#video === null) this.#say({ is: 'want', pictures })
    else this.#wanted += pictures
  }

  close(): void {
    this.#isClosed = true
    for (const track of this.#stream.getTracks()) track.stop()
    this.#worker.terminate()
    if (this.#video !== null) this.#video.srcObject = null
  }

  #say(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #play(): HTMLVideoElement {
    const video = document.createElement('video')
    video.muted = true
    video.playsInline = true
    video.srcObject = this.#stream
    video.play().catch(() => {}) // refused only when it was closed meanwhile
    const next = () => {
      if (this.#isClosed) return
      video.requestVideoFrameCallback(next)
      if (this.#wanted === 0) return
      this.#wanted -= 1
      void createImageBitmap(video).then(
        (frame) => this.#say({ is: 'frame', frame }, [frame]),
        () => {
          this.#wanted += 1
        },
      )
    }
    video.requestVideoFrameCallback(next)
    return video
  }
}
