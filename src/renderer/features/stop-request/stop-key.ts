/** F12 asks every vehicle to stop, whatever has the focus: also in a dialog, while typing, and in a wall's window. */
import { useEffect } from 'react'
import { useMay } from '../../data/site.ts'
import { useTable } from '../../data/sources.ts'
import { useRequestStop } from './stop-request.ts'

export const stopKey = 'F12'

export function useStopKey(): void {
  const request = useRequestStop()
  const mayAct = useMay('operator')
  const hasVehicle = (useTable('vehicles')?.length ?? 0) > 0
  useEffect(() => {
    if (!hasVehicle) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== stopKey) return
      // A browser would open its tools, over the very answer the operator is waiting for.
      event.preventDefault()
      event.stopPropagation()
      // Held down it is one request: that one is sent again until it is confirmed.
      if (!event.repeat && mayAct) request(null)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [request, mayAct, hasVehicle])
}
