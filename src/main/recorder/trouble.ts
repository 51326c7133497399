/** What stops the recorder, in words that say what to do. The history is never in question: the recorder gives way first. */
import { never } from '../../contract/fault.ts'

export type RingTrouble =
  /** All that is there is kept by alerts. */
  | { readonly is: 'budget'; readonly budget: number }
  | { readonly is: 'disk-full' }
  | { readonly is: 'disk-broken'; readonly reason: string }

export function diskTrouble(error: unknown): RingTrouble {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return { is: 'disk-full' }
  return { is: 'disk-broken', reason: error instanceof Error ? error.message : String(error) }
}

export function troubleWords(trouble: RingTrouble): string {
  switch (trouble.is) {
    case 'budget':
      return `Cameras are not recorded: all ${(trouble.budget / 1e9).toFixed(1)} GB are kept by alerts. Close alerts that are over, remove recordings that are not needed, or allow more in Settings.`
    case 'disk-full':
      return 'Cameras are not recorded: the disk is nearly full, and what is left is for the history. Make room on it.'
    case 'disk-broken':
      return `Cameras are not recorded: the disk refuses (${trouble.reason.slice(0, 200)}). Look at the disk and at who may write to the data folder.`
    default:
      return never(trouble, 'trouble of the recorder')
  }
}
