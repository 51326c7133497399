/** The installation and the session: read at each connection, after signing on, and when a setting changes. */
import { mayAct, type Role } from '../../contract/roles.ts'
import type { Site } from '../../contract/site.ts'
import { Cell, useCell } from './cell.ts'
import { useClient } from './client.ts'
import { remembered } from './remembered.ts'
import type { Sources } from './sources.ts'

const site = new Cell<Site | undefined>(undefined)
const name = remembered<string>('name', '', (value): value is string => typeof value === 'string')

/** Given again with every hello, so that acts keep their author over a reconnection. */
export function signedOnAs(): string | undefined {
  return name.get() === '' ? undefined : name.get()
}

/** Calls when somebody signs on. */
export function watchName(listener: () => void): void {
  name.subscribe(listener)
}

/** Called once, at start. */
export function watchSite(sources: Sources): void {
  const { client, tables } = sources
  client.onStatus((status) => {
    if (status.is === 'ready') void refresh(sources)
  })
  tables.settings.subscribe(() => void refresh(sources))
  // The first device or link of one's own ends the first run.
  let known = ''
  const recount = () => {
    const now = `${tables.links.rows()?.length} ${tables.devices.rows()?.length}`
    if (now !== known) void refresh(sources)
    known = now
  }
  tables.links.subscribe(recount)
  tables.devices.subscribe(recount)
}

async function refresh(sources: Sources): Promise<void> {
  if (sources.client.status.is !== 'ready') return
  try {
    site.set(await sources.client.call('site', {}))
  } catch {
    // The pipe broke in between: the next `ready` asks again.
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
