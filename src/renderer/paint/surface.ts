/**
 * Where a camera's frames appear: a video element fed frame by frame where the browser can do that, else a canvas. Both decode off
 * the main thread and present without layout; a video also skips the page's own painting, which is half of what a frame costs.
 */
import { canvasSurface } from './canvas-surface.ts'
import type { PageSurface } from './page-surface.ts'
import { videoSurface } from './video-surface.ts'

export type Picture = ImageBitmap | VideoFrame

export function surfaceOn(element: HTMLVideoElement | HTMLCanvasElement): PageSurface<Picture> {
  return element instanceof HTMLVideoElement ? videoSurface(element) : canvasSurface(element)
}
