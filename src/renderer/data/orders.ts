/** What waits to be told to a device, what was told, and what was refused; newest first. */
import { useMemo } from 'react'
import type { OutboxRow } from '../../contract/orders.ts'
import { useTable } from './sources.ts'

export function useOrders(): readonly OutboxRow[] | undefined {
  const rows = useTable('orders')
  return useMemo(() => rows?.toSorted((a, b) => b.seq - a.seq), [rows])
}
