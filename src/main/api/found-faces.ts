/** Every result of one camera, for a screen that paints it over the very picture it was found in: a table would keep the newest only. */
import type { CameraId } from '../../contract/cameras.ts'
import type { FacesFound, FacesNow } from '../../contract/faces.ts'
import type { OpenFeed } from '../../rpc/handlers.ts'
import type { LiveTable } from '../live/live-table.ts'

/** A screen that falls behind by more has no picture left that the oldest of them could belong to. */
export const mostFound = 8

const noBytes = new Uint8Array()

export function followFaces(
  table: LiveTable<FacesNow>,
  camera: CameraId,
  wake: () => void,
): OpenFeed<FacesFound> {
  const now = table.get(camera)
  let waiting: FacesNow[] = now === undefined ? [] : [now]
  const stop = table.subscribe((changes) => {
    const found = changes.flatMap((change) =>
      'row' in change && change.row.id === camera ? [change.row] : [],
    )
    if (found.length === 0) return
    waiting = [...waiting, ...found].slice(-mostFound)
    wake()
  })
  return {
    take() {
      if (waiting.length === 0) return null
      const header = { results: waiting }
      waiting = []
      return { header, bytes: noBytes }
    },
    close: stop,
  }
}
