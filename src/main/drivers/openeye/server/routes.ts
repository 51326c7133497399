/** Which addresses there are. Pure: a path in, a place out. */

export type Place =
  | { readonly is: 'health' | 'token' | 'setup-status' | 'setup' }
  | { readonly is: 'socket-status' | 'figures' | 'detections' | 'people' | 'cameras' }
  | { readonly is: 'camera' | 'camera-status' | 'stream' | 'snapshot'; readonly camera: string }

const fixed: Readonly<Record<string, Place>> = {
  '/api/health': { is: 'health' },
  '/api/token': { is: 'token' },
  '/api/setup/status': { is: 'setup-status' },
  '/api/setup/initialize': { is: 'setup' },
  '/api/ws/status': { is: 'socket-status' },
  '/api/faces/statistics': { is: 'figures' },
  '/api/faces/detections': { is: 'detections' },
  '/api/faces/people': { is: 'people' },
  '/api/cameras': { is: 'cameras' },
}

const places = { status: 'camera-status', stream: 'stream', snapshot: 'snapshot' } as const

function isPlace(name: string | undefined): name is keyof typeof places {
  return name !== undefined && Object.hasOwn(places, name)
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

export function placeOf(url: string): Place | null {
  const path = url.split('?', 1)[0] ?? ''
  const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  if (Object.hasOwn(fixed, bare)) return fixed[bare] ?? null
  const match = /^\/api\/cameras\/(.+?)(?:\/(status|stream|snapshot))?$/.exec(bare)
  const camera = decoded(match?.[1] ?? '')
  if (camera === null || camera === '') return null
  return { is: isPlace(match?.[2]) ? places[match[2]] : 'camera', camera }
}

export function methodOf(place: Place): 'GET' | 'POST' {
  return place.is === 'token' || place.is === 'setup' ? 'POST' : 'GET'
}
