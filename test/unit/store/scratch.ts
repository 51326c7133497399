/** What the store tests share: a folder of their own, and an open store that is closed again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { silentLog } from '../../../src/main/log.ts'
import { openStore, type StoreOptions } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'

export { alert, camera, hub, id, order, start } from './scratch-alerts.ts'

export function scratchDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export async function scratchStore(dir = scratchDir(), options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ dir, log: silentLog, appVersion: '0.0.0', ...options })
  onTestFinished(() => store.close())
  return store
}
