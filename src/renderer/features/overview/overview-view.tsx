/** The overview. */
export function OverviewView() {
  return null
}
