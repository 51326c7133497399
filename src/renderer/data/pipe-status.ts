/** Whether the pipe to the app stands, since when, and when it is tried again. */

import { Cell, useCell } from './cell.ts'
import type { Client, PipeStatus } from './client.ts'

export type PipeView = PipeStatus & { readonly since: number }

const pipe = new Cell<PipeView>({ is: 'connecting', since: Date.now() })

/** Called once, at start. */
export function watchPipe(client: Client): void {
  const take = (status: PipeStatus) => {
    const before = pipe.get()
    pipe.set({ ...status, since: before.is === status.is ? before.since : Date.now() })
  }
  take(client.status())
  client.onStatus(take)
}

export function usePipe(): PipeView {
  return useCell(pipe)
}
