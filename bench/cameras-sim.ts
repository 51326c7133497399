/** Simulated RTSP cameras in a process of their own: their work must not be taken for the app's. They say when each frame went out. */
import { startRtsp } from '../test/sim/rtsp/server.ts'

export interface CamerasReady {
  readonly urls: readonly string[]
}

/** The number painted into a frame, and when its first byte was written; epoch ms. */
export type Sent = readonly (readonly [number: number, at: number])[]

/** Of one camera: its last frames, a minute and more. */
const kept = 4000
const [cameras = 1, framesPerSecond = 30] = process.argv.slice(2).map(Number)
const sent: [number, number][][] = Array.from({ length: cameras }, () => [])
const sims = await Promise.all(
  sent.map((frames) =>
    startRtsp({
      framesPerSecond,
      sent(number, at) {
        frames.push([number, at])
        if (frames.length > 2 * kept) frames.splice(0, kept)
      },
    }),
  ),
)
const ready: CamerasReady = { urls: sims.map(({ url }) => url) }
process.send?.(ready)
/** Asked for a camera by its place in the list. */
process.on('message', (camera: number) => process.send?.(sent[camera] ?? []))
