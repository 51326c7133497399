/** One call as a button needs it: asked, answered or refused. Never optimistic: the screen shows only what the app confirmed. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { Fault } from '../../contract/fault.ts'
import { type CallName, type Input, type Output, useClient } from './client.ts'

export interface Action<N extends CallName> {
  /** Resolves with the answer, or undefined when it was refused; the reason is then in `fault`. */
  readonly ask: (input: Input<N>) => Promise<Output<N> | undefined>
  readonly asking: boolean
  readonly fault: Fault | null
  readonly clear: () => void
}

export function useAction<N extends CallName>(name: N): Action<N> {
  const client = useClient()
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)
  const mounted = useRef(true)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  const ask = useCallback(
    async (input: Input<N>) => {
      setAsking(true)
      setFault(null)
      try {
        return await client.call(name, input)
      } catch (error) {
        if (mounted.current) setFault(asFault(error))
        return undefined
      } finally {
        if (mounted.current) setAsking(false)
      }
    },
    [client, name],
  )
  const clear = useCallback(() => setFault(null), [])
  return { ask, asking, fault, clear }
}

export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  return new Fault('bug', error instanceof Error ? error.message : String(error), '')
}
