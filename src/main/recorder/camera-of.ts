/** Which camera an alert speaks of. */
import type { Alert } from '../../contract/alerts.ts'
import { CameraId } from '../../contract/cameras.ts'

/** An alert names its camera as a device of its link, where the camera came by that link. */
export function cameraOf(
  { source, device }: Pick<Alert, 'source' | 'device'>,
  isCamera: (id: string) => boolean,
): CameraId | null {
  const id = `${source}/${device ?? ''}`
  return device !== null && isCamera(id) ? CameraId.parse(id) : null
}

/** A rule's alert may come of a face server's link, which has no cameras: the event in its message names the camera. */
export function cameraInMessage(raw: string | null): CameraId | null {
  try {
    const { event } = JSON.parse(raw ?? 'null') ?? {}
    const camera = CameraId.safeParse(event?.camera)
    return camera.success ? camera.data : null
  } catch {
    return null
  }
}
