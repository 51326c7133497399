/** The people the face engine of this installation knows, as rows. What is erased is overwritten on disk. */
import type { Database } from 'better-sqlite3'
import { Fault, never } from '../../contract/fault.ts'
import type { FaceChange, KeptFacePhoto } from '../../contract/known-faces.ts'
import { overwriting } from './overwriting.ts'
import type { FacePhotoBytes } from './store.ts'

export class FaceWrites {
  readonly #db: Database
  readonly #sql

  constructor(db: Database) {
    this.#db = db
    this.#sql = {
      addPerson: db.prepare('INSERT INTO face_people (name, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING'),
      rename: db.prepare('UPDATE OR IGNORE face_people SET name = ? WHERE name = ?'),
      personNamed: db.prepare<[string], number>('SELECT id FROM face_people WHERE name = ?').pluck(),
      givePhotos: db.prepare('UPDATE face_photos SET person = ? WHERE person = ?'),
      removePerson: db.prepare('DELETE FROM face_people WHERE name = ?'),
      addPhoto: db.prepare(`INSERT INTO face_photos (id, person, mime, added_at, event, bytes)
        SELECT ?, id, ?, ?, ?, ? FROM face_people WHERE name = ? ON CONFLICT (id) DO NOTHING`),
      removePhoto: db.prepare('DELETE FROM face_photos WHERE id = ?'),
      learned: db.prepare('UPDATE face_photos SET embedding = ?, trouble = ? WHERE id = ?'),
      forgetLearned: db.prepare("UPDATE face_photos SET embedding = NULL, trouble = ''"),
    }
  }

  change(change: FaceChange): void {
    switch (change.do) {
      case 'add-person':
        this.#sql.addPerson.run(change.name, change.at)
        return
      case 'rename-person':
        overwriting(this.#db, () => this.#sql.rename.run(change.to, change.name))
        return
      case 'merge-people':
        overwriting(this.#db, () => this.#merge(change.name, change.into))
        return
      case 'remove-person':
        overwriting(this.#db, () => this.#sql.removePerson.run(change.name))
        return
      case 'add-photo': {
        const { id, name, mime, at, event, bytes } = change
        this.#sql.addPhoto.run(id, mime, at, event, bytes, name)
        return
      }
      case 'remove-photo':
        overwriting(this.#db, () => this.#sql.removePhoto.run(change.id))
        return
      case 'learned': {
        const { id, embedding, trouble } = change
        overwriting(this.#db, () =>
          this.#sql.learned.run(embedding === null ? null : bytesOf(embedding), trouble, id),
        )
        return
      }
      case 'forget-learned':
        overwriting(this.#db, () => this.#sql.forgetLearned.run())
        return
      default:
        never(change, 'face change')
    }
  }

  /** Done twice it is the same as once: the second time there is nobody of that name. */
  #merge(name: string, into: string): void {
    const [from, to] = [this.#sql.personNamed.get(name), this.#sql.personNamed.get(into)]
    if (from === undefined || to === undefined || from === to) return
    this.#sql.givePhotos.run(to, from)
    this.#sql.removePerson.run(name)
  }
}

interface PhotoRow {
  readonly id: string
  readonly person: string
  readonly size_bytes: number
  readonly added_at: number
  readonly event: string | null
  readonly trouble: string
  readonly embedding: Buffer | null
}

export class FaceReads {
  readonly #sql

  constructor(db: Database) {
    this.#sql = {
      people: db.prepare<[], string>('SELECT name FROM face_people ORDER BY name').pluck(),
      photos: db.prepare<
        [],
        PhotoRow
      >(`SELECT f.id, p.name AS person, length(f.bytes) AS size_bytes, f.added_at, f.event,
        f.trouble, f.embedding FROM face_photos f JOIN face_people p ON p.id = f.person ORDER BY f.added_at, f.id`),
      photo: db.prepare<[string], { mime: FacePhotoBytes['mime']; bytes: Buffer }>(
        'SELECT mime, bytes FROM face_photos WHERE id = ?',
      ),
    }
  }

  library(): { people: string[]; photos: KeptFacePhoto[] } {
    return { people: this.#sql.people.all(), photos: this.#sql.photos.all().map(photoOf) }
  }

  photo(id: string): FacePhotoBytes {
    const row = this.#sql.photo.get(id)
    if (row === undefined)
      throw new Fault('not-found', 'There is no such photo.', 'Somebody may have removed it; look again.')
    return { mime: row.mime, bytes: new Uint8Array(row.bytes) }
  }
}

function photoOf(row: PhotoRow): KeptFacePhoto {
  const { id, person, event, trouble, embedding } = row
  return {
    id,
    person,
    sizeBytes: row.size_bytes,
    addedAt: row.added_at,
    event,
    trouble,
    embedding: embedding === null ? null : floatsOf(embedding),
  }
}

/** Little-endian on disk, whatever the machine. */
function bytesOf(floats: Float32Array): Buffer {
  const bytes = Buffer.alloc(floats.length * 4)
  for (const [at, value] of floats.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes
}

function floatsOf(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4))
}
