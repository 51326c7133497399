/** The recorder's rows for screens: what each camera has on disk, and what is left of the budget. */
import type { CameraId } from '../../contract/cameras.ts'
import type { CameraPlan } from '../../contract/plans.ts'
import type { CameraRecorder, RecorderStore } from '../../contract/recordings.ts'
import type { LiveTable } from '../live/live-table.ts'
import type { CameraWatch } from './camera-watch.ts'
import type { Ring } from './ring.ts'
import { troubleWords } from './trouble.ts'

interface Parts {
  readonly cameras: LiveTable<CameraRecorder>
  readonly store: LiveTable<RecorderStore>
  readonly ring: Ring
  readonly watches: ReadonlyMap<CameraId, CameraWatch>
  readonly plans: Pick<LiveTable<CameraPlan>, 'snapshot'>
  readonly budgetBytes: number
}

const slowDisk = 'The disk is too slow for all that is recorded: some of it is missing'
const notThere = 'The camera is not there, or cannot be watched live'

/** Tells only what has changed. */
export function ringTables({ cameras, store, ring, watches, plans, budgetBytes }: Parts): void {
  const { shelf } = ring
  const wanted = new Set<CameraId>(watches.keys())
  for (const plan of plans.snapshot()) if (plan.record) wanted.add(plan.id)
  const ids = new Set<CameraId>([...wanted, ...shelf.cameras()])
  for (const id of ids) {
    const segments = shelf.of(id)
    const row: CameraRecorder = {
      id,
      ...standing(id, wanted, watches.get(id), ring),
      bytes: segments.reduce((sum, segment) => sum + segment.bytes, 0),
      keptBytes: shelf.keptBytes(id),
      fromAt: segments[0]?.firstAt ?? null,
      toAt: segments.at(-1)?.lastAt ?? null,
      dropped: ring.droppedOf(id),
    }
    if (JSON.stringify(cameras.get(id)) !== JSON.stringify(row)) cameras.set(row)
  }
  const gone = [...cameras.snapshot()].map(({ id }) => id).filter((id) => !ids.has(id))
  if (gone.length > 0) cameras.delete(...gone)
  let alerts = 0
  for (const pin of shelf.pins()) if (pin.gone === null) alerts++
  const trouble = ring.trouble === null ? '' : troubleWords(ring.trouble)
  const keptBytes = shelf.keptBytes()
  const row: RecorderStore = { id: 'all', bytes: shelf.bytes, keptBytes, budgetBytes, alerts, trouble }
  if (JSON.stringify(store.get('all')) !== JSON.stringify(row)) store.set(row)
}

function standing(
  id: CameraId,
  wanted: ReadonlySet<CameraId>,
  watch: CameraWatch | undefined,
  ring: Ring,
): Pick<CameraRecorder, 'state' | 'trouble'> {
  if (!wanted.has(id)) return { state: 'kept', trouble: '' }
  if (watch === undefined) return { state: 'waiting', trouble: notThere }
  if (ring.trouble !== null) return { state: 'stopped', trouble: troubleWords(ring.trouble) }
  if (!watch.isRecording) return { state: 'waiting', trouble: watch.trouble }
  return { state: 'recording', trouble: ring.isSlow(id) ? slowDisk : '' }
}
