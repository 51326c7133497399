/** Cameras in groups, found by what is typed, and laid out in one press. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Camera, CameraId, Wall } from '../../../../src/contract/cameras.ts'
import type { LinkId } from '../../../../src/contract/links.ts'
import { cameraOf } from '../../../../src/renderer/features/cameras/alert-camera.ts'
import {
  camerasOfGroup,
  groupName,
  groupsOf,
  matches,
} from '../../../../src/renderer/features/cameras/wall-groups.ts'
import { automaticWall, tidy } from '../../../../src/renderer/features/cameras/wall-layout.ts'
import { applyPreset, isPreset, presets } from '../../../../src/renderer/features/cameras/wall-presets.ts'

function camera(link: string, own: string, location: string | null, name = own): Camera {
  return {
    id: `${link}/${own}` as CameraId,
    link: link as LinkId,
    camera: own,
    name,
    location,
    kind: 'mjpeg',
    can: ['stream'],
    isActive: null,
    isRunning: null,
    isRecording: null,
    findsFaces: null,
    fps: null,
    lastFrameAt: null,
    trouble: '',
    heardAt: null,
    budgetMs: 1000,
  }
}

const cameras = [
  camera('eye', 'a', 'Lobby', 'Front door'),
  camera('eye', 'b', null, 'Yard'),
  camera('gate', 'main', ' Lobby ', 'Gate'),
  camera('x:y', 'main', 'North: 2', 'Tower'),
]
const linkName = (link: string) => (link === 'eye' ? 'Gatehouse' : link)

describe('groups', () => {
  test('by place, those without one last; each group names its cameras by its id alone', () => {
    const groups = groupsOf(cameras, 'place', linkName)
    expect(groups.map(({ name, cameras: of }) => [name, of.map(({ name: one }) => one)])).toEqual([
      ['Lobby', ['Front door', 'Gate']],
      ['North: 2', ['Tower']],
      ['', ['Yard']],
    ])
    for (const group of groups) {
      expect(camerasOfGroup(group.id, cameras)).toEqual(group.cameras)
      expect(groupName(group.id)).toBe(group.name)
    }
  })

  test('by link, by the name people gave it', () => {
    const groups = groupsOf(cameras, 'link', linkName)
    expect(groups.map(({ name }) => name)).toEqual(['gate', 'Gatehouse', 'x:y'])
    for (const group of groups) expect(camerasOfGroup(group.id, cameras)).toEqual(group.cameras)
  })

  test('what is no group is none, and a group whose cameras are gone is empty', () => {
    for (const id of ['all', 'wall-1', 'group', 'group:size:4', ''])
      expect(camerasOfGroup(id, cameras)).toBeNull()
    expect(camerasOfGroup('group:place:Roof', cameras)).toEqual([])
  })

  test('every word typed must be found, in whatever case', () => {
    const found = (typed: string) =>
      cameras.filter((one) => matches(one, typed, linkName(one.link))).map(({ name }) => name)
    expect(found('')).toHaveLength(4)
    expect(found('lobby gate')).toEqual(['Front door', 'Gate'])
    expect(found('  FRONT lobby ')).toEqual(['Front door'])
    expect(found('front yard')).toEqual([])
  })

  test('an alert’s camera is the one its link knows by that id, and no other link’s', () => {
    const of = { source: 'eye' as LinkId, kind: 'server-alert' } as const
    expect(cameraOf({ ...of, device: 'a' as never }, cameras)?.name).toBe('Front door')
    expect(cameraOf({ ...of, device: 'main' as never }, cameras)).toBeUndefined()
    expect(cameraOf({ ...of, device: null }, cameras)).toBeUndefined()
  })

  test('a rule’s alert that came by a face server is of the camera its message names, where there is one', () => {
    const of = { source: 'faces' as LinkId, device: null } as const
    const raw = (camera: unknown) => JSON.stringify({ rule: { name: 'x' }, event: { camera } })
    const found = (kind: 'detection' | 'server-alert', text: string | null) =>
      cameraOf({ ...of, kind }, cameras, text)?.name
    expect(found('detection', raw('eye/a'))).toBe('Front door')
    expect(found('detection', raw('eye/gone'))).toBeUndefined()
    expect(found('detection', raw({}))).toBeUndefined()
    for (const text of [null, '', 'null', '[]', '{"event":7}', '{{'])
      expect(found('detection', text)).toBeUndefined()
    // What another server wrote into its own message is not ours to believe.
    expect(found('server-alert', raw('eye/a'))).toBeUndefined()
  })
})

describe('layouts in one press', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 40 })
  const named = (numbers: readonly number[]) => numbers.map((number) => `link/${number}` as CameraId)

  test('keep the wall’s cameras first, have no overlap, and are known again', () => {
    fc.assert(
      fc.property(ids, ids, fc.constantFrom(...presets), (on, all, count) => {
        const before: Wall = automaticWall(named(on), 'w', 'W')
        const after = applyPreset(before, count, named(all))
        expect(after.tiles.length).toBe(Math.min(count, new Set([...on, ...all]).size))
        expect(tidy(after)).toEqual(after)
        const kept = after.tiles.map((tile) => tile.camera)
        expect(kept.slice(0, on.length)).toEqual(named(on).slice(0, count))
        if (after.tiles.length === count)
          expect(presets.filter((one) => isPreset(after, one))).toEqual([count])
      }),
    )
  })
})
