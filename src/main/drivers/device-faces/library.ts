/** The people the engine knows: held in memory for matching, changed on the shelf first, and told whenever they change. */
import { createHash } from 'node:crypto'
import type { Person, PersonPhoto } from '../../../contract/faces.ts'
import { Fault, never } from '../../../contract/fault.ts'
import type { FaceChange, KeptFacePhoto } from '../../../contract/known-faces.ts'
import type { LinkProfile } from '../../../contract/links.ts'
import { jpegSize } from '../../io/picture.ts'
import type { FaceShelf, LinkContext } from '../../link.ts'
import type { ChangeLibrary } from '../../order.ts'
import { isSound } from './matching.ts'

export type DeviceFacesProfile = Extract<LinkProfile, { driver: 'device-faces' }>

/** Each face that is found is compared with every photo. */
const mostPeople = 2000
const mostPhotosEach = 20
/** A PNG begins with these eight bytes (PNG specification §5.2). */
const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** What was refused, in words; the change was not made. */
export class NotPossible extends Error {}

export class Library {
  readonly #context: LinkContext<DeviceFacesProfile>
  readonly #shelf: FaceShelf
  readonly #listeners = new Set<() => void>()
  #people = new Set<string>()
  #photos = new Map<string, KeptFacePhoto>()

  constructor(context: LinkContext<DeviceFacesProfile>) {
    if (context.faces === undefined) throw new Error('the face engine was opened without a place for faces')
    this.#context = context
    this.#shelf = context.faces
  }

  async read(): Promise<void> {
    const { people, photos } = await this.#shelf.read()
    this.#people = new Set(people)
    this.#photos = new Map(photos.map((photo) => [photo.id, photo]))
    this.#changed()
  }

  photos(): Iterable<KeptFacePhoto> {
    return this.#photos.values()
  }

  /** Photos nobody has learned yet. */
  waiting(): string[] {
    return [...this.#photos.values()]
      .filter(({ embedding, trouble }) => embedding === null && trouble === '')
      .map(({ id }) => id)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  photosOf(name: string): PersonPhoto[] {
    this.#known(name)
    return this.#of(name).map(({ id, sizeBytes, addedAt, embedding, trouble }) => ({
      file: id,
      sizeBytes,
      addedAt,
      learned: embedding !== null ? 'yes' : trouble === '' ? 'waiting' : 'no',
      trouble,
    }))
  }

  picture(id: string): ReturnType<FaceShelf['photo']> {
    return this.#shelf.photo(id)
  }

  cutFrom(event: string): { person: string; file: string }[] {
    return [...this.#photos.values()]
      .filter((photo) => photo.event === event)
      .map(({ id, person }) => ({ person, file: id }))
  }

  whyNotMerge(name: string, into: string): string | null {
    for (const one of [name, into]) if (!this.#people.has(one)) return `${one} is not in the library`
    if (name === into) return 'these are not two people'
    const together = this.#of(name).length + this.#of(into).length
    return together <= mostPhotosEach
      ? null
      : `${name} and ${into} have ${together} photos together and one person has at most ${mostPhotosEach}; remove ${together - mostPhotosEach} first`
  }

  async learned(id: string, embedding: Float32Array | null, reason: string): Promise<void> {
    const photo = this.#photos.get(id)
    if (photo === undefined) return // removed while it was being learned
    const sound = embedding !== null && isSound(embedding) ? embedding : null
    const trouble = sound === null ? reason || 'it could not be learned' : ''
    await this.#shelf.change({ do: 'learned', id, embedding: sound, trouble })
    const now = this.#photos.get(id)
    if (now !== undefined) this.#photos.set(id, { ...now, embedding: sound, trouble })
    this.#changed()
  }

  /** Resolves with what is worth telling; rejects with NotPossible. */
  async change({ change }: ChangeLibrary): Promise<string | undefined> {
    switch (change.do) {
      case 'add-person':
        if (this.#people.has(change.name)) throw new NotPossible(`${change.name} is in the library already`)
        if (this.#people.size >= mostPeople)
          throw new NotPossible(`this engine knows ${mostPeople} people and takes no more`)
        await this.#shelve({ do: 'add-person', name: change.name, at: this.#context.clock.now() })
        this.#people.add(change.name)
        break
      case 'rename-person':
        this.#mustKnow(change.name)
        if (this.#people.has(change.to)) throw new NotPossible(`${change.to} is in the library already`)
        await this.#shelve({ ...change, at: this.#context.clock.now() })
        this.#people.delete(change.name)
        this.#people.add(change.to)
        for (const photo of this.#of(change.name)) this.#photos.set(photo.id, { ...photo, person: change.to })
        break
      case 'merge-people': {
        const { name, into, by } = change
        const reason = this.whyNotMerge(name, into)
        if (reason !== null) throw new NotPossible(reason)
        await this.#shelve({ do: 'merge-people', name, into, by, at: this.#context.clock.now() })
        this.#people.delete(name)
        for (const photo of this.#of(name)) this.#photos.set(photo.id, { ...photo, person: into })
        break
      }
      case 'remove-person':
        this.#mustKnow(change.name)
        await this.#shelve({ do: 'remove-person', name: change.name })
        this.#people.delete(change.name)
        for (const { id } of this.#of(change.name)) this.#photos.delete(id)
        break
      case 'add-photo':
        return this.#addPhoto(change)
      case 'remove-photo':
        if (this.#photos.get(change.file)?.person !== change.name)
          throw new NotPossible(`${change.name} has no such photo`)
        await this.#shelve({ do: 'remove-photo', id: change.file })
        this.#photos.delete(change.file)
        break
      case 'train': {
        await this.#shelve({ do: 'forget-learned' })
        for (const photo of this.#photos.values())
          this.#photos.set(photo.id, { ...photo, embedding: null, trouble: '' })
        this.#changed()
        return `${this.#photos.size} photos are learned again as soon as a screen is there to do it`
      }
      case 'change-settings':
        throw new NotPossible('this engine has one setting, its threshold: change it on the link')
      default:
        return never(change, 'change')
    }
    this.#changed()
    return undefined
  }

  async #addPhoto({
    name,
    photo,
    event,
  }: Extract<ChangeLibrary['change'], { do: 'add-photo' }>): Promise<string> {
    this.#mustKnow(name)
    if (this.#of(name).length >= mostPhotosEach)
      throw new NotPossible(`${name} has ${mostPhotosEach} photos already; remove one first`)
    const bytes = Buffer.from(photo.base64, 'base64')
    const isPicture =
      photo.mime === 'image/jpeg' ? jpegSize(bytes) !== null : bytes.subarray(0, 8).equals(pngStart)
    if (!isPicture) throw new NotPossible('this is no picture')
    const digest = createHash('sha256').update(name).update('\0').update(bytes).digest('hex')
    const id = `photo-${digest.slice(0, 16)}.${photo.mime === 'image/png' ? 'png' : 'jpg'}`
    const same = this.#photos.get(id)
    if (same !== undefined) throw new NotPossible(`${same.person} has this very photo already`)
    const at = this.#context.clock.now()
    await this.#shelve({ do: 'add-photo', id, name, mime: photo.mime, bytes, at, event: event ?? null })
    const kept = { id, person: name, sizeBytes: bytes.length, addedAt: at, event: event ?? null }
    this.#photos.set(id, { ...kept, embedding: null, trouble: '' })
    this.#changed()
    return 'it is learned as soon as a screen is there to do it'
  }

  #shelve(change: FaceChange): Promise<void> {
    return this.#shelf.change(change)
  }

  #of(name: string): KeptFacePhoto[] {
    return [...this.#photos.values()].filter(({ person }) => person === name)
  }

  #mustKnow(name: string): void {
    if (!this.#people.has(name)) throw new NotPossible(`${name} is not in the library`)
  }

  #known(name: string): void {
    if (!this.#people.has(name))
      throw new Fault('not-found', `${name} is not in the library`, 'Look at the list again.')
  }

  #changed(): void {
    const { profile, clock, tell } = this.#context
    const people: Person[] = [...this.#people].map((name) => ({
      id: `${profile.id}/${name}`,
      link: profile.id,
      name,
      photoCount: this.#of(name).length,
      heardAt: clock.now(),
    }))
    tell({ type: 'people-reported', link: profile.id, people })
    for (const listener of [...this.#listeners]) listener()
  }
}
