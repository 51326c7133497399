/** Whether Electron's own binary is on this machine. It is not part of `npm ci`: Electron fetches it when it is first started. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

/** Electron's package notes the name of its executable beside it once it was fetched. */
export function findElectron() {
  const folder = join(root, 'node_modules', 'electron')
  const note = join(folder, 'path.txt')
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!existsSync(note) && given === undefined) return null
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : 'electron'
  const file = join(given ?? join(folder, 'dist'), name)
  return existsSync(file) ? file : null
}
