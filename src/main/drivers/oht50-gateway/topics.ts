/** What can be asked for: the six types of the vehicle's document, and two more that the relay of the deployed backend knows. */
export const topics = [
  'telemetry',
  'status',
  'alerts',
  'commands',
  'lidar',
  'modules',
  'system_status',
  'module_discovered',
] as const
export type Topic = (typeof topics)[number]

export function isTopic(name: string): name is Topic {
  return topics.some((topic) => topic === name)
}

/** What one client wants. `vehicle` null: every vehicle. */
export interface Wish {
  readonly topics: ReadonlySet<Topic>
  readonly vehicle: string | null
}

export const everything: Wish = { topics: new Set(topics), vehicle: null }

export function wants({ topics: wanted, vehicle }: Wish, topic: Topic, of: string | null): boolean {
  return wanted.has(topic) && (vehicle === null || of === null || of === vehicle)
}

/** Equal for clients that get exactly the same. */
export function wishKey({ topics: wanted, vehicle }: Wish): string {
  return `${topics.filter((topic) => wanted.has(topic)).join(',')} ${vehicle ?? ''}`
}
