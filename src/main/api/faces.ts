/** Figures, faces and libraries of people as screens see and change them. A library is its server's: changes go there at once or fail. */
import { randomUUID } from 'node:crypto'
import type { Api } from '../../contract/api.ts'
import { DeviceId } from '../../contract/devices.ts'
import type { DetectionEvent } from '../../contract/events.ts'
import type { Person } from '../../contract/faces.ts'
import { Fault } from '../../contract/fault.ts'
import type { Link, LinkId } from '../../contract/links.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { FaceLibrary } from '../link.ts'
import type { ChangeLibrary } from '../order.ts'
import { followFaces } from './found-faces.ts'
import { oneFrame } from './one-frame.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'statistics' | `faces.${string}` | 'people' | `people.${string}`>

export function faceHandlers({ store, live, dispatch, clock, links }: ApiParts): Pick<Handlers<Api>, Names> {
  function linkOf(id: LinkId): Link {
    const link = live.links.get(id)
    if (link === undefined)
      throw new Fault('not-found', `No link ${id}`, 'It may have been removed; look at the list again.')
    return link
  }

  function libraryOf(id: LinkId): FaceLibrary {
    const link = linkOf(id)
    const running = links.running(id)
    if (running === undefined)
      throw new Fault('link-down', `${link.name} is switched off`, 'Switch the link on: see Links.')
    if (running.library === undefined)
      throw new Fault('not-found', `${link.name} knows no faces`, 'Choose a link to a face server.')
    return running.library
  }

  function personOf(id: string): Person {
    const person = live.people.get(id)
    if (person === undefined)
      throw new Fault('not-found', 'Nobody of that name', 'Somebody may have removed them; look again.')
    return person
  }

  /** Sends the change, then records who made it. `about` is the person, or the link where it is about all of them. */
  async function change(
    link: LinkId,
    about: string,
    what: ChangeLibrary['change'],
    by: string,
    text: string,
  ): Promise<string | undefined> {
    libraryOf(link)
    const device = DeviceId.parse(about)
    const order = { type: 'change-library', id: randomUUID(), link, device, change: what } as const
    const { said } = await dispatch.now(order)
    await store.addTimeline({ at: clock.now(), type: 'library-changed', link, device: about, by, text })
    return said
  }

  async function eraseSightings(name: string, link: LinkId, by: string): Promise<number> {
    const gone = await store.eraseEvents(name)
    live.events.forgetPerson(name)
    const text = `${gone} sightings erased`
    await store.addTimeline({ at: clock.now(), type: 'library-changed', link, device: null, by, text })
    return gone
  }

  /** A wrong name comes from what the engine learned, which a corrected sighting does not change. */
  function whatStays(person: string, event: DetectionEvent): string {
    const library = links.running(event.link)?.library
    const photos = library?.cutFrom?.(event.id).filter((photo) => photo.person === person) ?? []
    const [photo] = photos
    if (photo !== undefined)
      return `A photo of ${person} was cut from this sighting: ${photo.file}. Remove it from the library, or it will be taken for ${person} again.`
    if (library?.cutFrom !== undefined)
      return `Only this sighting was changed. If it happens again, raise the threshold or look at ${person}’s photos.`
    return 'Only this sighting was changed here: the server offers no way to tell it.'
  }

  return {
    statistics: live.statistics,
    'faces.now': live.facesNow,
    'faces.found': ({ id }, wake) => followFaces(live.facesNow, id, wake),
    'faces.seen': async () => ({ people: [...(await store.seenPeople())] }),
    people: live.people,
    async 'people.add'({ link, name }, { user: by }) {
      await change(link, name, { do: 'add-person', name }, by, `${name}: added`)
      return {}
    },
    async 'people.rename'({ id, name: to }, { user: by }) {
      const { link, name } = personOf(id)
      // A server tells the old name until it has learned again; only the engine of this installation cannot.
      const isOurs = libraryOf(link).whyNotMerge !== undefined
      const isShared = [...live.people.snapshot()].some((other) => other.name === name && other.id !== id)
      const renamed = { name, to, by, keepsOld: !isOurs || isShared }
      await change(link, name, { do: 'rename-person', ...renamed }, by, `${name}: renamed to ${to}`)
      if (!isOurs) await store.renameInRules({ ...renamed, at: clock.now() })
      return {}
    },
    async 'people.remove'({ id, sightings }, { user: by }) {
      const { link, name } = personOf(id)
      await change(link, name, { do: 'remove-person', name }, by, `${name}: removed with all photos`)
      return { sightings: sightings === true ? await eraseSightings(name, link, by) : 0 }
    },
    async 'people.merge'({ id, into: other }, { user: by }) {
      const { link, name } = personOf(id)
      const { link: otherLink, name: into } = personOf(other)
      const { whyNotMerge } = libraryOf(link)
      if (whyNotMerge === undefined || otherLink !== link)
        throw new Fault(
          'bad-input',
          `${name} and ${into} cannot be made one`,
          'Choose two people of this installation’s own library.',
        )
      const reason = whyNotMerge(name, into)
      if (reason !== null) throw new Fault('wrong-state', `Not merged: ${reason}`)
      // Sightings first: broken off before the library follows, both are still there and it can be asked for again.
      const before = await store.mergeEvents(name, into)
      const text = `${name}: merged into ${into}`
      await change(link, into, { do: 'merge-people', name, into, by }, by, text)
      // Who was seen while the library changed still had the old name.
      return { sightings: before + (await store.mergeEvents(name, into)) }
    },
    async 'people.photos'({ id }) {
      const { link, name } = personOf(id)
      return { photos: [...(await libraryOf(link).photos(name))] }
    },
    async 'people.photos.add'({ id, photo, event }, { user: by }) {
      const { link, name } = personOf(id)
      const from = event === undefined ? {} : { event }
      await change(link, name, { do: 'add-photo', name, photo, ...from }, by, `${name}: photo added`)
      if (event !== undefined) {
        await store.nameEvent(seqOf(event), name)
        const text = `${name}: added from sighting ${event}, which is theirs now`
        await store.addTimeline({ at: clock.now(), type: 'library-changed', link, device: name, by, text })
      }
      return {}
    },
    async 'people.photo'({ id, file }) {
      const { link, name } = personOf(id)
      const { picture } = libraryOf(link)
      if (picture === undefined)
        throw new Fault('not-found', `${linkOf(link).name} does not give its photos out`)
      const { mime, bytes } = await picture(name, file)
      return oneFrame({ mime }, bytes)
    },
    async 'faces.not'({ event: id }, { user: by }) {
      const { before, event } = await store.nameEvent(seqOf(id), null)
      if (before.person === null) return { text: '' }
      const { link } = event
      const text = `${before.person}: sighting ${id} is somebody else’s, says ${by}`
      const entry = {
        at: clock.now(),
        type: 'library-changed',
        link,
        device: before.person,
        by,
        text,
      } as const
      await store.addTimeline(entry)
      return { text: whatStays(before.person, event) }
    },
    async 'faces.dismiss'({ event: id }, { user: by }) {
      const at = clock.now()
      const { event, isNew } = await store.dismissEvent(seqOf(id), by, at)
      const { link } = event
      const text = `Sighting ${id} of a face nobody knows: dismissed`
      if (isNew) await store.addTimeline({ at, type: 'library-changed', link, device: null, by, text })
      return event
    },
    async 'people.photos.remove'({ id, file }, { user: by }) {
      const { link, name } = personOf(id)
      await change(link, name, { do: 'remove-photo', name, file }, by, `${name}: photo ${file} removed`)
      return {}
    },
    async 'faces.train'({ link }, { user: by }) {
      const { name } = linkOf(link)
      const said = await change(link, name, { do: 'train' }, by, `${name}: faces learned`)
      return { text: said ?? '' }
    },
    'faces.settings': ({ link }) => libraryOf(link).settings(),
    async 'faces.settings.save'({ link, settings }, { user: by }) {
      const { name } = linkOf(link)
      const { enabled, detectionMethod, recognitionThreshold } = settings
      const text = `${name}: face recognition ${enabled ? 'on' : 'off'}, ${detectionMethod}, threshold ${recognitionThreshold}`
      await change(link, name, { do: 'change-settings', settings }, by, text)
      return {}
    },
  }
}

function seqOf(event: string): number {
  if (!/^\d{1,15}$/.test(event)) throw new Fault('bad-input', 'This is no event’s id')
  return Number(event)
}
