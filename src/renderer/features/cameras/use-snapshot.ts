/** Saving a picture from a tile: the frame on the screen, as it came where it is a JPEG, else one the camera takes now. */
import { type RefObject, useState } from 'react'
import type { Camera } from '../../../contract/cameras.ts'
import { asFault } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { appNow } from '../../data/now.ts'
import { useZone } from '../../data/site.ts'
import type { Painter } from '../../paint/painter.ts'
import type { Picture } from '../../paint/surface.ts'
import { saveFile } from '../../ui/save-file.ts'
import { type Drawable, drawPicture, snapshotName, takePicture } from './snapshot.ts'

export type SnapshotState =
  | { readonly is: 'idle' | 'asking' }
  | { readonly is: 'saved'; readonly name: string }
  | { readonly is: 'failed'; readonly reason: string }

export interface Snapshot {
  readonly state: SnapshotState
  readonly can: boolean
  readonly take: () => void
}

export function useSnapshot(
  camera: Camera | undefined,
  painter: Painter<Picture> | null,
  surface: RefObject<HTMLVideoElement | HTMLCanvasElement | null>,
): Snapshot {
  const client = useClient()
  const zone = useZone()
  const [state, setState] = useState<SnapshotState>({ is: 'idle' })
  const save = (name: string, bytes: Uint8Array, mime: string) => {
    saveFile(name, [new Uint8Array(bytes)], mime)
    setState({ is: 'saved', name })
  }
  const trying = async (get: () => Promise<void>) => {
    setState({ is: 'asking' })
    try {
      await get()
    } catch (error) {
      const fault = asFault(error)
      setState({ is: 'failed', reason: [fault.message, fault.tip].filter(Boolean).join(' ') })
    }
  }
  const ask = (from: Camera) =>
    trying(async () => {
      const { bytes, mime, at } = await takePicture(client, from.id, appNow)
      save(snapshotName(from.name, at, zone, mime === 'image/png' ? 'png' : 'jpg'), bytes, mime)
    })
  /** The link takes no pictures, so it does not tell of this one either. */
  const draw = (from: Camera, picture: Drawable, at: number) =>
    trying(async () => {
      const bytes = await drawPicture(picture)
      await client.call('cameras.snapped', { id: from.id })
      save(snapshotName(from.name, at, zone), bytes, 'image/jpeg')
    })
  const canAsk = camera?.can.includes('snapshot') === true
  const take = () => {
    const shown = painter?.shown
    if (camera === undefined || state.is === 'asking') return
    if (shown?.header.video) {
      // A saved picture is evidence: what the camera sent, without the boxes.
      const picture = painter?.plain ?? surface.current
      if (picture !== null) void draw(camera, picture, shown.header.receivedAt)
    } else if (shown) {
      save(snapshotName(camera.name, shown.header.receivedAt, zone), shown.bytes, 'image/jpeg')
    } else if (canAsk) void ask(camera)
  }
  return { state, can: canAsk || painter?.shown != null, take }
}
