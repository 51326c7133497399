/** A recording as files: the pictures or the video just as the camera sent them, and beside them when each one came. */

import { plain } from '../../paint/page-surface.ts'
import type { Film } from '../../paint/playback-film.ts'
import { saveFile } from '../../ui/save-file.ts'
import { snapshotName } from '../cameras/snapshot.ts'

/** JPEGs one after the other (`.mjpeg`), or H.264 in Annex B form (`.h264`): players and ffmpeg read both. Answers the name. */
export function saveRecording(film: Film, camera: string, zone: string): string | null {
  const [first] = film.frames
  if (first === undefined) return null
  // One file is of one kind: of a camera that changed in between, that of the beginning.
  const kind = first.video?.codec
  const frames = film.frames.filter(({ video }) => video?.codec === kind)
  const name = snapshotName(camera, first.at, zone, kind === undefined ? 'mjpeg' : 'h264')
  const mime = kind === undefined ? 'video/x-motion-jpeg' : 'video/h264'
  saveFile(
    name,
    frames.map(({ bytes }) => plain(bytes)),
    mime,
  )
  saveFile(`${name}.json`, [timesOf(film, camera, kind)], 'application/json')
  return name
}

/** Which byte of the file each picture begins at, and its time. */
export function timesOf(film: Film, camera: string, kind: string | undefined): string {
  let offset = 0
  const frames = film.frames
    .filter(({ video }) => video?.codec === kind)
    .map(({ at, bytes, video, widthPx, heightPx }) => {
      const entry = {
        at: new Date(at).toISOString(),
        offset,
        bytes: bytes.length,
        isKey: video?.isKey ?? true,
        widthPx,
        heightPx,
      }
      offset += bytes.length
      return entry
    })
  return `${JSON.stringify({ camera, codec: kind ?? 'jpeg', frames }, null, 1)}\n`
}
