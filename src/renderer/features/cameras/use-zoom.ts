/** Wheel, drag and keys zoom and move one tile's picture. The picture itself is moved by the compositor, never drawn again for it. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import { noZoom, type Point, pan, type Size, type Zoom, zoomAt } from '../../paint/geometry.ts'

export interface Zooming {
  readonly zoom: Zoom
  /** The tile's inside, px. */
  readonly tile: Size
  readonly by: (factor: number) => void
  readonly reset: () => void
}

/** One notch of a usual wheel is 100. */
const perWheelPx = 1.0016

export function useZoom(element: RefObject<HTMLElement | null>): Zooming {
  const [zoom, setZoom] = useState<Zoom>(noZoom)
  const [tile, setTile] = useState<Size>({ width: 0, height: 0 })
  const size = useRef(tile)
  useEffect(() => {
    const stage = element.current
    if (stage === null) return
    const observer = new ResizeObserver(() => {
      size.current = { width: stage.clientWidth, height: stage.clientHeight }
      setTile(size.current)
      // Another size of tile makes another place of what was looked at: begin anew rather than wrong.
      setZoom(noZoom)
    })
    observer.observe(stage)
    const stopGestures = listen(stage, size, setZoom)
    return () => {
      observer.disconnect()
      stopGestures()
    }
  }, [element])
  const by = (factor: number) => {
    const middle = { x: tile.width / 2, y: tile.height / 2 }
    setZoom((now) => zoomAt(now, factor, middle, tile))
  }
  return { zoom, tile, by, reset: () => setZoom(noZoom) }
}

type Change = (change: (now: Zoom) => Zoom) => void

/** By hand, because React's wheel listeners cannot keep the page from scrolling. */
function listen(stage: HTMLElement, size: { readonly current: Size }, change: Change): () => void {
  const done = new AbortController()
  const options = { signal: done.signal }
  let last: Point | null = null
  const onWheel = (event: WheelEvent) => {
    // Ctrl and wheel is the browser's own zoom, and stays so.
    if (event.ctrlKey) return
    event.preventDefault()
    const frame = stage.getBoundingClientRect()
    const at = { x: event.clientX - frame.left, y: event.clientY - frame.top }
    change((now) => zoomAt(now, perWheelPx ** -event.deltaY, at, size.current))
  }
  const onMove = (event: PointerEvent) => {
    if (last === null) return
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y]
    last = { x: event.clientX, y: event.clientY }
    change((now) => (now.scale === 1 ? now : pan(now, dx, dy, size.current)))
  }
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    last = { x: event.clientX, y: event.clientY }
    stage.setPointerCapture(event.pointerId)
  }
  const onUp = () => {
    last = null
  }
  stage.addEventListener('wheel', onWheel, { ...options, passive: false })
  stage.addEventListener('pointerdown', onDown, options)
  stage.addEventListener('pointermove', onMove, options)
  stage.addEventListener('pointerup', onUp, options)
  stage.addEventListener('pointercancel', onUp, options)
  return () => done.abort()
}
