/** Events, rules and cameras for the tests of main: one place that knows every field. */
import { type Camera, CameraId } from '../../../src/contract/cameras.ts'
import type { DetectionEvent } from '../../../src/contract/events.ts'
import { type Link, LinkId, noCounters } from '../../../src/contract/links.ts'
import type { Rule } from '../../../src/contract/rules.ts'
import type { NewEvent } from '../../../src/main/store/store.ts'

export const front = LinkId.parse('front')
export const noon = Date.parse('2026-03-01T12:00:00Z')

export function cameraId(name = 'door', link: string = front): CameraId {
  return CameraId.parse(`${link}/${name}`)
}

export function newEvent(n: number, more: Partial<NewEvent> = {}): NewEvent {
  const at = more.at ?? noon + n * 1000
  return {
    link: front,
    sourceId: `event-${n}`,
    camera: cameraId(),
    cameraName: 'Front door',
    kind: 'face-unknown',
    person: null,
    confidence: 0.92,
    text: '',
    at,
    lastAt: at,
    count: 1,
    receivedAt: at + 20,
    box: null,
    picture: null,
    pictureAt: null,
    raw: null,
    ...more,
  }
}

export function storedEvent(n: number, more: Partial<DetectionEvent> = {}): DetectionEvent {
  const { sourceId: _, picture: __, raw: ___, ...event } = newEvent(n)
  const at = more.at ?? event.at
  return { ...event, id: String(n), seq: n, evidence: null, lastAt: at, ...more }
}

export function rule(when: Partial<Rule['when']> = {}, more: Partial<Rule> = {}): Rule {
  return {
    id: 'night',
    name: 'Night watch',
    enabled: true,
    when: { kinds: [], cameras: [], people: [], confidenceAtLeast: 0, hours: null, ...when },
    priority: 'high',
    holdOffS: 60,
    instruction: 'Call the guard.',
    ...more,
  }
}

export function cameraRow(name = 'door', more: Partial<Camera> = {}): Camera {
  return {
    id: cameraId(name, more.link ?? front),
    link: front,
    camera: name,
    name: `Camera ${name}`,
    location: 'Quay 4',
    kind: 'rtsp',
    can: ['stream', 'snapshot', 'activate'],
    isActive: true,
    isRunning: true,
    isRecording: false,
    findsFaces: true,
    fps: 10,
    lastFrameAt: null,
    trouble: '',
    heardAt: noon,
    budgetMs: 30_000,
    ...more,
  }
}

export function linkRow(id: LinkId): Link {
  return {
    id,
    name: id,
    driver: 'openeye-client',
    role: 'dials',
    address: 'ws://127.0.0.1:1',
    state: { is: 'live', since: noon },
    stateSince: noon,
    lastUsefulAt: noon,
    budgetMs: 60_000,
    peers: 1,
    queueDepth: 0,
    counters: noCounters,
    secret: 'none',
    profile: {
      id,
      driver: 'openeye-client',
      name: id,
      enabled: true,
      url: 'http://127.0.0.1:1',
      ladder: 'lan',
      pollMs: 5000,
      zone: 'utc',
      recognitionZone: 'utc',
      keepStreams: false,
    },
  }
}
