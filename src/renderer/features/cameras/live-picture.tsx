/** The element a camera's frames appear in: one for all of a page's life, whichever this browser does best. */
import { type RefObject, useCallback } from 'react'
import type { Zoom } from '../../paint/geometry.ts'
import { canFeedVideo } from '../../paint/video-surface.ts'
import styles from './tile.module.css'

interface Props {
  readonly surface: RefObject<HTMLVideoElement | HTMLCanvasElement | null>
  readonly zoom: Zoom
  /** Picture and boxes in one: `paint/overlay.ts`. */
  readonly hasOverlay: boolean
}

export function LivePicture({ surface, zoom, hasOverlay }: Props) {
  const look = {
    className: styles.picture,
    style: { transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` },
    'data-live-picture': true,
  }
  const place = useCallback(
    (element: HTMLVideoElement | HTMLCanvasElement | null) => {
      surface.current = element
    },
    [surface],
  )
  // A canvas is for one kind of painting all its life, so each has its own.
  if (hasOverlay) return <canvas key="overlay" ref={place} {...look} width={640} height={480} data-overlay />
  if (!canFeedVideo()) return <canvas ref={place} {...look} width={640} height={480} />
  return <video ref={place} {...look} muted playsInline disablePictureInPicture tabIndex={-1} aria-hidden />
}
