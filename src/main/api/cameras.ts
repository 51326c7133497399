/** Cameras and walls as screens see and change them. A picture that is taken and a camera that is switched are recorded. */
import { randomUUID } from 'node:crypto'
import type { Api } from '../../contract/api.ts'
import type { Camera, CameraAbility, CameraId, Wall } from '../../contract/cameras.ts'
import { DeviceId } from '../../contract/devices.ts'
import { Fault } from '../../contract/fault.ts'
import { type CameraPlan, planFor } from '../../contract/plans.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { oneFrame } from './one-frame.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<
  keyof Api,
  'cameras' | `cameras.${string}` | 'plans' | 'plans.save' | 'walls' | `walls.${string}`
>

/** Every screen carries all of them. */
const mostWalls = 100

export function cameraHandlers({ store, live, dispatch, clock, site }: ApiParts): Pick<Handlers<Api>, Names> {
  function cameraOf(id: CameraId): Camera {
    const camera = live.cameras.get(id)
    if (camera === undefined)
      throw new Fault('not-found', `No camera ${id}`, 'It may have been removed; look at the list again.')
    return camera
  }

  function able(id: CameraId, ability: CameraAbility, what: string): Camera {
    const camera = cameraOf(id)
    if (!camera.can.includes(ability))
      throw new Fault('wrong-state', `${camera.name} cannot be ${what} from here`, 'Do it at its server.')
    return camera
  }

  function note(camera: Camera, by: string, text: string): Promise<void> {
    return store.addTimeline({
      at: clock.now(),
      type: 'camera-changed',
      link: camera.link,
      device: camera.camera,
      by,
      text: `${camera.name}: ${text}`,
    })
  }

  function noteWall(by: string, text: string): Promise<void> {
    const at = clock.now()
    return store.addTimeline({ at, type: 'wall-changed', link: null, device: null, by, text })
  }

  return {
    cameras: live.cameras,
    'cameras.frames'({ id }, wake) {
      able(id, 'stream', 'watched live')
      return live.frames.open(id, wake)
    },
    async 'cameras.snapshot'({ id }, _wake, { user: by }) {
      const camera = able(id, 'snapshot', 'photographed')
      const { evidence, bytes } = await site.snapshot(id)
      await note(camera, by, `snapshot taken by ${by}`)
      return oneFrame(evidence, bytes)
    },
    async 'cameras.snapped'({ id }, { user: by }) {
      const camera = able(id, 'stream', 'watched live')
      await note(camera, by, `snapshot taken by ${by}`)
      return {}
    },
    async 'cameras.activate'({ id, active }, { user: by }) {
      const { link, camera } = able(id, 'activate', 'switched')
      const device = DeviceId.parse(camera)
      await dispatch.now({ type: 'activate-camera', id: randomUUID(), link, device, camera: id, active })
      await note(cameraOf(id), by, active ? 'switched on' : 'switched off')
      return {}
    },
    async 'cameras.forget'({ id }, { user: by }) {
      const camera = cameraOf(id)
      await store.unkeep('camera', id)
      live.cameras.delete(id)
      live.facesNow.delete(id)
      await store.unkeep('plan', id)
      live.plans.delete(id)
      live.frames.refresh()
      await note(camera, by, 'removed from the list')
      return {}
    },
    plans: live.plans,
    async 'plans.save'({ plan }, { user: by }) {
      const camera = cameraOf(plan.id)
      if (plan.faces === 'server' && plan.faceLink === null)
        throw new Fault('bad-input', 'No face server is named', 'Choose one, or the engine of this machine.')
      const was = live.plans.get(plan.id) ?? planFor(plan.id)
      await store.keep('plan', plan)
      live.plans.set(plan)
      await note(camera, by, planWords(was, plan))
      return {}
    },
    walls: live.walls,
    async 'walls.save'({ wall }, { user: by }) {
      const before = live.walls.get(wall.id)
      if (before === undefined && live.walls.size >= mostWalls)
        throw new Fault('wrong-state', `There are ${mostWalls} walls`, 'Remove one that nobody uses.')
      await store.keep('wall', wall)
      live.walls.set(wall)
      await noteWall(by, wallWords(before, wall))
      return {}
    },
    async 'walls.remove'({ id }, { user: by }) {
      const before = live.walls.get(id)
      await store.unkeep('wall', id)
      live.walls.delete(id)
      if (before !== undefined) await noteWall(by, `Wall ${before.name}: deleted`)
      return {}
    },
  }
}

/** What is different, for the record. */
function wallWords(before: Wall | undefined, wall: Wall): string {
  if (before === undefined) return `Wall ${wall.name}: made, ${wall.tiles.length} cameras`
  const was = new Set(before.tiles.map(({ camera }) => camera))
  const is = new Set(wall.tiles.map(({ camera }) => camera))
  const added = [...is].filter((camera) => !was.has(camera))
  const gone = [...was].filter((camera) => !is.has(camera))
  const changes = [
    before.name === wall.name ? '' : `renamed from ${before.name}`,
    added.length > 0 ? `added ${listed(added)}` : '',
    gone.length > 0 ? `took off ${listed(gone)}` : '',
  ].filter((text) => text !== '')
  return `Wall ${wall.name}: ${changes.length === 0 ? 'arranged anew' : changes.join(', ')}`
}

const mostListed = 5

function listed(cameras: readonly CameraId[]): string {
  const more = cameras.length - mostListed
  return cameras.slice(0, mostListed).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** What is different, for the record: who switched face recognition on matters to those who are seen. */
function planWords(was: CameraPlan, plan: CameraPlan): string {
  const keys = ['record', 'faces', 'faceLink', 'fallback', 'fit', 'facesPerSecond', 'blueLight'] as const
  const changes = keys
    .filter((key) => was[key] !== plan[key])
    .map((key) => `${key} ${was[key]} → ${plan[key]}`)
  return changes.length === 0 ? 'plan saved unchanged' : changes.join(', ')
}
