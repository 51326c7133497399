/** Every table this screen holds, one store each, over one client. Lives as long as the page. */
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Client, Row, TableName } from './client.ts'
import { TableStore } from './table-store.ts'

type Stores = { readonly [N in TableName]: TableStore<Row<N>> }

export interface Sources {
  readonly client: Client
  readonly tables: Stores
}

export function openSources(client: Client): Sources {
  const store = <N extends TableName>(name: N, keeps: 'open' | 'while-used' = 'open') =>
    new TableStore<Row<N>>((listener) => client.table(name, listener), keeps)
  return {
    client,
    tables: {
      health: store('health'),
      alerts: store('alerts'),
      'alerts.counts': store('alerts.counts'),
      devices: store('devices'),
      links: store('links'),
      orders: store('orders'),
      cameras: store('cameras'),
      plans: store('plans'),
      'analysis.now': store('analysis.now'),
      recordings: store('recordings'),
      'recordings.store': store('recordings.store'),
      walls: store('walls'),
      events: store('events'),
      rules: store('rules'),
      statistics: store('statistics'),
      'faces.now': store('faces.now', 'while-used'),
      people: store('people'),
      vehicles: store('vehicles'),
      modules: store('modules'),
      lidars: store('lidars'),
      stops: store('stops'),
      vehicleRules: store('vehicleRules'),
      'bus.recordings': store('bus.recordings'),
      settings: store('settings'),
    },
  }
}

const SourcesContext = createContext<Sources | null>(null)
export const SourcesProvider = SourcesContext.Provider

export function useSources(): Sources {
  const sources = useContext(SourcesContext)
  if (sources === null) throw new Error('a screen without sources')
  return sources
}

/** The rows of one table. `undefined` until its first snapshot: "not known yet" is not "none". */
export function useTable<N extends TableName>(name: N): readonly Row<N>[] | undefined {
  const store: Stores[N] = useSources().tables[name]
  return useSyncExternalStore(store.subscribe, store.rows)
}

/** One row: renders again when this one changes, not with every other of the table. */
export function useRow<N extends TableName>(name: N, id: string | null): Row<N> | undefined {
  const store: Stores[N] = useSources().tables[name]
  return useSyncExternalStore(store.subscribe, () => (id === null ? undefined : store.shownRow(id)))
}

/** Whether the first snapshot has come. */
export function useIsKnown(name: TableName): boolean {
  const store = useSources().tables[name]
  return useSyncExternalStore(store.subscribe, () => store.rows() !== undefined)
}
