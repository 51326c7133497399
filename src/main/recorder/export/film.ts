/** What an export is of: found on the disk, counted, timed, and said in words, before anything goes out. */
import type { Alert, AlertId } from '../../../contract/alerts.ts'
import type { Camera, CameraId } from '../../../contract/cameras.ts'
import { Fault } from '../../../contract/fault.ts'
import type { Clock } from '../../io/clock.ts'
import type { Log } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import type { Ring } from '../ring.ts'
import type { Segment } from '../shelf.ts'
import { type FilmIndex, indexFilm, segmentsOf } from './film-index.ts'
import { fileName, localTime } from './local-time.ts'
import type { ManifestFacts } from './manifest.ts'
import { movieHead } from './movie-head.ts'
import { type Gap, gapsOf, timingOf } from './timing.ts'

export interface ExportWish {
  readonly camera: CameraId
  readonly fromAt: number
  readonly toAt: number
  readonly alert: AlertId | null
}

export interface ExportParts {
  readonly ring: Pick<Ring, 'shelf' | 'flush'>
  readonly store: Pick<Store, 'get' | 'addTimeline'>
  readonly clock: Clock
  readonly log: Log
  readonly version: string
  readonly settings: () => { readonly siteName: string; readonly timeZone: string }
  readonly cameraRow: (id: CameraId) => Camera | undefined
  readonly cameraOf: (alert: AlertId) => Promise<CameraId | null>
}

/** What a film is made from. */
export type FilmParts = ExportParts & { readonly wish: ExportWish; readonly alert: Alert | null }

export interface Film {
  /** Of its file. */
  readonly name: string
  readonly index: FilmIndex
  /** All of the file before the pictures. */
  readonly head: Buffer
  readonly bytes: number
  readonly gaps: readonly Gap[]
  readonly setBacks: number
  /** Camera and time, for the timeline. */
  readonly words: string
}

/** `hold` is told what must stay on the disk until the film has gone out. Rejects with a fault that says what there is instead. */
export async function readFilm(
  parts: FilmParts,
  signal: AbortSignal,
  hold: (segments: readonly Segment[]) => void,
  onFrames: (frames: number) => void,
): Promise<Film> {
  const { ring, settings, wish } = parts
  // What came until now may still wait in memory.
  await ring.flush()
  const segments = segmentsOf(ring.shelf, wish)
  hold(segments)
  const index = await indexFilm(segments, wish, signal, onFrames)
  const [first] = index.frames
  if (first === undefined) throw nothing(parts)
  const timing = timingOf(index.frames)
  const isKey = index.frames.map((frame) => frame.isKey)
  const head = movieHead({ ...index, isKey, timing, firstAt: first.at })
  const times = index.frames.map(({ at }) => at)
  return {
    name: fileName(cameraName(parts), Math.max(first.at, wish.fromAt), settings().timeZone, 'mp4'),
    index,
    head,
    bytes: index.sizes.reduce((sum, size) => sum + size, head.length),
    gaps: gapsOf(times, wish.fromAt, wish.toAt),
    setBacks: timing.setBacks,
    words: spanWords(parts),
  }
}

/** What the paper says of it, but for its file, and who took it when. */
export function factsOf(
  parts: FilmParts,
  { index, gaps, setBacks }: Film,
): Omit<ManifestFacts, 'file' | 'by' | 'at'> {
  const { version, settings, cameraRow, wish, alert } = parts
  const { camera, fromAt, toAt } = wish
  const { codec, widthPx, heightPx, frames } = index
  const [firstAt, lastAt] = [frames[0]?.at ?? 0, frames.at(-1)?.at ?? 0]
  return {
    site: settings().siteName,
    zone: settings().timeZone,
    version,
    gaps,
    camera: { id: camera, name: cameraName(parts), place: cameraRow(camera)?.location ?? null },
    alert,
    asked: { fromAt, toAt },
    video: { codec, widthPx, heightPx, frames: frames.length, firstAt, lastAt, setBacks },
  }
}

function nothing(parts: FilmParts): Fault {
  const { ring, settings, wish } = parts
  const all = ring.shelf.of(wish.camera).filter(({ frames }) => frames > 0)
  const time = (at: number) => localTime(at, settings().timeZone).slice(0, 19).replace('T', ' ')
  const [first, last] = [all[0], all.at(-1)]
  const tip =
    first === undefined || last === undefined
      ? 'Nothing of this camera is recorded. Switch recording on in its plan.'
      : `Its recordings are between ${time(first.firstAt)} and ${time(last.lastAt)}.`
  return new Fault('not-found', `Nothing of ${cameraName(parts)} was recorded in that time`, tip)
}

function cameraName({ cameraRow, wish, alert }: FilmParts): string {
  return cameraRow(wish.camera)?.name ?? alert?.deviceName ?? wish.camera
}

function spanWords(parts: FilmParts): string {
  const zone = parts.settings().timeZone
  const [day = '', from = ''] = localTime(parts.wish.fromAt, zone).split('T')
  const [, to = ''] = localTime(parts.wish.toAt, zone).split('T')
  return `${cameraName(parts)}: video of ${day} ${from.slice(0, 8)}–${to.slice(0, 8)}`
}
