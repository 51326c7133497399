/** Asking for a stop from anywhere on this screen, and why it could not be asked. One place for the key, the button and the banner. */
import { useCallback } from 'react'
import type { Fault } from '../../../contract/fault.ts'
import type { VehicleName } from '../../../contract/vehicle-name.ts'
import { asFault } from '../../data/action.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'

/** Why the last request could not even be handed over; null when it was. */
const unsent = new Cell<Fault | null>(null)

export function useUnsentStop(): Fault | null {
  return useCell(unsent)
}

export function forgetUnsentStop(): void {
  unsent.set(null)
}

/** To one vehicle, or to all of them. What becomes of it is a row of `stops`. */
export function useRequestStop(): (vehicle: VehicleName | null) => void {
  const client = useClient()
  return useCallback(
    (vehicle) => {
      unsent.set(null)
      client.call('vehicles.stop', { vehicle }).catch((error: unknown) => unsent.set(asFault(error)))
    },
    [client],
  )
}
