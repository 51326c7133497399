/** What the bundle asked of the stand-in, in order. */
export const calls: string[] = []

export function note(call: string): void {
  calls.push(call)
}
