/** The engine's link over a real store: people, photos that wait to be learned, names for faces, and what is left after a removal. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DeviceFaces } from '../../../../src/contract/analysis.ts'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { DeviceId } from '../../../../src/contract/devices.ts'
import { LinkId } from '../../../../src/contract/links.ts'
import { settingsTable } from '../../../../src/contract/settings.ts'
import { deviceFaces } from '../../../../src/main/drivers/device-faces/index.ts'
import type { FacesFound, Fact } from '../../../../src/main/fact.ts'
import type { RunningLink } from '../../../../src/main/link.ts'
import { silentLog } from '../../../../src/main/log.ts'
import type { ChangeLibrary, Delivery } from '../../../../src/main/order.ts'
import type { Store } from '../../../../src/main/store/store.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'
import { scratchDir, scratchStore } from '../../store/scratch.ts'
import { HandClock } from '../blue-light/hand-clock.ts'
import { base64Of, faceOf } from './faces.ts'

const link = LinkId.parse('device-faces')
const door = CameraId.parse('yard/door')
const profile = { id: link, driver: 'device-faces', name: 'Engine', enabled: true, threshold: 0.7 } as const
const photo = {
  mime: 'image/jpeg',
  base64: readFileSync(join(import.meta.dirname, '../../../assets/faces/collins.jpg')).toString('base64'),
} as const
const here = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 }

interface Stand {
  readonly store: Store
  readonly clock: HandClock
  readonly running: RunningLink
  readonly facts: Fact[]
  change(change: ChangeLibrary['change']): Promise<Delivery>
  see(embedding: Float32Array | null, box?: typeof here): FacesFound
  people(): string[]
  state(): string | undefined
}

async function stand(store: Store): Promise<Stand> {
  const clock = new HandClock()
  const facts: Fact[] = []
  const running = await deviceFaces.open({
    profile,
    settings: Object.fromEntries(
      Object.entries(settingsTable).map(([key, { fallback }]) => [key, fallback]),
    ) as never,
    clock,
    log: silentLog,
    knownDevices: [],
    secret: slotWith(),
    site: emptySite,
    faces: {
      read: () => store.faceLibrary(),
      photo: (id) => store.facePhoto(id),
      change: (change) => store.changeFaces(change),
    },
    inspected: () => false,
    raise: async () => ({ seq: 1, duplicate: false }),
    tell: (fact) => void facts.push(fact),
  })
  return {
    store,
    clock,
    running,
    facts,
    change: (change) =>
      running.deliver({ type: 'change-library', id: 'o', link, device: DeviceId.parse('An'), change }),
    see(embedding, box = here) {
      const found: DeviceFaces = {
        camera: door,
        frame: 7,
        receivedAt: clock.now(),
        passedOver: 0,
        tookMs: 40,
        faces: [{ box, score: 0.9, embedding: embedding === null ? null : base64Of(embedding) }],
        picture: { base64: photo.base64, widthPx: 1, heightPx: 1 },
      }
      running.deviceEngine?.found(found)
      const fact = facts.findLast((one) => one.type === 'faces-found')
      if (fact?.type !== 'faces-found') throw new Error('nothing was told')
      return fact
    },
    people: () => {
      const fact = facts.findLast((one) => one.type === 'people-reported')
      return fact?.type === 'people-reported'
        ? fact.people.map(({ name, photoCount }) => `${name} ${photoCount}`)
        : []
    },
    state: () => {
      const fact = facts.findLast((one) => one.type === 'link-reported')
      return fact?.type === 'link-reported' ? fact.state.is : undefined
    },
  }
}

async function withAn(store: Store): Promise<Stand & { readonly file: string }> {
  const made = await stand(store)
  await made.change({ do: 'add-person', name: 'An' })
  await made.change({ do: 'add-photo', name: 'An', photo, event: '41' })
  const [file = ''] = made.running.deviceEngine?.photos() ?? []
  await made.running.deviceEngine?.learned(file, faceOf(1), '')
  return { ...made, file }
}

describe('the engine of this installation', () => {
  it('lists whom it was told of, has a photo learned by a screen, and names the face from then on', async () => {
    const s = await stand(await scratchStore())
    expect((await s.change({ do: 'add-person', name: 'An' })).is).toBe('delivered')
    const added = await s.change({ do: 'add-photo', name: 'An', photo })
    expect(added).toMatchObject({
      is: 'delivered',
      said: 'it is learned as soon as a screen is there to do it',
    })
    expect(s.people()).toEqual(['An 1'])

    const [file = ''] = s.running.deviceEngine?.photos() ?? []
    expect(Buffer.from((await s.running.deviceEngine?.photo(file)) ?? []).toString('base64')).toBe(
      photo.base64,
    )
    expect(await s.running.library?.photos('An')).toMatchObject([{ file, learned: 'waiting' }])
    expect(s.see(faceOf(1)).faces).toMatchObject([{ person: null, confidence: null }])

    await s.running.deviceEngine?.learned(file, faceOf(1), '')
    expect(s.running.deviceEngine?.photos()).toEqual([])
    expect(await s.running.library?.photos('An')).toMatchObject([{ file, learned: 'yes' }])
    const found = s.see(faceOf(1, 6))
    expect(found).toMatchObject({ link, camera: door, frame: 7, faces: [{ person: 'An', box: here }] })
    expect(found.faces[0]?.confidence).toBeCloseTo(0.833, 3)
    // What the screen says of the picture's size is not believed: the picture itself says it.
    expect(found.picture).toMatchObject({ widthPx: 320, heightPx: 320 })
    expect(s.see(null).faces).toMatchObject([{ person: 'An' }])
    expect(s.see(faceOf(5)).faces).toMatchObject([{ person: null }])
  })

  it('says why a photo could not be learned and does not ask for it again, until everything is learned anew', async () => {
    const s = await withAn(await scratchStore())
    await s.running.deviceEngine?.learned(s.file, null, '2 faces are in it; cut it to one')
    expect(await s.running.library?.photos('An')).toMatchObject([
      { learned: 'no', trouble: '2 faces are in it; cut it to one' },
    ])
    expect(s.see(faceOf(1)).faces).toMatchObject([{ person: null }])
    expect(s.running.deviceEngine?.photos()).toEqual([])
    let woken = 0
    const stop = s.running.deviceEngine?.onPhotos(() => {
      woken += 1
    })
    expect(await s.change({ do: 'train' })).toMatchObject({
      is: 'delivered',
      said: expect.stringMatching(/^1 photos/),
    })
    expect(s.running.deviceEngine?.photos()).toEqual([s.file])
    expect(woken).toBe(1)
    stop?.()
  })

  it('knows everybody again after a restart', async () => {
    const dir = scratchDir()
    const store = await scratchStore(dir)
    const before = await withAn(store)
    await before.running.close()
    await store.close()
    const after = await stand(await scratchStore(dir))
    expect(after.people()).toEqual(['An 1'])
    expect(after.see(faceOf(1)).faces).toMatchObject([{ person: 'An', confidence: 1 }])
    expect(after.running.library?.cutFrom?.('41')).toEqual([{ person: 'An', file: before.file }])
  })

  it('erases a person with photos and what was learned: nothing of it is left in the files', async () => {
    const dir = scratchDir()
    const store = await scratchStore(dir)
    const s = await withAn(store)
    const face = Buffer.from(base64Of(faceOf(1)), 'base64').subarray(400, 464)
    const picture = Buffer.from(photo.base64, 'base64').subarray(9000, 9064)
    const held = () => {
      const file = readFileSync(join(dir, 'watchfloor.db'))
      return [file.includes(face), file.includes(picture)]
    }
    expect((await s.change({ do: 'remove-person', name: 'An' })).is).toBe('delivered')
    expect(s.people()).toEqual([])
    expect(s.see(faceOf(1)).faces).toMatchObject([{ person: null }])
    expect(await store.faceLibrary()).toEqual({ people: [], photos: [] })
    await expect(store.facePhoto(s.file)).rejects.toMatchObject({ code: 'not-found' })
    await s.running.close()
    await store.close()
    expect(held()).toEqual([false, false])

    // The same without the removal: so the bytes looked for are really there.
    const other = scratchDir()
    const kept = await scratchStore(other)
    const t = await withAn(kept)
    await t.running.close()
    await kept.close()
    const file = readFileSync(join(other, 'watchfloor.db'))
    expect([file.includes(face), file.includes(picture)]).toEqual([true, true])
  })

  it('renames somebody everywhere, and refuses in words what cannot be', async () => {
    const s = await withAn(await scratchStore())
    expect(await s.change({ do: 'add-person', name: 'An' })).toMatchObject({
      is: 'refused',
      reason: 'An is in the library already',
    })
    await s.change({ do: 'rename-person', name: 'An', to: 'An Le', by: 'Linh', keepsOld: false })
    expect(s.people()).toEqual(['An Le 1'])
    expect(s.see(faceOf(1)).faces).toMatchObject([{ person: 'An Le' }])
    const refused: ChangeLibrary['change'][] = [
      { do: 'rename-person', name: 'An', to: 'Other', by: 'Linh', keepsOld: false },
      { do: 'remove-person', name: 'An' },
      { do: 'add-photo', name: 'An', photo },
      { do: 'add-photo', name: 'An Le', photo: { mime: 'image/jpeg', base64: 'bm8gcGljdHVyZQ==' } },
      { do: 'add-photo', name: 'An Le', photo: { mime: 'image/png', base64: photo.base64 } },
      { do: 'remove-photo', name: 'An Le', file: 'other.jpg' },
    ]
    for (const change of refused) expect(await s.change(change), change.do).toMatchObject({ is: 'refused' })
    expect(s.people()).toEqual(['An Le 1'])
  })

  it('makes two people one: their photos find the one who stays, over a restart, and the other name is nowhere in the file', async () => {
    const dir = scratchDir()
    const store = await scratchStore(dir)
    const s = await withAn(store)
    const gone = 'Nguyễn Thị Ẩn Danh'
    await s.change({ do: 'add-person', name: gone })
    await s.change({ do: 'add-photo', name: gone, photo })
    const [file = ''] = s.running.deviceEngine?.photos() ?? []
    await s.running.deviceEngine?.learned(file, faceOf(2), '')
    expect(s.see(faceOf(2)).faces).toMatchObject([{ person: gone }])
    expect((await s.change({ do: 'merge-people', name: gone, into: 'An', by: 'Linh' })).is).toBe('delivered')
    expect(s.people()).toEqual(['An 2'])
    expect(s.see(faceOf(2)).faces).toMatchObject([{ person: 'An' }])
    expect(await s.change({ do: 'merge-people', name: gone, into: 'An', by: 'Linh' })).toMatchObject({
      is: 'refused',
      reason: `${gone} is not in the library`,
    })
    expect(await s.change({ do: 'merge-people', name: 'An', into: 'An', by: 'Linh' })).toMatchObject({
      is: 'refused',
    })
    await s.running.close()
    await store.close()
    expect(readFileSync(join(dir, 'watchfloor.db')).includes(gone)).toBe(false)

    const again = await scratchStore(dir)
    const after = await stand(again)
    expect(after.people()).toEqual(['An 2'])
    expect(after.see(faceOf(2)).faces).toMatchObject([{ person: 'An' }])
    await after.change({ do: 'remove-person', name: 'An' })
    expect(await again.faceLibrary()).toEqual({ people: [], photos: [] })
  })

  it('merges nobody into more photos than one person may have, and says how many are too many', async () => {
    const s = await stand(await scratchStore())
    for (const [name, many] of [
      ['An', 11],
      ['Binh', 12],
    ] as const) {
      await s.change({ do: 'add-person', name })
      for (let n = 0; n < many; n += 1) {
        const bytes = Buffer.concat([Buffer.from(photo.base64, 'base64'), Buffer.from([n])])
        const added = await s.change({
          do: 'add-photo',
          name,
          photo: { mime: 'image/jpeg', base64: bytes.toString('base64') },
        })
        expect(added.is).toBe('delivered')
      }
    }
    expect(await s.change({ do: 'merge-people', name: 'An', into: 'Binh', by: 'Linh' })).toMatchObject({
      is: 'refused',
      reason: expect.stringMatching(/23 photos.*at most 20; remove 3 first/),
    })
    expect(s.people()).toEqual(['An 11', 'Binh 12'])
  })

  it('is live while a screen reports, and listens when none has for five seconds', async () => {
    const s = await stand(await scratchStore())
    expect(s.state()).toBe('listening')
    s.see(null)
    expect(s.state()).toBe('live')
    s.clock.advance(4000)
    s.see(null)
    s.clock.advance(4000)
    expect(s.state()).toBe('live')
    s.clock.advance(1500)
    expect(s.state()).toBe('listening')
    await s.running.close()
    expect(s.state()).toBe('stopped')
  })
})
