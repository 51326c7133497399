/** Waits until this does not throw any more. The bound is for a machine that is busy with other things; it is no part of what a test claims. */
import { vi } from 'vitest'

export function until(met: () => unknown): Promise<unknown> {
  return vi.waitFor(met, { timeout: 15_000, interval: 10 })
}
