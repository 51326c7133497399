/** A value this screen keeps for itself over a reload: theme, view, layout. Never anything secret. */
import { Cell } from './cell.ts'

export function remembered<T>(key: string, fallback: T, isValid: (value: unknown) => value is T): Cell<T> {
  const name = `watchfloor.${key}`
  const cell = new Cell<T>(read(name, fallback, isValid))
  cell.subscribe(() => {
    try {
      localStorage.setItem(name, JSON.stringify(cell.get()))
    } catch {
      // A full or forbidden localStorage costs only the memory of this choice.
    }
  })
  return cell
}

function read<T>(name: string, fallback: T, isValid: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
    return isValid(value) ? value : fallback
  } catch {
    return fallback
  }
}

export function oneOf<const T extends string>(...allowed: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => allowed.some((word) => word === value)
}
