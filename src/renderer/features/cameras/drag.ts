/** Dragging a camera from the list or by its tile's head: which one, told in a type no other drag has. */
import type { DragEvent } from 'react'
import type { CameraId } from '../../../contract/cameras.ts'

const type = 'application/x-watchfloor-camera'

export function startDrag(event: DragEvent, camera: CameraId): void {
  event.dataTransfer.setData(type, camera)
  event.dataTransfer.effectAllowed = 'move'
}

export const draggedCamera = {
  isIn: (event: DragEvent): boolean => event.dataTransfer.types.includes(type),
  from: (event: DragEvent): string => event.dataTransfer.getData(type),
}
