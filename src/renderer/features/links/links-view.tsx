/** The links and what they are doing. */
export function LinksView() {
  return null
}
