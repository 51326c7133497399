/** Whether the first steps are shown: by themselves while nothing was ever connected, and again on request from Settings. */
import { Cell, useCell } from './cell.ts'
import { useSite } from './site.ts'

const wish = new Cell<'none' | 'open' | 'skip'>('none')

/** `alone`: nothing else is worth seeing yet, so it may take the whole screen. */
export function useFirstSteps(): 'hidden' | 'alone' | 'beside' {
  const site = useSite()
  const wanted = useCell(wish)
  if (wanted === 'skip' || site === undefined) return 'hidden'
  if (site.firstRun) return 'alone'
  return wanted === 'open' ? 'beside' : 'hidden'
}

export function openFirstSteps(): void {
  wish.set('open')
}

/** Until the page is loaded anew: a site that is still empty then offers them again. */
export function closeFirstSteps(): void {
  wish.set('skip')
}
