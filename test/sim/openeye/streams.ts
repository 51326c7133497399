/** The MJPEG streams of the simulated server: parts without a length, at most so many a second, one picture for all who look. */
import type { ServerResponse } from 'node:http'
import type { RunningCamera } from './building.ts'
import type { Faults } from './options.ts'

const partHead = Buffer.from('--frame\r\nContent-Type: image/jpeg\r\n\r\n')
const partEnd = Buffer.from('\r\n')

interface Viewer {
  readonly response: ServerResponse
  frames: number
  /** Passed over, because the one before was not out yet. */
  skipped: number
}

export interface StreamCount {
  readonly camera: string
  readonly frames: number
  readonly skipped: number
}

export class Streams {
  readonly #viewers = new Map<RunningCamera, Set<Viewer>>()
  readonly #periodMs: number
  readonly #faults: Faults
  #timer: NodeJS.Timeout | undefined
  #nextAt = 0

  constructor(framesPerSecond: number, faults: Faults) {
    this.#periodMs = 1000 / framesPerSecond
    this.#faults = faults
  }

  open(camera: RunningCamera, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
    response.flushHeaders()
    const viewers = this.#viewers.get(camera) ?? new Set()
    this.#viewers.set(camera, viewers)
    const viewer = { response, frames: 0, skipped: 0 }
    viewers.add(viewer)
    response.on('close', () => {
      viewers.delete(viewer)
      if (viewers.size === 0) this.#viewers.delete(camera)
    })
    this.#wait()
  }

  counts(): StreamCount[] {
    return [...this.#viewers].flatMap(([camera, viewers]) =>
      [...viewers].map(({ frames, skipped }) => ({ camera: camera.name, frames, skipped })),
    )
  }

  /** The camera was switched off: its generator ends, and so do the responses. */
  end(name: string): void {
    for (const [camera, viewers] of this.#viewers)
      if (camera.name === name) for (const { response } of viewers) response.end()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const viewers of this.#viewers.values()) for (const { response } of viewers) response.destroy()
  }

  #wait(): void {
    if (this.#timer !== undefined) return
    const now = performance.now()
    // On a fixed beat, so that late timers do not add up; a beat missed by far is not caught up.
    this.#nextAt = Math.max(this.#nextAt + this.#periodMs, now)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#beat()
      if (this.#viewers.size > 0) this.#wait()
    }, this.#nextAt - now)
  }

  #beat(): void {
    if (this.#faults.stalledStreams) return
    const now = Date.now()
    for (const [camera, viewers] of this.#viewers) {
      const ready = [...viewers].filter((viewer) => {
        if (!viewer.response.writableNeedDrain) return true
        viewer.skipped += 1
        return false
      })
      if (ready.length === 0) continue
      const part = Buffer.concat([partHead, camera.picture(now), partEnd])
      for (const viewer of ready) {
        viewer.response.write(part)
        viewer.frames += 1
      }
    }
  }
}
