/** A painter for a canvas of the page, working only while somebody can see it. */
import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'
import type { CameraId } from '../../../contract/cameras.ts'
import { useClient } from '../../data/client.ts'
import { appNow } from '../../data/now.ts'
import { type Clock, nothingSeen, Painter, type Standing } from '../../paint/painter.ts'
import { canvasSurface } from '../../paint/surface.ts'
import { watchSight } from '../../paint/watch.ts'

const clock: Clock = {
  now: appNow,
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/** Null until the canvas stands. `isWanted` false: nothing is asked for, the last picture stays. */
export function usePainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  camera: CameraId,
  isWanted: boolean,
): Painter<ImageBitmap> | null {
  const client = useClient()
  const [painter, setPainter] = useState<Painter<ImageBitmap> | null>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const made = new Painter(
      (onFrame, onFault) => client.feed('cameras.frames', { id: camera }, onFrame, onFault),
      canvasSurface(element),
      clock,
    )
    setPainter(made)
    const stopWatching = watchSight(element, setSeen)
    return () => {
      stopWatching()
      made.stop()
    }
  }, [canvas, client, camera])
  useEffect(() => {
    if (painter === null || !isWanted || !isSeen) return
    painter.start()
    return () => painter.stop()
  }, [painter, isWanted, isSeen])
  return painter
}

const none = { subscribe: () => () => {}, get: () => nothingSeen }

export function useStanding(painter: Painter<ImageBitmap> | null): Standing {
  const { subscribe, get } = painter?.standing ?? none
  return useSyncExternalStore(subscribe, get)
}
