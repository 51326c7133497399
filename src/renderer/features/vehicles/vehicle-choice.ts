/** Which vehicle and which of its modules this screen looks at. Survives a reload. */

import { Cell, useCell } from '../../data/cell.ts'
import { remembered } from '../../data/remembered.ts'
import type { Vehicle } from '../../data/vehicles.ts'

const chosen = remembered<string>('vehicle', '', (value): value is string => typeof value === 'string')
/** `null`: what the vehicle says; a module's id; or the bus of a link. */
export type Part =
  | { readonly is: 'module'; readonly id: string }
  | { readonly is: 'bus'; readonly link: string }
const part = new Cell<Part | null>(null)

export function chooseVehicle(name: string): void {
  chosen.set(name)
  part.set(null)
}

/** The chosen one, or the first: one that is gone must not leave an empty screen. */
export function useChosenVehicle(vehicles: readonly Vehicle[]): Vehicle | undefined {
  const name = useCell(chosen)
  return vehicles.find((vehicle) => vehicle.name === name) ?? vehicles[0]
}

/** What was chosen is brought into view once: coming back to the view later moves nothing. */
let wish: { readonly byKeyboard: boolean } | null = null

export function choosePart(next: Part | null, byKeyboard = false): void {
  wish = next === null ? null : { byKeyboard }
  // A new object each time: chosen again from the rail, it is brought into view again.
  part.set(next === null ? null : { ...next })
}

export function takeWish(): typeof wish {
  const taken = wish
  wish = null
  return taken
}

export function useChosenPart(): Part | null {
  return useCell(part)
}
