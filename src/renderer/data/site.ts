/** The installation and the session: read at each connection, after signing on, and when a setting changes. */
import { mayAct, type Role } from '../../contract/roles.ts'
import type { Site } from '../../contract/site.ts'
import { Cell, useCell } from './cell.ts'
import { useClient } from './client.ts'
import { remembered } from './remembered.ts'
import type { Sources } from './sources.ts'

const site = new Cell<Site | undefined>(undefined)
const name = remembered<string>('name', '', (value): value is string => typeof value === 'string')

/** Called once, at start. A name given earlier is given again after each reconnection, so acts keep their author. */
export function watchSite(sources: Sources): void {
  const { client, tables } = sources
  const renew = async () => {
    try {
      if (name.get() !== '') await client.call('session.sign-on', { name: name.get() })
      site.set(await client.call('site', {}))
    } catch {
      // The pipe broke in between: the next `ready` asks again.
    }
  }
  client.onStatus((status) => {
    if (status.is === 'ready') void renew()
  })
  if (client.status().is === 'ready') void renew()
  tables.settings.subscribe(() => void refresh(sources))
  // The first link ends the first run.
  let links = -1
  tables.links.subscribe(() => {
    const count = tables.links.rows().length
    if (count !== links) void refresh(sources)
    links = count
  })
}

async function refresh(sources: Sources): Promise<void> {
  if (sources.client.status().is !== 'ready') return
  try {
    site.set(await sources.client.call('site', {}))
  } catch {
    // As above: asked again at the next connection.
  }
}

export function useSite(): Site | undefined {
  return useCell(site)
}

export function useZone(): string {
  return useCell(site)?.timeZone ?? ''
}

export function useMay(needed: Role): boolean {
  const role = useCell(site)?.role
  return role !== undefined && mayAct(role, needed)
}

export function useSignOn(): (as: string) => Promise<void> {
  const client = useClient()
  return async (as) => {
    await client.call('session.sign-on', { name: as })
    name.set(as)
    site.set(await client.call('site', {}))
  }
}
