/** A painter for a surface of the page, working only while somebody can see it. */
import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'
import type { CameraId } from '../../../contract/cameras.ts'
import { type Client, useClient } from '../../data/client.ts'
import { appNow } from '../../data/now.ts'
import { type OverlayParts, overlaySurface } from '../../paint/overlay.ts'
import type { PageSurface } from '../../paint/page-surface.ts'
import { type Clock, nothingSeen, Painter, type Standing } from '../../paint/painter.ts'
import { type Picture, surfaceOn } from '../../paint/surface.ts'
import { watchSight } from '../../paint/watch.ts'

const clock: Clock = {
  now: appNow,
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/** At 30 a second an eighth of a second: a page busy for that long drops nothing. */
const framesAhead = 4

export function openPainter(client: Client, camera: CameraId, page: PageSurface<Picture>): Painter<Picture> {
  return new Painter(
    (onFrame, onFault) =>
      client.feed('cameras.frames', { id: camera }, onFrame, onFault, { ahead: framesAhead }),
    page,
    clock,
  )
}

/** Null until the surface stands. `isWanted` false: nothing is asked for, the last picture stays. */
export function usePainter(
  surface: RefObject<HTMLVideoElement | HTMLCanvasElement | null>,
  camera: CameraId,
  isWanted: boolean,
  overlay: Omit<OverlayParts, 'clock'> | null,
): Painter<Picture> | null {
  const client = useClient()
  const [painter, setPainter] = useState<Painter<Picture> | null>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const element = surface.current
    if (element === null) return
    const page =
      overlay !== null && element instanceof HTMLCanvasElement
        ? overlaySurface(element, { ...overlay, clock })
        : surfaceOn(element)
    const made = openPainter(client, camera, page)
    setPainter(made)
    const stopWatching = watchSight(element, setSeen)
    return () => {
      stopWatching()
      made.stop()
      page.close()
    }
  }, [surface, client, camera, overlay])
  useEffect(() => {
    if (painter === null || !isWanted || !isSeen) return
    painter.start()
    return () => painter.stop()
  }, [painter, isWanted, isSeen])
  return painter
}

const none = { subscribe: () => () => {}, get: () => nothingSeen }

export function useStanding(painter: Painter<Picture> | null): Standing {
  const { subscribe, get } = painter?.standing ?? none
  return useSyncExternalStore(subscribe, get)
}

/** One thing that follows from it: renders again when that changes, not twice a second. */
export function useStandingOf<T extends string | number>(
  painter: Painter<Picture> | null,
  of: (standing: Standing) => T,
): T {
  const { subscribe, get } = painter?.standing ?? none
  return useSyncExternalStore(subscribe, () => of(get()))
}
