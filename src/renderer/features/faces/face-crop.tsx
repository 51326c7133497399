/** The face of a sighting, cut from its evidence picture; the whole picture where the box is of another moment. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import { usePicture } from '../../data/picture.ts'
import { boxOn, containedIn, cropOf } from './crop.ts'
import sightingsLook from './sightings.module.css'

interface Props {
  readonly event: DetectionEvent
  readonly sizePx: number
}

/** Rows that fly past are not worth a picture; only where the list rests one is fetched. */
const restMs = 80

export function FaceCrop({ event, sizePx }: Props) {
  const { t } = useTranslation('faces')
  const isResting = useRested()
  const picture = usePicture(isResting ? (event.evidence?.sha256 ?? null) : null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const url = picture?.is === 'here' ? picture.url : null
  useEffect(() => {
    if (url === null) return
    let isOver = false
    const image = new Image()
    image.src = url
    image.decode().then(
      () => {
        if (!isOver && canvas.current) draw(canvas.current, image, event, sizePx)
      },
      () => {}, // A picture the browser cannot read leaves the empty frame; the detail says why.
    )
    return () => {
      isOver = true
    }
  }, [url, event, sizePx])
  const style = { width: sizePx, height: sizePx }
  if (event.evidence === null || picture?.is === 'failed') {
    return (
      <span className={sightingsLook.cropNone} style={style} title={t('pictureNone')}>
        —
      </span>
    )
  }
  return <canvas ref={canvas} className={sightingsLook.crop} style={style} aria-hidden />
}

function draw(
  canvas: HTMLCanvasElement,
  image: HTMLImageElement,
  event: DetectionEvent,
  sizePx: number,
): void {
  const side = Math.round(sizePx * window.devicePixelRatio)
  canvas.width = side
  canvas.height = side
  const pen = canvas.getContext('2d')
  if (pen === null) return
  const { naturalWidth, naturalHeight } = image
  const box = boxOn(event)
  const part = box && cropOf(box, naturalWidth, naturalHeight)
  pen.imageSmoothingQuality = 'high'
  if (part) {
    pen.drawImage(image, part.x, part.y, part.width, part.height, 0, 0, side, side)
    return
  }
  const to = containedIn(naturalWidth, naturalHeight, side, side)
  pen.drawImage(image, to.x, to.y, to.width, to.height)
}

function useRested(): boolean {
  const [isResting, setResting] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setResting(true), restMs)
    return () => clearTimeout(timer)
  }, [])
  return isResting
}
