/** After a restart: alerts whose wish to keep a recording never reached the disk, and how those that did stand now. */
import { isOpen } from '../../contract/alert-state.ts'
import type { Alert, PageCursor } from '../../contract/alerts.ts'
import { Fault } from '../../contract/fault.ts'
import { keptAroundMs } from '../../contract/recordings.ts'
import type { Store } from '../store/store.ts'
import type { Ring } from './ring.ts'

const pageRows = 500
/** More alerts than this in the last minutes of a run: the oldest of them are not looked at. */
const mostPages = 40

export async function catchUp(
  ring: Ring,
  store: Pick<Store, 'get' | 'page'>,
  keep: (alert: Alert) => void,
): Promise<void> {
  const from = oldestUnpinned(ring)
  for (let after: PageCursor | null = null, page = 0; from !== null && page < mostPages; page++) {
    const found = await store.page({ from: from - keptAroundMs }, after, pageRows)
    for (const alert of found.rows) keep(alert)
    after = found.next
    if (after === null) break
  }
  for (const pin of [...ring.shelf.pins()]) {
    try {
      ring.settle(pin.alert, isOpen((await store.get(pin.alert)).alert.state))
    } catch (error) {
      // A store in trouble has not said that the alert is gone.
      if (!(error instanceof Fault) || error.code !== 'not-found') continue
      if (pin.gone !== null) ring.forget(pin.alert)
      else ring.settle(pin.alert, false)
    }
  }
}

function oldestUnpinned(ring: Ring): number | null {
  let oldest: number | null = null
  for (const camera of ring.shelf.cameras())
    for (const segment of ring.shelf.of(camera))
      if (segment.pins.size === 0) oldest = Math.min(oldest ?? segment.firstAt, segment.firstAt)
  return oldest
}
