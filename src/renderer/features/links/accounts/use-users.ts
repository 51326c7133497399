/** The users of a server of ours: read when shown, again every few seconds, and after a change. */
import { useCallback, useEffect, useState } from 'react'
import type { AccountUser } from '../../../../contract/accounts.ts'
import type { Fault } from '../../../../contract/fault.ts'
import type { LinkId } from '../../../../contract/links.ts'
import { asFault } from '../../../data/action.ts'
import { useClient } from '../../../data/client.ts'

/** Connections come and go; nobody needs them to the second. */
const readEveryMs = 5000

export interface Users {
  readonly users: readonly AccountUser[] | null
  readonly fault: Fault | null
  readonly again: () => void
}

export function useUsers(link: LinkId): Users {
  const client = useClient()
  const [users, setUsers] = useState<readonly AccountUser[] | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round reads again
  useEffect(() => {
    let gone = false
    const read = () =>
      client.call('links.users', { id: link }).then(
        (answer) => {
          if (gone) return
          setUsers(answer.users)
          setFault(null)
        },
        (error: unknown) => {
          if (!gone) setFault(asFault(error))
        },
      )
    void read()
    const timer = setInterval(() => void read(), readEveryMs)
    return () => {
      gone = true
      clearInterval(timer)
    }
  }, [client, link, round])
  return { users, fault, again: useCallback(() => setRound((count) => count + 1), []) }
}
