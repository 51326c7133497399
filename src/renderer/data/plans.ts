/** What Watchfloor does with a camera's pictures, and how the looking goes now. */
import type { AnalysisNow } from '../../contract/analysis.ts'
import type { CameraId } from '../../contract/cameras.ts'
import { plainPlan } from '../../contract/plain-plan.ts'
import type { CameraPlan } from '../../contract/plans.ts'
import { useTable } from './sources.ts'

/** `undefined` until the plans are known. */
export function usePlan(id: CameraId): CameraPlan | undefined {
  const rows = useTable('plans')
  return rows === undefined ? undefined : (rows.find((plan) => plan.id === id) ?? { id, ...plainPlan })
}

export function useAnalysis(id: CameraId): AnalysisNow | undefined {
  return useTable('analysis.now')?.find((row) => row.id === id)
}
