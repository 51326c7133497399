/**
 * One camera in a small window above all others, while the operator works elsewhere. It has its own stream, so it outlives the view it
 * was opened from, and says in words when its picture is not live: a frozen one must not look live here either.
 */
import type { CameraId } from '../../../contract/cameras.ts'
import { Cell } from '../../data/cell.ts'
import type { Client } from '../../data/client.ts'
import { appNow } from '../../data/now.ts'
import { freshnessOf } from '../../paint/freshness.ts'
import { surfaceOn } from '../../paint/surface.ts'
import { canFeedVideo } from '../../paint/video-surface.ts'
import { openPainter } from './use-painter.ts'

interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>
}

declare global {
  interface Window {
    /** Chromium; not in every build of it. */
    readonly documentPictureInPicture?: DocumentPictureInPicture
  }
}

export interface PipWords {
  readonly name: string
  readonly opening: string
  readonly late: string
  /** With the reason, where there is one. */
  lost(trouble: string): string
}

export type PipState =
  | { readonly is: 'none' }
  | { readonly is: 'open'; readonly camera: CameraId }
  | { readonly is: 'failed'; readonly camera: CameraId }

export const pipState = new Cell<PipState>({ is: 'none' })

export function canPip(): boolean {
  return window.documentPictureInPicture !== undefined || (document.pictureInPictureEnabled && canFeedVideo())
}

const size = { width: 480, height: 400 }
const judgeEveryMs = 500
/** A press counts for five seconds in Chromium; the first frame must be here before. */
const firstFrameMs = 4000

let closeNow: () => void = () => {}

/** Must be called from a press. */
export async function openPip(client: Client, camera: CameraId, words: PipWords): Promise<void> {
  closeNow()
  try {
    closeNow = await open(client, camera, words)
    pipState.set({ is: 'open', camera })
  } catch {
    pipState.set({ is: 'failed', camera })
  }
}

export function closePip(): void {
  closeNow()
}

async function open(client: Client, camera: CameraId, words: PipWords): Promise<() => void> {
  const small = await window.documentPictureInPicture?.requestWindow(size)
  // Made here and moved: what decodes asks for this page's own classes.
  const picture = document.createElement(canFeedVideo() ? 'video' : 'canvas')
  if (picture instanceof HTMLVideoElement) picture.muted = true
  const note = document.createElement('p')
  const page = surfaceOn(picture)
  const painter = openPainter(client, camera, page)
  const close = () => {
    closeNow = () => {}
    clearInterval(judging)
    painter.stop()
    page.close()
    picture.remove()
    small?.close()
    if (pipState.get().is === 'open') pipState.set({ is: 'none' })
  }
  const judge = () => {
    const standing = painter.standing.get()
    const freshness = freshnessOf(standing, appNow())
    picture.style.filter = freshness === 'live' ? '' : 'grayscale(1) brightness(0.35)'
    note.textContent =
      freshness === 'live'
        ? ''
        : freshness === 'opening'
          ? words.opening
          : freshness === 'late'
            ? words.late
            : words.lost(standing.trouble)
    note.hidden = freshness === 'live'
    // Nothing can be written over a bare video in its own window: rather none than one that looks live.
    if (small === undefined && freshness === 'lost') close()
  }
  const judging = setInterval(judge, judgeEveryMs)
  painter.start()
  if (small === undefined) await bareVideo(picture, close)
  else furnish(small, picture, note, words, close)
  judge()
  return close
}

function furnish(
  small: Window,
  picture: HTMLElement,
  note: HTMLElement,
  words: PipWords,
  close: () => void,
): void {
  const { body } = small.document
  small.document.title = words.name
  const title = document.createElement('strong')
  title.textContent = words.name
  Object.assign(body.style, {
    margin: '0',
    display: 'flex',
    flexDirection: 'column',
    height: '100vh',
    background: '#0c0e10',
    color: '#d9dee3',
    font: '13px/1.4 system-ui, sans-serif',
  })
  Object.assign(title.style, { padding: '2px 8px', background: '#1b1f23' })
  Object.assign(picture.style, { flex: '1', minHeight: '0', width: '100%', objectFit: 'contain' })
  Object.assign(note.style, {
    position: 'absolute',
    left: '8px',
    right: '8px',
    top: '45%',
    margin: '0',
    textAlign: 'center',
  })
  note.setAttribute('role', 'status')
  body.append(title, picture, note)
  if (picture instanceof HTMLVideoElement) void picture.play().catch(() => {}) // moving it between documents paused it
  small.addEventListener('pagehide', close, { once: true })
}

async function bareVideo(picture: HTMLElement, close: () => void): Promise<void> {
  if (!(picture instanceof HTMLVideoElement)) throw new Error('this browser has no picture in picture')
  Object.assign(picture.style, {
    position: 'fixed',
    width: '1px',
    height: '1px',
    opacity: '0',
    pointerEvents: 'none',
  })
  document.body.append(picture)
  try {
    await firstFrame(picture)
    await picture.requestPictureInPicture()
  } catch (error) {
    close()
    throw error
  }
  picture.addEventListener('leavepictureinpicture', close, { once: true })
}

function firstFrame(video: HTMLVideoElement): Promise<void> {
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no picture in time')), firstFrameMs)
    video.addEventListener(
      'loadedmetadata',
      () => {
        clearTimeout(late)
        resolve()
      },
      { once: true },
    )
  })
}
