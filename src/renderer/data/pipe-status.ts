/** Whether the pipe to the app stands, since when, and when it is tried again. */
import type { ClientStatus } from '../../rpc/client.ts'
import { Cell, useCell } from './cell.ts'
import type { Client } from './client.ts'

export type PipeView = ClientStatus & { readonly since: number }

const pipe = new Cell<PipeView>({ is: 'connecting', since: Date.now() })

/** Called once, at start. */
export function watchPipe(client: Client): void {
  const take = (status: ClientStatus) => {
    const before = pipe.get()
    pipe.set({ ...status, since: before.is === status.is ? before.since : Date.now() })
  }
  take(client.status)
  client.onStatus(take)
}

export function usePipe(): PipeView {
  return useCell(pipe)
}
