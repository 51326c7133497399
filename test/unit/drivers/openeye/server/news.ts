/** News of the site as a test tells it. */
import { CameraId } from '../../../../../src/contract/cameras.ts'
import type { SiteNews } from '../../../../../src/main/link.ts'

export function event(camera: string, kind = 'face-recognized', isNew = true): SiteNews {
  const at = Date.parse('2025-10-10T12:00:00.000Z')
  return {
    is: 'event',
    isNew,
    event: {
      id: '7',
      seq: 7,
      link: 'eye' as never,
      camera: CameraId.parse(camera),
      cameraName: 'Door',
      kind,
      person: kind === 'face-recognized' ? 'Ann' : null,
      confidence: 0.9,
      text: 'Ann at the door',
      at,
      lastAt: at,
      count: 1,
      receivedAt: at,
      box: { x: 0.5, y: 0.5, width: 0.25, height: 0.25 },
      evidence: { sha256: '0'.repeat(64), mime: 'image/jpeg', widthPx: 640, heightPx: 480, sizeBytes: 9 },
      pictureAt: at,
    },
  }
}

export function alert(
  kind: 'raise' | 'acknowledge',
  priority = 'medium',
  text = 'Unknown face detected',
): SiteNews {
  const at = Date.parse('2025-10-10T12:00:00.000Z')
  const entry = {
    seq: 1,
    transition: { kind, at },
    alert: {
      id: 'a1',
      source: 'eye',
      device: 'door',
      priority,
      state: 'unacknowledgedActive',
      text,
      raisedAt: at,
    },
  }
  return { is: 'alert', entry: entry as never }
}
