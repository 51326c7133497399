/** "Show me this camera": asked anywhere, granted by the Cameras view. */
import type { CameraId } from '../../contract/cameras.ts'
import { Cell, useCell } from './cell.ts'
import { go } from './route.ts'

const wish = new Cell<{ readonly camera: CameraId } | null>(null)

export function showCamera(camera: CameraId): void {
  wish.set({ camera })
  go('cameras')
}

export function useCameraWish(): { readonly camera: CameraId } | null {
  return useCell(wish)
}

export function cameraWishGranted(): void {
  wish.set(null)
}
