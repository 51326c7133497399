/** A picture as a file: the frame that is shown, byte for byte where it is a JPEG, or one the camera takes now where nothing is shown. */
import type { CameraId } from '../../../contract/cameras.ts'
import { Fault } from '../../../contract/fault.ts'
import type { Client } from '../../data/client.ts'
import * as times from '../../words/times.ts'

/** `Entrance_2026-11-21T14-32-07.085+0700.jpg`: the site's own time, without the signs file systems refuse. */
export function snapshotName(camera: string, at: number, zone: string, ending = 'jpg'): string {
  const ms = String(Math.floor(at % 1000)).padStart(3, '0')
  const clock = times.clock(at, zone).replaceAll(':', '-')
  const offset = times.offset(at, zone).replaceAll(':', '')
  return `${fileSafe(camera)}_${times.date(at, zone)}T${clock}.${ms}${offset}.${ending}`
}

/** Windows is the strictest: no signs of its paths, no control characters, no dot or space at an end. */
function fileSafe(name: string): string {
  const safe = name
    .replaceAll(/[\\/:*?"<>|\u0000-\u001f\u007f]+/g, '-')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
    .slice(0, 80)
  return safe === '' ? 'camera' : safe
}

export interface TakenPicture {
  readonly bytes: Uint8Array
  readonly mime: string
  readonly at: number
}

/** Hardly to be told from what was decoded. */
const quality = 0.95

export type Drawable = HTMLVideoElement | HTMLCanvasElement | ImageBitmap | VideoFrame

function sizeOf(shown: Drawable): readonly [width: number, height: number] {
  if (shown instanceof HTMLVideoElement) return [shown.videoWidth, shown.videoHeight]
  if ('displayWidth' in shown) return [shown.displayWidth, shown.displayHeight]
  return [shown.width, shown.height]
}

/** Of video there are no bytes of a picture: what is shown becomes a JPEG. */
export async function drawPicture(shown: Drawable): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = sizeOf(shown)
  const noPicture = new Fault('wrong-state', 'No picture is shown.', 'Wait for one, then try again.')
  if (width === 0 || height === 0) throw noPicture
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d', { alpha: false })?.drawImage(shown, 0, 0)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  return new Uint8Array(await blob.arrayBuffer())
}

const takenWithinMs = 15_000

/** Asks the camera for a picture taken now. */
export function takePicture(client: Client, id: CameraId, now: () => number): Promise<TakenPicture> {
  return new Promise((resolve, reject) => {
    const finish = (done: () => void) => {
      clearTimeout(late)
      // Not before the feed has been given to us: it may answer at once.
      queueMicrotask(() => stop())
      done()
    }
    const late = setTimeout(
      () =>
        finish(() =>
          reject(new Fault('timed-out', `No picture within ${takenWithinMs / 1000} s.`, 'Try again.')),
        ),
      takenWithinMs,
    )
    const stop = client.feed(
      'cameras.snapshot',
      { id },
      (evidence, bytes) => finish(() => resolve({ bytes, mime: evidence.mime, at: now() })),
      (fault) => finish(() => reject(fault)),
    )
  })
}
