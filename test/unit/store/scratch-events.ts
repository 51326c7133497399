/** Events to put into a store, with pictures made of whatever bytes are asked for. */
import { createHash } from 'node:crypto'
import { CameraId } from '../../../src/contract/cameras.ts'
import type { NewEvent } from '../../../src/main/store/store.ts'
import { hub, start } from './scratch-alerts.ts'

export function eye(n: number | string): CameraId {
  return CameraId.parse(`hub/cam-${n}`)
}

export function event(n: number | string, more: Partial<NewEvent> = {}): NewEvent {
  const at = start + (typeof n === 'number' ? n * 1000 : 0)
  return {
    link: hub,
    sourceId: `event-${n}`,
    camera: eye(1),
    cameraName: 'North gate',
    kind: 'face-recognized',
    person: 'Lan',
    confidence: 0.8,
    text: 'Lan at the north gate',
    at,
    lastAt: at,
    count: 1,
    receivedAt: at + 20,
    box: null,
    pictureAt: null,
    picture: null,
    raw: null,
    ...more,
  }
}

export function picture(content: string): NonNullable<NewEvent['picture']> {
  const bytes = new Uint8Array(Buffer.from(content.repeat(1000)))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const evidence = { sha256, mime: 'image/jpeg', widthPx: 64, heightPx: 48, sizeBytes: bytes.length } as const
  return { evidence, bytes }
}
