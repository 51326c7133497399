/** Which camera an alert is of. Pure. */
import type { Alert } from '../../../contract/alerts.ts'
import type { Camera } from '../../../contract/cameras.ts'

/**
 * A link's alerts name its camera by the link's own id of it. A rule's alert may come of a face server's link, which has no cameras: the
 * event in its message, where that is known, names the camera by our id.
 */
export function cameraOf(
  alert: Pick<Alert, 'source' | 'device' | 'kind'>,
  cameras: readonly Camera[],
  raw: string | null = null,
): Camera | undefined {
  const own = cameras.find(({ link, camera }) => link === alert.source && camera === alert.device)
  if (own !== undefined || alert.kind !== 'detection') return own
  const named = cameraIn(raw)
  return cameras.find(({ id }) => id === named)
}

function cameraIn(raw: string | null): unknown {
  try {
    return JSON.parse(raw ?? 'null')?.event?.camera
  } catch {
    return undefined
  }
}
