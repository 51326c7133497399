/** What the three kinds of camera links have in common: each brings one camera, `<link>/main`. */
import { type Camera, CameraId } from '../../../contract/cameras.ts'
import { Fault } from '../../../contract/fault.ts'
import type { LinkProfile } from '../../../contract/links.ts'
import type { Picture } from '../../fact.ts'
import type { Clock } from '../../io/clock.ts'
import { readPicture } from '../../io/picture.ts'
import type { Delivery } from '../../order.ts'

export type CameraProfile = Extract<LinkProfile, { driver: 'mjpeg-camera' | 'webcam' | 'still-camera' }>
export type MjpegProfile = Extract<LinkProfile, { driver: 'mjpeg-camera' }>
export type WebcamProfile = Extract<LinkProfile, { driver: 'webcam' }>
export type StillProfile = Extract<LinkProfile, { driver: 'still-camera' }>

const own = 'main'

export function mainCamera(profile: CameraProfile): CameraId {
  return CameraId.parse(`${profile.id}/${own}`)
}

export function cameraRow(
  profile: CameraProfile,
  kind: string,
  now: Pick<Camera, 'isRunning' | 'fps' | 'lastFrameAt' | 'trouble' | 'heardAt' | 'budgetMs'>,
): Camera {
  return {
    id: mainCamera(profile),
    link: profile.id,
    camera: own,
    name: profile.name,
    location: profile.location.trim() === '' ? null : profile.location.trim(),
    kind,
    can: ['stream', 'snapshot'],
    isActive: null,
    isRecording: null,
    findsFaces: null,
    ...now,
  }
}

/** The newest frame as a picture to keep. */
export function pictureOf(bytes: Buffer): Picture {
  const read = readPicture(bytes)
  if (read.ok) return { evidence: read.evidence, bytes: read.bytes }
  throw new Fault(
    'wrong-state',
    `its picture cannot be kept: ${read.reason}`,
    'Lower the resolution or the quality at the camera.',
  )
}

export const noOrders: Delivery = { is: 'refused', reason: 'this camera takes no orders' }

/** Frames per second over the last ones, by their monotonic times; null before there are two. */
export class FrameRate {
  readonly #times: number[] = []

  count(now: number): void {
    this.#times.push(now)
    while (this.#times.length > 64 || now - (this.#times[0] ?? now) > 3000) this.#times.shift()
  }

  perSecond(now: number): number | null {
    const last = this.#times.at(-1)
    const first = this.#times[0]
    if (first === undefined || last === undefined || now - last > 3000 || last === first) return null
    return Math.round(((this.#times.length - 1) * 10_000) / (last - first)) / 10
  }
}

/** Who waits for the next picture. */
export class NextPicture {
  readonly #waiting = new Set<(bytes: Buffer | null) => void>()

  get isWanted(): boolean {
    return this.#waiting.size > 0
  }

  /** Null: none came in time, or none will. */
  wait(clock: Clock, withinMs: number): Promise<Buffer | null> {
    return new Promise((resolve) => {
      const settle = (bytes: Buffer | null) => {
        cancel()
        this.#waiting.delete(settle)
        resolve(bytes)
      }
      const cancel = clock.after(withinMs, () => settle(null))
      this.#waiting.add(settle)
    })
  }

  /** Null: none will come. */
  settle(bytes: Buffer | null): void {
    for (const settle of this.#waiting) settle(bytes)
  }
}
