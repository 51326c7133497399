/** A user of a server of ours while typed: the same rules the app has, told as typed. */

export type NameComplaint = 'short' | 'long' | 'odd' | 'taken'
export type PasswordComplaint = 'length' | 'upper' | 'lower' | 'digit' | 'other'

export function nameComplaint(text: string, taken: readonly string[]): NameComplaint | null {
  const name = text.trim()
  if (name.length < 3) return 'short'
  if (name.length > 60) return 'long'
  if (!/^[\p{L}\p{N}._@-]+$/u.test(name)) return 'odd'
  return taken.some((one) => one.toLowerCase() === name.toLowerCase()) ? 'taken' : null
}

export function passwordComplaint(password: string): PasswordComplaint | null {
  if (password.length < 8 || password.length > 200) return 'length'
  if (!/\p{Lu}/u.test(password)) return 'upper'
  if (!/\p{Ll}/u.test(password)) return 'lower'
  if (!/\p{N}/u.test(password)) return 'digit'
  return /[^\p{L}\p{N}]/u.test(password) ? null : 'other'
}
