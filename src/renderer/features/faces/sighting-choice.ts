/** What the sightings list shows and which one is open; kept while the operator looks at other views. */
import { Cell } from '../../data/cell.ts'
import { emptySightingQuery, type SightingQuery } from './sighting-query.ts'

export const sightingQuery = new Cell<SightingQuery>(emptySightingQuery)
export const selectedSighting = new Cell<string | null>(null)

/** Every sighting of one person, however long ago. */
export function showPerson(person: string): void {
  sightingQuery.set({ ...emptySightingQuery, span: { is: 'all' }, people: [person] })
}
