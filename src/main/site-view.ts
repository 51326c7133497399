/** This installation as a driver that serves others may show it: over live, the store's commits and the running links. */
import type { Camera, CameraId } from '../contract/cameras.ts'
import { Fault } from '../contract/fault.ts'
import type { LinkId } from '../contract/links.ts'
import { siteStatistics } from '../contract/statistics.ts'
import type { Picture } from './fact.ts'
import type { FrameSlot, RunningLink, SiteNews, SiteView } from './link.ts'
import { longestFrameBytes } from './live/frames.ts'
import type { Live } from './live/live.ts'
import { figuresOf, noFigures } from './site-statistics.ts'
import type { Store } from './store/store.ts'

interface Parts {
  readonly store: Pick<Store, 'onChange'>
  readonly live: Live
  running(link: LinkId): RunningLink | undefined
}

export function createSiteView({ store, live, running }: Parts): SiteView {
  function cameraOf(id: CameraId): Camera {
    const camera = live.cameras.get(id)
    if (camera === undefined)
      throw new Fault('not-found', `No camera ${id}`, 'It may have been removed; look at the list again.')
    return camera
  }

  function frames(id: CameraId, wake: () => void): FrameSlot {
    cameraOf(id)
    return live.frames.open(id, wake, 'jpeg')
  }

  async function snapshot(id: CameraId): Promise<Picture> {
    const camera = cameraOf(id)
    const link = running(camera.link)
    if (link === undefined)
      throw new Fault(
        'link-down',
        `${camera.name}: its link is switched off`,
        'Switch the link on: see Links.',
      )
    if (link.cameras === undefined)
      throw new Fault('not-found', `${camera.name}: its link brings no pictures`, 'Choose another camera.')
    const picture = await link.cameras.snapshot(id)
    if (picture.bytes.length > longestFrameBytes)
      throw new Fault(
        'wrong-state',
        `${camera.name}: its picture is larger than 4 MiB`,
        'Lower the resolution or the quality at the camera.',
      )
    return picture
  }

  function subscribe(listener: (news: SiteNews) => void): () => void {
    let figures = figuresOf(live.statistics.get(siteStatistics) ?? noFigures)
    const known = new Map([...live.cameras.snapshot()].map((camera) => [camera.id, settledOf(camera)]))
    const undo = [
      store.onChange(({ events, entries }) => {
        for (const { event, isNew } of events) listener({ is: 'event', event, isNew })
        for (const entry of entries) listener({ is: 'alert', entry })
      }),
      live.statistics.subscribe(() => {
        const row = live.statistics.get(siteStatistics)
        if (row === undefined || figuresOf(row) === figures) return
        figures = figuresOf(row)
        listener({ is: 'statistics', statistics: row })
      }),
      live.cameras.subscribe((changes) => {
        let isNews = false
        for (const change of changes) {
          if ('gone' in change) isNews = known.delete(change.gone as CameraId) || isNews
          else {
            const settled = settledOf(change.row)
            isNews ||= known.get(change.row.id) !== settled
            known.set(change.row.id, settled)
          }
        }
        if (isNews) listener({ is: 'cameras' })
      }),
    ]
    return () => {
      for (const stop of undo) stop()
    }
  }

  return {
    statistics: () => live.statistics.get(siteStatistics) ?? noFigures,
    cameras: () => live.cameras.snapshot(),
    facesNow: () => live.facesNow.snapshot(),
    people: () => live.people.snapshot(),
    frames,
    snapshot,
    subscribe,
  }
}

/** What a camera's row says beside the times and rates that move with every report. */
function settledOf(camera: Camera): string {
  const { heardAt: _, fps: __, lastFrameAt: ___, ...settled } = camera
  return JSON.stringify(settled)
}
