/** The three ways to begin. */
export function FirstRunView() {
  return null
}
