/** Dark or light, chosen on this screen and kept by it. */
import { useCell } from '../data/cell.ts'
import { oneOf, remembered } from '../data/remembered.ts'

export type Scheme = 'dark' | 'light'

const scheme = remembered<Scheme>('scheme', 'dark', oneOf('dark', 'light'))

export function applyScheme(): void {
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme.get())
}

export function useScheme(): Scheme {
  return useCell(scheme)
}

export function setScheme(to: Scheme): void {
  scheme.set(to)
  applyScheme()
}
