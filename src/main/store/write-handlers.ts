/** What each write request does inside the writer's transaction: one line per name of the store's writing methods. */
import type { AlertWrites } from './alert-writes.ts'
import type { Commit } from './commit.ts'
import type { EventWrites } from './event-writes.ts'
import type { Job, Step } from './job.ts'
import type { KeptWrites } from './kept-rows.ts'
import type { FaceWrites } from './known-faces.ts'
import type { Args, Request, Result, WriteName } from './messages.ts'
import { firstPlaceAt } from './places.ts'
import type { RecordWrites } from './record-writes.ts'
import type { RuleWrites } from './rule-writes.ts'
import type { TrendWrites } from './trend-rows.ts'

type Handler = (job: Job, commit: Commit, ...args: never[]) => Step
export type Handlers = Readonly<Partial<Record<Request['name'], Handler>>>
type Typed = { readonly [N in WriteName]: (job: Job, commit: Commit, ...args: Args<N>) => Step }

/** About 10 ms of work: an alert that comes meanwhile waits no longer than that. */
const prunedAtATime = 100
const eventsPrunedAtATime = 64
const trendsPrunedAtATime = 500

/** What the handlers write with. */
export interface Writes {
  readonly alerts: AlertWrites
  readonly events: EventWrites
  readonly faces: FaceWrites
  readonly rules: RuleWrites
  readonly kept: KeptWrites
  readonly records: RecordWrites
  readonly trends: TrendWrites
}

export function writeHandlers({ alerts, events, faces, rules, kept, records, trends }: Writes): Handlers {
  const typed: Typed = {
    raise: (_, commit, alert) => done<'raise'>(alerts.raise(alert, commit)),
    clear(job, commit, what) {
      const piece = alerts.clear(what, commit)
      const soFar = [...job.soFar, ...piece.result]
      return piece.done ? { done: true, value: soFar as never } : { done: false, job: { ...job, soFar } }
    },
    act(_, commit, act, orders) {
      const alert = alerts.act(
        act,
        orders.some((order) => order.alert === act.alert),
        commit,
      )
      records.enqueue(orders, commit)
      return done<'act'>(alert)
    },
    enqueue: (_, commit, orders) => done<'enqueue'>(records.enqueue(orders, commit)),
    settle: (_, commit, id, outcome) => done<'settle'>(records.settle(id, outcome, commit)),
    discard: (_, commit, id) => done<'discard'>(records.discard(id, commit)),
    addTimeline: (_, commit, entry) => done<'addTimeline'>(records.addTimeline(entry, commit)),
    cover: (_, __, source, state, at) => done<'cover'>(records.cover(source, state, at)),
    resumeCoverage: (_, __, at) => done<'resumeCoverage'>(records.resumeCoverage(at)),
    saveDevice: (_, __, device) => done<'saveDevice'>(records.saveDevice(device)),
    forgetDevice: (_, __, id) => done<'forgetDevice'>(records.forgetDevice(id)),
    saveLink: (_, __, profile) => done<'saveLink'>(records.saveLink(profile)),
    removeLink: (_, __, id) => done<'removeLink'>(records.removeLink(id)),
    saveSetting: (_, __, key, value) => done<'saveSetting'>(records.saveSetting(key, value)),
    prune(job, _, before) {
      const piece = alerts.prune(firstPlaceAt(before), job.from, prunedAtATime)
      const gone = job.gone + piece.gone
      if (piece.next === null) return done<'prune'>(gone)
      return { done: false, job: { ...job, gone, from: piece.next } }
    },
    addEvent: (_, commit, event) => done<'addEvent'>(events.add(event, commit)),
    pruneEvents(job, _, before) {
      const piece = events.prune(before, eventsPrunedAtATime)
      const gone = job.gone + piece
      if (piece < eventsPrunedAtATime) return done<'pruneEvents'>(gone)
      return { done: false, job: { ...job, gone } }
    },
    nameEvent: (_, commit, seq, person) => done<'nameEvent'>(events.name(seq, person, commit)),
    dismissEvent: (_, commit, seq, by, at) => done<'dismissEvent'>(events.dismiss(seq, by, at, commit)),
    mergeEvents(job, commit, from, into) {
      const piece = events.merge(from, into, eventsPrunedAtATime, commit)
      const gone = job.gone + piece
      if (piece < eventsPrunedAtATime) return done<'mergeEvents'>(gone)
      return { done: false, job: { ...job, gone } }
    },
    eraseEvents(job, _, person) {
      const piece = events.erase(person, eventsPrunedAtATime)
      const gone = job.gone + piece
      if (piece < eventsPrunedAtATime) return done<'eraseEvents'>(gone)
      return { done: false, job: { ...job, gone } }
    },
    changeFaces(_, commit, change) {
      faces.change(change)
      if (change.do === 'merge-people') rules.followMerge(change, commit)
      if (change.do === 'rename-person') rules.followRename(change, commit)
      return done<'changeFaces'>(undefined)
    },
    renameInRules: (_, commit, renamed) => done<'renameInRules'>(rules.followRename(renamed, commit)),
    keep: (_, __, kind, ...rows) => done<'keep'>(kept.keep(kind, rows)),
    unkeep: (_, __, kind, ...ids) => done<'unkeep'>(kept.unkeep(kind, ids)),
    addTrends: (_, __, points) => done<'addTrends'>(trends.add(points)),
    pruneTrends(job, _, before, most) {
      const { gone, series, isMore } = trends.prune(before, most, job.from, trendsPrunedAtATime)
      if (series === null) return done<'pruneTrends'>(job.gone)
      return { done: false, job: { ...job, gone: job.gone + gone, from: isMore ? series - 1 : series } }
    },
  }
  const stayAlive: Handler = (_, __, ...args) => done<'cover'>(records.stayAlive(Number(args[0])))
  return { ...typed, stayAlive }
}

function done<N extends WriteName>(value: Result<N>): Step {
  return { done: true, value: value as never }
}
