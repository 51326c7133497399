/** Asks a camera for a sign of life, cheaply: OPTIONS; and now and then also whether it would let us see anything. */
import { Fault } from '../../../contract/fault.ts'
import type { Address } from './address.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import { describe, optionsOf } from './describe.ts'
import { codecTrouble } from './pictures.ts'

type Parts = Omit<ConnectionParts, 'packet' | 'ended'>

export interface ProbeDoors {
  readonly opened: () => void
  /** It answers. `trouble`: why it could not be shown all the same; null where that was not asked. */
  readonly answered: (trouble: string | null) => void
  readonly failed: (fault: Fault) => void
}

/** Returns its undo. With `isThorough` also DESCRIBE, which shows whether login, path and codec are right. */
export function probe(parts: Parts, isThorough: boolean, doors: ProbeDoors): () => void {
  let connection: Connection | null = null
  let isOver = false
  const all: ConnectionParts = { ...parts, packet: () => {}, ended: () => {} }
  const begun = (next: Connection) => {
    connection = next
    if (isOver) next.close()
  }
  const run = async (): Promise<string | null> => {
    if (!isThorough) return lifeOf(all, parts.address, begun, doors.opened)
    const described = await describe(all, begun)
    if (!isOver) doors.opened()
    return codecTrouble(described.video.codec)?.message ?? ''
  }
  const end = () => {
    isOver = true
    connection?.close()
  }
  run().then(
    (trouble) => {
      if (isOver) return
      end()
      doors.answered(trouble)
    },
    (error: unknown) => {
      if (isOver) return
      end()
      doors.failed(error instanceof Fault ? error : new Fault('link-down', String(error)))
    },
  )
  return end
}

async function lifeOf(
  parts: ConnectionParts,
  address: Address,
  begun: (connection: Connection) => void,
  opened: () => void,
): Promise<null> {
  const connection = new Connection(parts)
  begun(connection)
  await connection.opened
  opened()
  await optionsOf(connection, address)
  return null
}
