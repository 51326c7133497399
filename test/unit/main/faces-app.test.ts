/** Faces in the whole app: the engine every installation has, a face added from a sighting, a wrong name taken back, a person erased. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Api } from '../../../src/contract/api.ts'
import type { Role } from '../../../src/contract/kinds.ts'
import { LinkId } from '../../../src/contract/links.ts'
import type { Rule } from '../../../src/contract/rules.ts'
import { type App, startApp } from '../../../src/main/app.ts'
import { readConfig } from '../../../src/main/config.ts'
import type { Client } from '../../../src/rpc/client.ts'
import { picture } from '../store/scratch-events.ts'
import { front, newEvent } from './detections.ts'
import { row, screen } from './screen.ts'

const engine = LinkId.parse('device-faces')
const photo = {
  mime: 'image/jpeg',
  base64: readFileSync(join(import.meta.dirname, '../../assets/faces/collins.jpg')).toString('base64'),
} as const

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function start(dataDir?: string): Promise<{ app: App; dir: string }> {
  const dir = dataDir ?? mkdtempSync(join(tmpdir(), 'watchfloor-faces-'))
  if (dataDir === undefined) undo.push(() => rmSync(dir, { recursive: true, force: true }))
  const app = await startApp(readConfig(['--hub-port', '0'], {}), {
    dataDir: dir,
    version: '0.0.0',
    shell: 'node',
    logSink: { write() {} },
  })
  undo.push(() => app.close())
  return { app, dir }
}

async function look(app: App, role: Role = 'admin'): Promise<Client<Api>> {
  const client = await screen((wire, session) => app.serve(wire, session), role)
  undo.push(() => client.close())
  return client
}

function seen(n: number, more: Parameters<typeof newEvent>[1] = {}) {
  return newEvent(n, { at: Date.now(), link: engine, ...more })
}

async function timelineText(app: App): Promise<string> {
  return (await app.store.timeline(0, 500)).map(({ by, text }) => `${by}: ${text}`).join('\n')
}

describe('the face engine every installation has', () => {
  it('is there from the first start, which is still one, and can neither be removed nor doubled', async () => {
    const { app } = await start()
    const client = await look(app)
    const link = await row(client, 'links', ({ id }) => id === engine)
    expect(link).toMatchObject({ driver: 'device-faces', state: { is: 'listening' } })
    expect((await client.call('site', {})).firstRun).toBe(true)
    await expect(client.call('links.remove', { id: engine })).rejects.toMatchObject({ code: 'wrong-state' })
    const second = { ...link.profile, id: LinkId.parse('second') }
    await expect(client.call('links.save', { profile: second })).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('keeps its threshold and being switched off over a restart', async () => {
    const { app, dir } = await start()
    const client = await look(app)
    const { profile } = await row(client, 'links', ({ id }) => id === engine)
    if (profile.driver !== 'device-faces') throw new Error('another driver')
    await client.call('links.save', { profile: { ...profile, threshold: 0.85, enabled: false } })
    await client.close()
    await app.close()
    const again = await look((await start(dir)).app)
    const link = await row(again, 'links', ({ id }) => id === engine)
    expect(link).toMatchObject({ profile: { threshold: 0.85 }, state: { is: 'stopped' } })
  })
})

describe('a sighting of a face nobody knew', () => {
  it('becomes the person’s whose photo was cut from it, and the photo can be looked at', async () => {
    const { app } = await start()
    const client = await look(app, 'operator')
    const { event } = await app.store.addEvent(seen(1))
    await client.call('people.add', { link: engine, name: 'An' })
    await client.call('people.photos.add', { id: `${engine}/An`, photo, event: event.id })
    const page = await client.call('events.page', { filter: { people: ['An'] }, after: null, limit: 10 })
    expect(page.rows).toMatchObject([
      { id: event.id, kind: 'face-recognized', person: 'An', confidence: null },
    ])
    expect(await row(client, 'events', ({ id }) => id === event.id)).toMatchObject({ person: 'An' })
    expect((await client.call('faces.seen', {})).people).toMatchObject([{ person: 'An', sightings: 1 }])
    const [stored] = (await client.call('people.photos', { id: `${engine}/An` })).photos
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      client.feed(
        'people.photo',
        { id: `${engine}/An`, file: stored?.file ?? '' },
        (_, sent) => resolve(sent),
        reject,
      )
    })
    expect(Buffer.from(bytes).toString('base64')).toBe(photo.base64)
    expect(await timelineText(app)).toContain(`An: added from sighting ${event.id}`)
  })
})

describe('a wrong name', () => {
  it('is taken back with who said so, and stays away while the sighting goes on', async () => {
    const { app } = await start()
    const client = await look(app, 'operator')
    const told = seen(2, { kind: 'face-recognized', person: 'An', confidence: 0.8 })
    const { event } = await app.store.addEvent(told)
    const { text } = await client.call('faces.not', { event: event.id })
    expect(text).toMatch(/threshold/)
    await app.store.addEvent({ ...told, lastAt: told.at + 3000, count: 9, confidence: 0.9 })
    const page = await client.call('events.page', {
      filter: { kinds: ['face-unknown'] },
      after: null,
      limit: 10,
    })
    expect(page.rows).toMatchObject([{ id: event.id, person: null, count: 9, confidence: null }])
    expect((await client.call('faces.seen', {})).people).toEqual([])
    expect(await timelineText(app)).toContain(`Linh: An: sighting ${event.id} is somebody else’s, says Linh`)
    expect(await client.call('faces.not', { event: event.id })).toEqual({ text: '' })
  })

  it('that came from a photo of this very sighting says which photo to remove', async () => {
    const { app } = await start()
    const client = await look(app, 'operator')
    const { event } = await app.store.addEvent(seen(3))
    await client.call('people.add', { link: engine, name: 'An' })
    await client.call('people.photos.add', { id: `${engine}/An`, photo, event: event.id })
    const [stored] = (await client.call('people.photos', { id: `${engine}/An` })).photos
    const { text } = await client.call('faces.not', { event: event.id })
    expect(text).toContain(stored?.file)
  })

  it('of another server says that only the sighting was changed; no event, no sighting and no right are refused', async () => {
    const { app } = await start()
    const client = await look(app, 'operator')
    const recognised = newEvent(4, { at: Date.now(), kind: 'face-recognized', person: 'An' })
    const { event } = await app.store.addEvent(recognised)
    const { text } = await client.call('faces.not', { event: event.id })
    expect(text).toMatch(/server offers no way/)
    const motion = await app.store.addEvent(newEvent(5, { at: Date.now(), kind: 'motion_detected' }))
    await expect(client.call('faces.not', { event: motion.event.id })).rejects.toMatchObject({
      code: 'wrong-state',
    })
    await expect(client.call('faces.not', { event: '999' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(client.call('faces.not', { event: 'x' })).rejects.toMatchObject({ code: 'bad-input' })
    const viewer = await look(app, 'viewer')
    await expect(viewer.call('faces.not', { event: event.id })).rejects.toMatchObject({ code: 'not-allowed' })
  })
})

describe('a face nobody knows that needs no more attention', () => {
  it('leaves the queue and stays in the history with who and when, over a restart and while it goes on', async () => {
    const { app, dir } = await start()
    const client = await look(app, 'operator')
    const told = seen(1)
    const { event } = await app.store.addEvent(told)
    const other = await app.store.addEvent(seen(2))
    const queue = { filter: { kinds: ['face-unknown'], dismissed: false as const }, after: null, limit: 10 }
    const { dismissed } = await client.call('faces.dismiss', { event: event.id })
    expect(dismissed).toEqual({ by: 'Linh', at: expect.any(Number) })
    expect(await client.call('faces.dismiss', { event: event.id })).toMatchObject({ dismissed })
    expect(await row(client, 'events', ({ id }) => id === event.id)).toMatchObject({ dismissed })
    await app.store.addEvent({ ...told, lastAt: told.at + 3000, count: 9 })
    expect((await client.call('events.page', queue)).rows.map(({ id }) => id)).toEqual([other.event.id])
    const said = (await timelineText(app)).split('\n').filter((text) => text.includes('dismissed'))
    expect(said).toEqual([`Linh: Sighting ${event.id} of a face nobody knows: dismissed`])
    expect((await app.store.sightings(0)).unknown).toBe(2)
    await client.close()
    await app.close()
    const again = (await start(dir)).app
    const all = await again.store.eventPage({ kinds: ['face-unknown'] }, null, 10)
    expect(all.rows.find(({ id }) => id === event.id)).toMatchObject({ count: 9, dismissed })
    await again.store.nameEvent(event.seq, 'An')
    await again.store.nameEvent(event.seq, null)
    const back = await again.store.eventPage(queue.filter, null, 10)
    expect(back.rows.map(({ id }) => id).sort()).toEqual([event.id, other.event.id].sort())
  })

  it('is neither somebody with a name, nor nothing, nor for viewers to dismiss', async () => {
    const { app } = await start()
    const client = await look(app, 'operator')
    const { event } = await app.store.addEvent(seen(3, { kind: 'face-recognized', person: 'An' }))
    for (const [id, code] of [
      [event.id, 'wrong-state'],
      ['999', 'not-found'],
      ['x', 'bad-input'],
    ] as const)
      await expect(client.call('faces.dismiss', { event: id })).rejects.toMatchObject({ code })
    const viewer = await look(app, 'viewer')
    await expect(viewer.call('faces.dismiss', { event: event.id })).rejects.toMatchObject({
      code: 'not-allowed',
    })
  })
})

describe('two people who are one', () => {
  it('become one: sightings of every link follow, and erasing the one later erases all of it', async () => {
    const { app, dir } = await start()
    const client = await look(app)
    const gone = 'Trần Văn Gộp'
    for (const name of ['An', gone]) {
      await client.call('people.add', { link: engine, name })
      await client.call('people.photos.add', { id: `${engine}/${name}`, photo })
    }
    const shot = picture('face under the other name')
    // More than one piece of work, and some of a server that uses the same name.
    for (let n = 1; n <= 130; n += 1) {
      const link = n % 2 === 0 ? engine : front
      const own = n === 7 ? { picture: shot, text: 'gate: Gộp' } : { text: gone }
      await app.store.addEvent(seen(n, { kind: 'face-recognized', person: gone, link, ...own }))
    }
    await app.store.addEvent(seen(200, { kind: 'face-recognized', person: 'An', text: 'An' }))
    await app.store.addEvent(seen(201, { kind: 'face-recognized', person: 'Binh', text: 'Binh' }))
    const when = { kinds: [], cameras: [], people: [gone, 'Binh'], confidenceAtLeast: 0, hours: null }
    const words = { name: 'Watch for', priority: 'high', instruction: '' } as const
    const rule: Rule = { id: 'watch-for', enabled: true, holdOffS: 0, ...words, when }
    await client.call('rules.save', { rule })
    const ids = { id: `${engine}/${gone}`, into: `${engine}/An` }
    expect(await client.call('people.merge', ids)).toEqual({ sightings: 130 })
    const follows = { ...rule, when: { ...when, people: ['An', 'Binh'] } }
    expect([app.live.rules.get(rule.id), ...(await app.store.kept('rule'))]).toEqual([follows, follows])
    const told = `Linh: Watch for: names An in place of ${gone}, who was merged into them`
    expect(await timelineText(app)).toContain(told)
    const ofAn = { filter: { people: ['An'] }, after: null, limit: 500 }
    const moved = (await client.call('events.page', ofAn)).rows
    expect(moved).toHaveLength(131)
    expect(new Set(moved.map(({ text }) => text))).toEqual(new Set(['An', 'gate: Gộp']))
    expect((await client.call('events.page', { ...ofAn, filter: { people: [gone] } })).rows).toEqual([])
    const { people } = await client.call('faces.seen', {})
    expect(people.map(({ person, sightings }) => `${person} ${sightings}`).sort()).toEqual([
      'An 131',
      'Binh 1',
    ])
    expect([...app.live.events.table.snapshot()].filter(({ person }) => person === gone)).toEqual([])
    expect((await client.call('people.photos', { id: `${engine}/An` })).photos).toHaveLength(2)
    expect(await timelineText(app)).toContain(`Linh: ${gone}: merged into An`)
    await expect(client.call('people.merge', ids)).rejects.toMatchObject({ code: 'not-found' })

    expect(await client.call('people.remove', { id: `${engine}/An`, sightings: true })).toEqual({
      sightings: 131,
    })
    const left = await client.call('events.page', { filter: {}, after: null, limit: 500 })
    expect(left.rows.map(({ person }) => person)).toEqual(['Binh'])
    await expect(app.store.picture(shot.evidence.sha256)).rejects.toMatchObject({ code: 'not-found' })
    expect(await app.store.faceLibrary()).toEqual({ people: [], photos: [] })
    await client.close()
    await app.close()
    const file = readFileSync(join(dir, 'watchfloor.db'))
    expect(file.includes(Buffer.from(shot.bytes.subarray(0, 64)))).toBe(false)
  })

  it('are left alone for somebody who may not, for one person, and where the library merges nobody', async () => {
    const { app } = await start()
    const client = await look(app)
    for (const name of ['An', 'Binh']) await client.call('people.add', { link: engine, name })
    const [an, binh] = [`${engine}/An`, `${engine}/Binh`]
    const operator = await look(app, 'operator')
    await expect(operator.call('people.merge', { id: an, into: binh })).rejects.toMatchObject({
      code: 'not-allowed',
    })
    await expect(client.call('people.merge', { id: an, into: an })).rejects.toMatchObject({
      code: 'wrong-state',
    })
    const elsewhere = { id: `${front}/An`, link: front, name: 'An', photoCount: 0, heardAt: null }
    app.live.people.set(elsewhere)
    await expect(client.call('people.merge', { id: an, into: elsewhere.id })).rejects.toMatchObject({
      code: 'bad-input',
    })
    expect((await app.store.faceLibrary()).people).toEqual(['An', 'Binh'])
  })
})

describe('erasing a person', () => {
  it('takes the sightings along when asked to, with their pictures, and nobody else’s', async () => {
    const { app } = await start()
    const client = await look(app)
    await client.call('people.add', { link: engine, name: 'An' })
    const shot = picture('face of An')
    for (let n = 10; n < 150; n += 1)
      await app.store.addEvent(
        seen(n, { kind: 'face-recognized', person: 'An', picture: n === 10 ? shot : null }),
      )
    await app.store.addEvent(seen(200, { kind: 'face-recognized', person: 'Binh' }))
    await row(client, 'people', ({ name }) => name === 'An')
    expect(await client.call('people.remove', { id: `${engine}/An`, sightings: true })).toEqual({
      sightings: 140,
    })
    const all = await client.call('events.page', { filter: {}, after: null, limit: 500 })
    expect(all.rows.map(({ person }) => person)).toEqual(['Binh'])
    expect((await client.call('faces.seen', {})).people).toMatchObject([{ person: 'Binh', sightings: 1 }])
    await expect(app.store.picture(shot.evidence.sha256)).rejects.toMatchObject({ code: 'not-found' })
    expect([...app.live.events.table.snapshot()].map(({ person }) => person)).toEqual(['Binh'])
  })
})
