/** Cameras in groups: by their link, by their place. A group is a wall that nobody has to save. Pure. */
import type { Camera } from '../../../contract/cameras.ts'

export const groupings = ['none', 'place', 'link'] as const
export type Grouping = (typeof groupings)[number]

export interface CameraGroup {
  /** For a wall's id; what is after the second colon is the place or the link. */
  readonly id: string
  /** Empty: cameras without a place. */
  readonly name: string
  readonly cameras: readonly Camera[]
}

const prefix = 'group'

/** In the order of their names, those without one last. */
export function groupsOf(
  cameras: readonly Camera[],
  by: Exclude<Grouping, 'none'>,
  linkName: (link: string) => string,
): readonly CameraGroup[] {
  const groups = new Map<string, Camera[]>()
  for (const camera of cameras) {
    const key = by === 'link' ? camera.link : (camera.location?.trim() ?? '')
    const group = groups.get(key)
    if (group) group.push(camera)
    else groups.set(key, [camera])
  }
  return [...groups]
    .map(([key, of]) => ({
      id: `${prefix}:${by}:${key}`,
      name: by === 'link' ? linkName(key) : key,
      cameras: of,
    }))
    .sort((a, b) => Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name))
}

/** The cameras of a group named by its id; null when the id names no group. An empty group is one whose cameras are gone. */
export function camerasOfGroup(id: string, cameras: readonly Camera[]): readonly Camera[] | null {
  const [first, by, ...rest] = id.split(':')
  if (first !== prefix || (by !== 'link' && by !== 'place')) return null
  const key = rest.join(':')
  return cameras.filter((camera) => (by === 'link' ? camera.link : (camera.location?.trim() ?? '')) === key)
}

export function groupName(id: string): string {
  return id.split(':').slice(2).join(':')
}

/** Every word of what was typed is somewhere in its name, place, kind or link. */
export function matches(camera: Camera, typed: string, linkName: string): boolean {
  const text = [camera.name, camera.location, camera.kind, linkName].join(' ').toLocaleLowerCase()
  return typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
