/** Which camera an alert is of. Pure. */
import type { Alert } from '../../../contract/alerts.ts'
import type { Camera } from '../../../contract/cameras.ts'

/** A link's alerts name its camera by the link's own id of it. */
export function cameraOf(
  alert: Pick<Alert, 'source' | 'device'>,
  cameras: readonly Camera[],
): Camera | undefined {
  return cameras.find(({ link, camera }) => link === alert.source && camera === alert.device)
}
