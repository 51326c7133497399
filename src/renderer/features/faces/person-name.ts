/** Whether a typed name can be a person of a face server's library. */

export type NameComplaint = 'name-missing' | 'name-long' | 'name-taken' | 'name-odd'

/** The server keeps each person's photos in a folder of that name, so a path would end up elsewhere. */
const odd = /[/\\:*?"<>|\p{Cc}]|^\.+$/u

export function nameComplaint(typed: string, taken: readonly string[]): NameComplaint | null {
  const name = typed.trim()
  if (name === '') return 'name-missing'
  if (name.length > 100) return 'name-long'
  if (odd.test(name)) return 'name-odd'
  return taken.some((other) => other.toLocaleLowerCase() === name.toLocaleLowerCase()) ? 'name-taken' : null
}
