/** Everything that changes events: they enter, grow and are pruned. Runs inside the writer's transaction. */
import type { Database } from 'better-sqlite3'
import { type DetectionEvent, faceKinds } from '../../contract/events.ts'
import { Fault } from '../../contract/fault.ts'
import type { Commit } from './commit.ts'
import { type EventRow, eventColumns, eventOf } from './event-rows.ts'
import { overwriting } from './overwriting.ts'
import { Pictures } from './pictures.ts'
import type { NamedEvent, NewEvent, StoredEvent } from './store.ts'

interface Gone {
  readonly seq: number
  readonly class: number
  readonly person: string | null
  readonly picture: string | null
}

export class EventWrites {
  readonly #db: Database
  readonly #sql
  readonly #pictures: Pictures

  constructor(db: Database) {
    this.#db = db
    this.#pictures = new Pictures(db)
    this.#sql = statements(db)
  }

  add(fresh: NewEvent, commit: Commit): StoredEvent {
    const row = this.#sql.bySourceId.get(fresh.sourceId, fresh.link)
    return row === undefined ? this.#enter(fresh, commit) : this.#grow(row, fresh, commit)
  }

  /** Gives a sighting to a person, or to nobody; the counts of both follow. */
  name(seq: number, person: string | null, commit: Commit): NamedEvent {
    const row = this.#sql.bySeq.get(seq)
    if (row === undefined)
      throw new Fault('not-found', 'There is no such sighting.', 'It may have been pruned; look again.')
    const before = eventOf(row)
    if (!faceKinds.some((one) => one === before.kind))
      throw new Fault(
        'wrong-state',
        'This is no sighting of a face.',
        'Choose one from the list of sightings.',
      )
    if (before.person === person) return { before, event: before }
    const text = person ?? `Not ${before.person}`
    const { link, camera, at, lastAt } = before
    const kind = person === null ? 'face-unknown' : 'face-recognized'
    const inClass = this.#sql.enterClass.get(link, camera ?? '', kind, at, lastAt)
    if (inClass === undefined) throw new Error('an event class was neither added nor counted')
    if (person !== null) this.#sql.enterPerson.run(person, inClass, at, lastAt)
    this.#sql.rename.run(kind, inClass, person, text, seq)
    this.#sql.leaveClass.run(row.class)
    if (before.person !== null) this.#recount(before.person, row.class)
    // How sure somebody was that it is whom it is not says nothing.
    const { dismissed: _, ...rest } = before
    const event = { ...rest, kind, person, text, confidence: null }
    commit.events.set(seq, { event, isNew: commit.events.get(seq)?.isNew ?? false })
    return { before, event }
  }

  /** Takes a face nobody knows off the queue. Who was first stays. */
  dismiss(seq: number, by: string, at: number, commit: Commit): StoredEvent {
    const row = this.#sql.bySeq.get(seq)
    if (row === undefined)
      throw new Fault('not-found', 'There is no such sighting.', 'It may have been pruned; look again.')
    const before = eventOf(row)
    if (before.kind !== faceKinds[1])
      throw new Fault('wrong-state', 'Only a face nobody knows can be dismissed.', 'Look at it again.')
    if (before.dismissed !== undefined) return { event: before, isNew: false }
    this.#sql.dismiss.run(at, by, seq)
    const event = { ...before, dismissed: { by, at } }
    commit.events.set(seq, { event, isNew: commit.events.get(seq)?.isNew ?? false })
    return { event, isNew: true }
  }

  /** Gives up to `limit` sightings of one name to another; the counts of both follow. Fewer than `limit` moved: there are no more. */
  merge(from: string, into: string, limit: number, commit: Commit): number {
    const rows = this.#sql.rowsOfPerson.all(from, limit)
    overwriting(this.#db, () => {
      for (const row of rows) {
        // What a person named is told by the name alone; a source's own words stay as they were said.
        const text = row.text === from ? into : row.text
        this.#sql.giveTo.run(into, text, row.seq)
        this.#sql.enterPerson.run(into, row.class, row.at, row.last_at)
        const event = { ...eventOf(row), person: into, text }
        commit.events.set(row.seq, { event, isNew: commit.events.get(row.seq)?.isNew ?? false })
      }
      for (const inClass of new Set(rows.map((row) => row.class))) this.#recount(from, inClass)
      if (rows.length < limit) this.#sql.forgetPerson.run(from)
    })
    return rows.length
  }

  /** Up to `limit` sightings of that name, with their pictures. Fewer than `limit` gone: there are no more. */
  erase(person: string, limit: number): number {
    const rows = this.#sql.ofPerson.all(person, limit)
    overwriting(this.#db, () => {
      for (const row of rows) {
        this.#leave({ ...row, person: null })
        this.#recount(person, row.class)
      }
      if (rows.length < limit) this.#sql.forgetPerson.run(person)
    })
    return rows.length
  }

  /** After a correction, not after a prune: what was never true leaves no "last seen" behind. */
  #recount(person: string, inClass: number): void {
    this.#sql.recount.run({ person, class: inClass })
    this.#sql.dropPerson.run(person, inClass)
  }

  /** Up to `limit` events last seen before `before`, oldest first. Fewer than `limit` gone: there are no more. */
  prune(before: number, limit: number): number {
    const rows = this.#sql.prunable.all(before, limit)
    for (const row of rows) this.#leave(row)
    return rows.length
  }

  #leave({ seq, class: inClass, person, picture }: Gone): void {
    this.#sql.remove.run(seq)
    this.#sql.leaveClass.run(inClass)
    if (person !== null) this.#sql.leavePerson.run(person, inClass)
    if (picture !== null) this.#pictures.removeUnlessShown(picture)
  }

  #enter(fresh: NewEvent, commit: Commit): StoredEvent {
    const { sourceId, picture, raw, ...told } = fresh
    const { link, camera, kind, person, at, lastAt } = told
    const inClass = this.#sql.enterClass.get(link, camera ?? '', kind, at, lastAt)
    if (inClass === undefined) throw new Error('an event class was neither added nor counted')
    if (person !== null) this.#sql.enterPerson.run(person, inClass, at, lastAt)
    if (picture !== null) this.#pictures.add(picture)
    const evidence = picture?.evidence ?? null
    const { lastInsertRowid } = this.#sql.add.run(
      link,
      sourceId,
      inClass,
      camera,
      told.cameraName,
      kind,
      person,
      told.confidence,
      jsonOf(told.box),
      told.text,
      at,
      lastAt,
      told.count,
      told.receivedAt,
      evidence?.sha256 ?? null,
      jsonOf(evidence),
      told.pictureAt,
      raw,
    )
    const seq = Number(lastInsertRowid)
    const stored = { event: { ...told, id: String(seq), seq, evidence }, isNew: true }
    commit.events.set(seq, stored)
    return stored
  }

  /** What was said first stays; a repeat that adds nothing is no news. */
  #grow(row: EventRow, fresh: NewEvent, commit: Commit): StoredEvent {
    const before = eventOf(row)
    const event = grown(before, fresh)
    if (event === before) return { event, isNew: false }
    const isPictured = event.evidence !== before.evidence
    if (isPictured && fresh.picture !== null) this.#pictures.add(fresh.picture)
    this.#sql.grow.run(
      event.confidence,
      jsonOf(event.box),
      event.lastAt,
      event.count,
      event.evidence?.sha256 ?? null,
      jsonOf(event.evidence),
      event.pictureAt,
      row.seq,
    )
    const { evidence } = before
    // Erasing the person later finds only the picture that is shown then.
    if (isPictured && evidence !== null && evidence.sha256 !== event.evidence?.sha256)
      overwriting(this.#db, () => this.#pictures.removeUnlessShown(evidence.sha256))
    if (event.lastAt > before.lastAt) {
      this.#sql.classSeen.run(event.lastAt, row.class)
      if (row.person !== null) this.#sql.personSeen.run(event.lastAt, row.person, row.class)
    }
    const isNew = commit.events.get(row.seq)?.isNew ?? false
    commit.events.set(row.seq, { event, isNew })
    return { event, isNew: false }
  }
}

/** The very same object when nothing grew. */
function grown(before: DetectionEvent, fresh: NewEvent): DetectionEvent {
  const lastAt = Math.max(before.lastAt, fresh.lastAt)
  const count = Math.max(before.count, fresh.count)
  // A name that was taken back is still what the source says: how sure it is, is of that name.
  const isSamePerson = fresh.person === before.person
  const isSurer =
    isSamePerson &&
    fresh.confidence !== null &&
    (before.confidence === null || fresh.confidence > before.confidence)
  // A box with a time of its own comes with the picture of that moment: the surer moment's replace the ones before.
  const isBetter = isSurer && fresh.picture !== null && fresh.box?.at !== undefined
  const isPlaced = isBetter || (before.box === null && fresh.box !== null)
  const picture = isBetter || before.evidence === null ? fresh.picture : null
  const isSame = lastAt === before.lastAt && count === before.count
  if (isSame && !isSurer && !isPlaced && picture === null) return before
  return {
    ...before,
    lastAt,
    count,
    confidence: isSurer ? fresh.confidence : before.confidence,
    box: isPlaced ? fresh.box : before.box,
    ...(picture === null ? {} : { evidence: picture.evidence, pictureAt: fresh.pictureAt }),
  }
}

function jsonOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

function statements(db: Database) {
  return {
    bySourceId: db.prepare<[string, string], EventRow>(
      `SELECT ${eventColumns} FROM events WHERE source_id = ? AND link = ?`,
    ),
    bySeq: db.prepare<[number], EventRow>(`SELECT ${eventColumns} FROM events WHERE seq = ?`),
    add: db.prepare(`INSERT INTO events (link, source_id, class, camera, camera_name, kind, person, confidence, box,
      text, at, last_at, count, received_at, picture, evidence, picture_at, raw)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    grow: db.prepare(`UPDATE events SET confidence = ?, box = ?, last_at = ?, count = ?, picture = ?, evidence = ?,
      picture_at = ? WHERE seq = ?`),
    enterClass: db
      .prepare<[string, string, string, number, number], number>(
        `INSERT INTO event_classes (link, camera, kind, count, newest, last_at) VALUES (?, ?, ?, 1, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + 1, newest = max(newest, excluded.newest),
         last_at = max(last_at, excluded.last_at) RETURNING id`,
      )
      .pluck(),
    enterPerson:
      db.prepare(`INSERT INTO event_people (person, class, count, newest, last_at) VALUES (?, ?, 1, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + 1, newest = max(newest, excluded.newest),
      last_at = max(last_at, excluded.last_at)`),
    classSeen: db.prepare('UPDATE event_classes SET last_at = max(last_at, ?) WHERE id = ?'),
    personSeen: db.prepare(
      'UPDATE event_people SET last_at = max(last_at, ?) WHERE person = ? AND class = ?',
    ),
    leaveClass: db.prepare('UPDATE event_classes SET count = count - 1 WHERE id = ?'),
    leavePerson: db.prepare('UPDATE event_people SET count = count - 1 WHERE person = ? AND class = ?'),
    rename: db.prepare(
      `UPDATE events SET kind = ?, class = ?, person = ?, text = ?, confidence = NULL, dismissed_at = NULL,
       dismissed_by = NULL WHERE seq = ?`,
    ),
    recount: db.prepare(`UPDATE event_people SET
      count = (SELECT count(*) FROM events WHERE person = $person AND class = $class),
      newest = (SELECT coalesce(max(at), 0) FROM events WHERE person = $person AND class = $class),
      last_at = (SELECT coalesce(max(last_at), 0) FROM events WHERE person = $person AND class = $class)
      WHERE person = $person AND class = $class`),
    dropPerson: db.prepare('DELETE FROM event_people WHERE person = ? AND class = ? AND count = 0'),
    forgetPerson: db.prepare('DELETE FROM event_people WHERE person = ?'),
    ofPerson: db.prepare<[string, number], Gone>(
      'SELECT seq, class, person, picture FROM events WHERE person = ? ORDER BY at LIMIT ?',
    ),
    rowsOfPerson: db.prepare<[string, number], EventRow>(
      `SELECT ${eventColumns} FROM events WHERE person = ? ORDER BY at LIMIT ?`,
    ),
    dismiss: db.prepare('UPDATE events SET dismissed_at = ?, dismissed_by = ? WHERE seq = ?'),
    giveTo: db.prepare('UPDATE events SET person = ?, text = ? WHERE seq = ?'),
    prunable: db.prepare<[number, number], Gone>(
      'SELECT seq, class, person, picture FROM events WHERE last_at < ? ORDER BY last_at LIMIT ?',
    ),
    remove: db.prepare('DELETE FROM events WHERE seq = ?'),
  }
}
