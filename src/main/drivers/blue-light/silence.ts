/** Which silent cameras are an alarm of their own, and which are one fault seen many times. Pure: no clock, no devices. */

/** Cameras that fall silent within one window of each other are judged together. */
export const windowMs = 5000
const fewestForRoot = 3

/** One camera as the judge sees it; times are monotonic ms. */
export interface Watched {
  readonly id: string
  readonly heardAt: number
  /** When its socket closed; null while it has one, or never had one. */
  readonly lostAt: number | null
  /** Already told to be silent. */
  readonly silent: boolean
  readonly alarm: 'none' | 'own' | 'root'
}

/** The open link alarm: when its cameras fell, and when the first of them came back. */
export interface Root {
  readonly fellAt: number
  readonly firstBackAt: number | null
}

export type Decision =
  | { readonly do: 'mark-silent'; readonly id: string }
  | { readonly do: 'raise-device'; readonly id: string }
  | { readonly do: 'raise-link'; readonly ids: readonly string[]; readonly fellAt: number }
  /** Belongs to the link alarm that is already open. */
  | { readonly do: 'join-root'; readonly id: string }
  /** The link alarm is no longer true; `left` become alarms of their own. */
  | { readonly do: 'clear-link'; readonly left: readonly string[] }

interface Fallen {
  readonly id: string
  readonly fellAt: number
  /** Silent and not yet judged, as against merely disconnected. */
  readonly waiting: boolean
  readonly silentAt: number
}

/** The time of contact lost: its socket's end where it closed, else when the budget ran out. */
function fallen(camera: Watched, now: number, budgetMs: number): Fallen | null {
  if (camera.alarm !== 'none') return null
  const silentAt = camera.heardAt + budgetMs
  const waiting = now > silentAt
  // A camera that lost its socket a moment ago is probably reconnecting.
  const gone = camera.lostAt !== null && now - camera.lostAt >= windowMs
  if (!waiting && !gone) return null
  return { id: camera.id, fellAt: camera.lostAt ?? silentAt, waiting, silentAt }
}

/** The first run of at least three cameras, half of those still counted, that fell within one window. */
function commonFault(sorted: readonly Fallen[], counted: number): readonly Fallen[] | null {
  let from = 0
  for (let to = 0; to < sorted.length; to += 1) {
    while ((sorted[to]?.fellAt ?? 0) - (sorted[from]?.fellAt ?? 0) > windowMs) from += 1
    const size = to - from + 1
    if (size < fewestForRoot || size * 2 < counted) continue
    const last = (sorted[from]?.fellAt ?? 0) + windowMs
    const group = sorted.slice(from).filter((one) => one.fellAt <= last)
    if (group.some((one) => one.waiting)) return group
  }
  return null
}

export function judge(
  cameras: readonly Watched[],
  root: Root | null,
  now: number,
  budgetMs: number,
): readonly Decision[] {
  const decisions: Decision[] = []
  for (const camera of cameras) {
    if (!camera.silent && now > camera.heardAt + budgetMs)
      decisions.push({ do: 'mark-silent', id: camera.id })
  }

  const children = cameras.filter((camera) => camera.alarm === 'root')
  if (root !== null) {
    const overdue = root.firstBackAt !== null && now - root.firstBackAt > budgetMs
    if (children.length === 0 || overdue) {
      // Most came back and some did not: what is left is not the link's fault.
      decisions.push({ do: 'clear-link', left: children.map((camera) => camera.id) })
      return decisions
    }
  }

  const counted = cameras.filter((camera) => camera.alarm === 'none').length
  let waiting = cameras.flatMap((camera) => fallen(camera, now, budgetMs) ?? [])
  if (root === null) {
    const group = commonFault(
      waiting.toSorted((a, b) => a.fellAt - b.fellAt),
      counted,
    )
    if (group !== null) {
      const ids = group.map((one) => one.id)
      decisions.push({ do: 'raise-link', ids, fellAt: group[0]?.fellAt ?? now })
      waiting = waiting.filter((one) => !ids.includes(one.id))
    }
  }
  for (const one of waiting) {
    if (!one.waiting) continue
    if (root !== null && Math.abs(one.fellAt - root.fellAt) <= windowMs)
      decisions.push({ do: 'join-root', id: one.id })
    else if (now - one.silentAt >= windowMs) decisions.push({ do: 'raise-device', id: one.id })
  }
  return decisions
}
