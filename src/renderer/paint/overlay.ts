/**
 * A canvas that gets a camera's picture and the boxes found in it in one go, for cameras in which faces are looked for. A box is drawn
 * solid only on the picture it was found in; on a picture nothing is known of, the newest boxes are dashed and fade.
 */
import type { FrameHeader } from '../../contract/cameras.ts'
import type { FacesNow } from '../../contract/faces.ts'
import { HeldFrames } from './held-frames.ts'
import { type PageSurface, plain } from './page-surface.ts'
import type { Clock } from './painter.ts'
import { canDecodeVideo, webDecoder } from './web-decoder.ts'

type Face = FacesNow['faces'][number]

/** What a label says beside the name. */
export interface OverlayWords {
  readonly unknown: string
  readonly mask: string
  readonly checkedIn: string
}

export interface OverlayParts {
  readonly clock: Clock
  words(): OverlayWords
  /** Whether people want to see boxes. */
  isShown(): boolean
  /** Tells each new result of this camera; returns its end. */
  listen(listener: (found: FacesNow) => void): () => void
}

const known = '#ffffff'
const unknown = '#9fd0f5'
const ground = '#0c0e10'
/** On the screen, whatever the size of the picture. */
const linePx = 2
const textPx = 12
const measureEveryMs = 500
const widestPx = 1920

export function overlaySurface(
  canvas: HTMLCanvasElement,
  parts: OverlayParts,
): PageSurface<ImageBitmap | VideoFrame> {
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('this browser cannot draw on a canvas')
  const { clock } = parts
  let newest: FacesNow | null = null
  /** Under the boxes. One of the few a decoder has to give, until the next is painted. */
  let painted: ImageBitmap | VideoFrame | null = null
  /** Pixels of the screen per pixel of the picture. */
  let ratio = 1
  let measuredAt = Number.NEGATIVE_INFINITY

  /** Asked seldom, as the answer may lay the page out. */
  function measure(now: number, across: number, down: number): void {
    if (now - measuredAt < measureEveryMs) return
    measuredAt = now
    const { width, height } = canvas.getBoundingClientRect()
    if (width > 0 && height > 0) ratio = Math.min(width / across, height / down)
  }

  const held = new HeldFrames<ImageBitmap | VideoFrame>(
    {
      paint(picture, found) {
        const [width, height] = sizeOf(picture)
        const now = clock.now()
        measure(now, width, height)
        // A small picture on a large tile: lines and words would be as coarse as its pixels.
        const times = Math.max(1, Math.min(Math.ceil(ratio), Math.floor(widestPx / width)))
        if (canvas.width !== width * times) canvas.width = width * times
        if (canvas.height !== height * times) canvas.height = height * times
        context.drawImage(picture, 0, 0, canvas.width, canvas.height)
        painted?.close()
        painted = picture
        if (!parts.isShown()) return
        const scale = times / ratio
        const from = found ?? newest
        if (from !== null)
          drawFaces(context, from, { isExact: found !== null, now, scale, words: parts.words() })
      },
      drop: (picture) => picture.close(),
    },
    clock,
  )
  const stopListening = parts.listen((found) => {
    newest = found
    if (parts.isShown()) held.result(found)
  })
  return {
    decode: (bytes) => createImageBitmap(new Blob([plain(bytes)], { type: 'image/jpeg' })),
    decoder: canDecodeVideo() ? webDecoder : null,
    show: (picture, shown, header: FrameHeader) => held.show(picture, header, shown),
    drop: (picture) => picture.close(),
    plain: () => painted,
    close() {
      stopListening()
      held.close()
      painted?.close()
      painted = null
    },
  }
}

function sizeOf(picture: ImageBitmap | VideoFrame): readonly [width: number, height: number] {
  return picture instanceof ImageBitmap
    ? [picture.width, picture.height]
    : [picture.displayWidth, picture.displayHeight]
}

interface Look {
  readonly isExact: boolean
  readonly now: number
  /** Pixels of the canvas per pixel of the screen. */
  readonly scale: number
  readonly words: OverlayWords
}

function drawFaces(context: CanvasRenderingContext2D, found: FacesNow, look: Look): void {
  const ageMs = Math.max(0, look.now - found.receivedAt)
  if (!look.isExact && ageMs >= found.budgetMs) return
  context.save()
  if (!look.isExact) context.globalAlpha = 0.3 + 0.5 * (1 - ageMs / found.budgetMs)
  for (const face of found.faces) if (face.box !== null) drawFace(context, face, face.box, look)
  context.restore()
}

function drawFace(
  context: CanvasRenderingContext2D,
  face: Face,
  box: NonNullable<Face['box']>,
  { isExact, scale, words }: Look,
): void {
  const { width: across, height: down } = context.canvas
  const colour = face.person === null ? unknown : known
  const [x, y] = [Math.round(box.x * across), Math.round(box.y * down)]
  const [width, height] = [Math.round(box.width * across), Math.round(box.height * down)]
  // Even, so that a line on whole pixels is sharp.
  const line = 2 * Math.max(1, Math.round((linePx * scale) / 2))
  const dash = isExact ? [] : [6 * scale, 5 * scale]
  context.setLineDash(dash)
  context.lineWidth = line + 2
  context.strokeStyle = ground
  context.strokeRect(x, y, width, height)
  context.lineWidth = line
  context.strokeStyle = colour
  context.strokeRect(x, y, width, height)
  const text = labelOf(face, words)
  context.font = `600 ${textPx * scale}px system-ui, sans-serif`
  context.textBaseline = 'middle'
  const room = 6 * scale
  const lineHeight = 18 * scale
  const labelWidth = Math.min(across, context.measureText(text).width + 2 * room)
  // Whole at either edge of the picture, below the box where there is no room above.
  const labelX = Math.min(Math.max(0, x + width / 2 - labelWidth / 2), across - labelWidth)
  const labelY = y < lineHeight + 4 * scale ? y + height + 4 * scale : y - lineHeight - 4 * scale
  context.fillStyle = ground
  context.fillRect(labelX, labelY, labelWidth, lineHeight)
  context.fillStyle = colour
  context.fillText(text, labelX + room, labelY + lineHeight / 2, labelWidth - 2 * room)
}

/** How sure a detector is that it knows nobody says nothing. */
function labelOf(face: Face, words: OverlayWords): string {
  const score =
    face.person === null || face.confidence === null ? '' : `${Math.round(face.confidence * 100)} %`
  return [
    [face.person ?? words.unknown, score].filter(Boolean).join(' '),
    face.mask === true ? words.mask : '',
    face.isCheckedIn === true ? `✓ ${words.checkedIn}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
