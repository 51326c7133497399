/** The keys. Each acts on the alert in focus only; words typed into a field are never commands. */
import { useEffect } from 'react'
import { useClient } from '../../data/client.ts'
import { go, goBack, openHistory } from '../../data/route.ts'
import { useMay, useSite } from '../../data/site.ts'
import { type Act, begin, isAlertDialogOpen } from '../alerts/alert-acts.ts'
import { focusedAlert, moveFocus } from '../alerts/alert-focus.ts'
import { viewList } from '../view-list.tsx'
import { isFrameDialogOpen, openFrameDialog } from './frame-dialogs.tsx'

const acts: Readonly<Record<string, Act>> = {
  a: 'acknowledge',
  s: 'silence',
  h: 'shelve',
  n: 'note',
  c: 'close',
}

export function useKeyboard(): void {
  const client = useClient()
  const site = useSite()
  const mayAct = useMay('operator')
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
      if (isAlertDialogOpen() || isFrameDialogOpen() || isTyping(event.target)) return
      if (press(event)) event.preventDefault()
    }
    const press = (event: KeyboardEvent): boolean => {
      const key = event.key.toLowerCase()
      const act = acts[key]
      if (act !== undefined) {
        const alert = focusedAlert()
        // A held key must not acknowledge the next alert that takes the focus.
        if (event.repeat || !mayAct || alert === undefined) return false
        begin(client, act, alert, site)
        return true
      }
      const entry = /^[1-9]$/.test(key) ? viewList[Number(key) - 1] : undefined
      if (entry) go(entry.id)
      else if (key === 'j') moveFocus(1)
      else if (key === 'k') moveFocus(-1)
      else if (key === '/') openHistory({ search: true })
      else if (key === '?') openFrameDialog('help')
      else if (key === 'escape') goBack()
      else return false
      return true
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [client, site, mayAct])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]') !== null
}
