/** A recording on a canvas: fetched once, played here; what is still being recorded is fetched as it comes. */
import { type RefObject, useEffect, useState } from 'react'
import type { AlertRecording } from '../../../contract/recordings.ts'
import { type Client, useClient } from '../../data/client.ts'
import { Playback, type Ticks } from '../../paint/playback.ts'
import { FilmDecoder, type FilmPicture } from '../../paint/playback-decoder.ts'
import { Film } from '../../paint/playback-film.ts'

/** At the speed of the disk: a few frames are always on their way. */
const framesAhead = 4

const ticks: Ticks = {
  now: () => performance.now(),
  next(call) {
    const asked = requestAnimationFrame(call)
    return () => cancelAnimationFrame(asked)
  },
}

export interface Opened {
  readonly film: Film
  readonly playback: Playback
}

function draw(canvas: HTMLCanvasElement, picture: FilmPicture): void {
  const width = 'displayWidth' in picture ? picture.displayWidth : picture.width
  const height = 'displayHeight' in picture ? picture.displayHeight : picture.height
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.getContext('2d')?.drawImage(picture, 0, 0)
  picture.close()
}

/** Calls with each frame, then once that all are there. Returns its undo. */
function fetchFilm(
  client: Client,
  wish: { camera: NonNullable<AlertRecording['camera']>; fromAt: number; toAt: number },
  film: Film,
  on: { frame(): void; end(): void },
): () => void {
  let isOver = false
  const stop = client.feed(
    'recordings.play',
    wish,
    (header, bytes) => {
      if (isOver) return
      if (!header.isLast) {
        const { at, video, widthPx, heightPx } = header
        if (film.add({ at, video, widthPx, heightPx, bytes })) on.frame()
        if (!film.isFull) return
      }
      isOver = true
      queueMicrotask(() => stop())
      on.end()
    },
    () => on.end(),
    { ahead: framesAhead },
  )
  return () => {
    isOver = true
    stop()
  }
}

/** Null until the canvas stands. */
export function usePlayback(
  canvas: RefObject<HTMLCanvasElement | null>,
  recording: AlertRecording,
): Opened | null {
  const client = useClient()
  const [opened, setOpened] = useState<Opened | null>(null)
  const { camera, at, fromAt, toAt } = recording
  useEffect(() => {
    const surface = canvas.current
    if (surface === null || camera === null) return
    const film = new Film()
    const decoder = new FilmDecoder(film, {
      picture(picture, index) {
        draw(surface, picture)
        playback.shown(index)
      },
      failed: (_, isUnsupported) => playback.failed(isUnsupported),
    })
    const playback = new Playback(film, decoder, ticks, at)
    setOpened({ film, playback })
    return () => {
      playback.close()
      decoder.close()
      setOpened(null)
    }
  }, [canvas, camera, at])

  const endAt = recording.spans.at(-1)?.toAt ?? 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: a later end is the reason to fetch more
  useEffect(() => {
    if (opened === null || camera === null) return
    const { film, playback } = opened
    playback.isComplete = false
    return fetchFilm(client, { camera, fromAt: film.lastAt ?? fromAt, toAt }, film, {
      frame: () => playback.grown(),
      end() {
        playback.isComplete = true
        playback.grown()
      },
    })
  }, [client, opened, camera, fromAt, toAt, endAt])
  return opened
}
