/** What Watchfloor does with a camera's pictures, and how the looking goes now. */
import type { AnalysisNow } from '../../contract/analysis.ts'
import type { CameraId } from '../../contract/cameras.ts'
import { plainPlan } from '../../contract/plain-plan.ts'
import type { CameraPlan } from '../../contract/plans.ts'
import { useIsKnown, useRow } from './sources.ts'

/** `undefined` until the plans are known. */
export function usePlan(id: CameraId): CameraPlan | undefined {
  const plan = useRow('plans', id)
  const isKnown = useIsKnown('plans')
  return isKnown ? (plan ?? { id, ...plainPlan }) : undefined
}

export function useAnalysis(id: CameraId): AnalysisNow | undefined {
  return useRow('analysis.now', id)
}
