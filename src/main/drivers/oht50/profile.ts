/** The profile of a link to a vehicle over the network, and what follows from it. */
import type { LinkProfile } from '../../../contract/links.ts'

export type VehicleProfile = Extract<LinkProfile, { driver: 'oht50-client' }>

/** Who said something: the vehicle itself, over HTTP or its socket, or its backend. */
export type Origin = 'http' | 'socket' | 'backend'

/** Topics of the backend that are listened to. */
export const backendTopics = ['telemetry', 'alerts', 'rs485', 'map', 'status'] as const
export type BackendTopic = (typeof backendTopics)[number]

/** How a topic is asked for what it does not send by itself. */
export const questions: Partial<Record<BackendTopic, string>> = {
  rs485: JSON.stringify({ type: 'get_modules' }),
  status: JSON.stringify({ type: 'get_status' }),
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

/** The token is for the machine that takes the commands: another machine is not shown it. */
export function mayShowToken({ httpUrl, socketUrl }: VehicleProfile): boolean {
  if (httpUrl === '') return true
  return URL.parse(httpUrl)?.hostname === URL.parse(socketUrl)?.hostname
}
