/** What the sightings list shows and which one is open; kept while the operator looks at other views. */
import type { DetectionEvent } from '../../../contract/events.ts'
import { Cell } from '../../data/cell.ts'
import { emptySightingQuery, type SightingQuery } from './sighting-query.ts'

export const sightingQuery = new Cell<SightingQuery>(emptySightingQuery)
/** What was changed here last: an old sighting is not among the newest ones, which the app tells by itself. */
export const changedSighting = new Cell<DetectionEvent | null>(null)
export const selectedSighting = new Cell<string | null>(null)

/** Every sighting of one person, however long ago. */
export function showPerson(person: string): void {
  sightingQuery.set({ ...emptySightingQuery, span: { is: 'all' }, people: [person] })
}
