/** The people each face server knows, and whether that server can be told anything just now. */
import { useCallback, useMemo } from 'react'
import type { Person } from '../../contract/faces.ts'
import type { Link } from '../../contract/links.ts'
import { useLinks } from './links.ts'
import { useSources, useTable } from './sources.ts'

/** By name. `undefined` until the app has told. */
export function usePeople(): readonly Person[] | undefined {
  const rows = useTable('people')
  return useMemo(
    () => rows?.toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
    [rows],
  )
}

/** The links to servers that keep a library of faces. */
export function useFaceServers(): readonly Link[] | undefined {
  const links = useLinks()
  return useMemo(
    () => links?.filter(({ driver }) => driver === 'openeye-client' || driver === 'device-faces'),
    [links],
  )
}

const answering: readonly Link['state']['is'][] = ['live', 'polling', 'silent', 'listening']

/** Asking over HTTP works as well as the socket, and our own library needs neither; anything else means that nobody would answer. */
export function isReachable(link: Pick<Link, 'state'>): boolean {
  return answering.includes(link.state.is)
}

/** When the server last confirmed its library; null before the first time since start. */
export function libraryHeardAt(people: readonly Person[]): number | null {
  return people.reduce<number | null>(
    (latest, { heardAt }) => (heardAt === null ? latest : Math.max(latest ?? heardAt, heardAt)),
    null,
  )
}

/** A server that was told of somebody lists them with its next answer; longer than this it has kept them under another name. */
const arrivalWithinMs = 10_000

/** Resolves when the person is in the library, with false when they do not come. */
export function usePersonArrival(): (id: string) => Promise<boolean> {
  const { people } = useSources().tables
  return useCallback((id) => rowArrives(people, id, arrivalWithinMs), [people])
}

interface Rows {
  readonly row: (id: string) => unknown
  readonly subscribe: (listener: () => void) => () => void
}

export function rowArrives(rows: Rows, id: string, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    if (rows.row(id) !== undefined) {
      resolve(true)
      return
    }
    const end = (isHere: boolean): void => {
      clearTimeout(timer)
      stop()
      resolve(isHere)
    }
    const stop = rows.subscribe(() => {
      if (rows.row(id) !== undefined) end(true)
    })
    const timer = setTimeout(() => end(false), withinMs)
  })
}
