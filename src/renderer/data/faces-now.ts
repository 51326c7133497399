/** What each camera's detector saw last, and which of it may still be painted over the picture. */
import type { FacesNow } from '../../contract/faces.ts'
import { useRow } from './sources.ts'

export function useFacesNow(camera: string): FacesNow | undefined {
  return useRow('faces.now', camera)
}

export interface FreshFace {
  readonly face: FacesNow['faces'][number]
  readonly ageMs: number
  /** 1 just seen, towards 0 as its budget runs out. */
  readonly strength: number
}

/**
 * Ages run from when we learned of it, plus how much older than the newest it is by the source's own clock: so a source whose
 * clock is wrong neither hides faces nor keeps them.
 */
export function freshFaces(row: FacesNow | undefined, now: number): readonly FreshFace[] {
  if (row === undefined) return []
  const sinceMs = Math.max(0, now - row.receivedAt)
  return row.faces.flatMap((face) => {
    const ageMs = sinceMs + Math.max(0, row.at - face.at)
    if (ageMs >= row.budgetMs) return []
    return [{ face, ageMs, strength: 1 - ageMs / row.budgetMs }]
  })
}
