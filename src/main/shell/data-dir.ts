/** The folder of one installation: where it is, that it is private, and that only one Watchfloor uses it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../contract/fault.ts'

/** The usual place for this system's applications. */
export function usualDataDir(env: Readonly<Record<string, string | undefined>>): string {
  switch (process.platform) {
    case 'win32':
      return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Watchfloor')
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Watchfloor')
    default:
      return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'watchfloor')
  }
}

/** Makes the folder (0700) and takes its lock; a lock whose process is gone is taken over. Returns what releases it. */
export function lockDataDir(dir: string): () => void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Fault(
      'storage',
      `The data folder ${dir} cannot be made: ${String(error)}`,
      'Choose another with --data-dir.',
      error,
    )
  }
  const file = join(dir, 'lock')
  const holder = holderOf(file)
  if (holder !== null)
    throw new Fault(
      'busy',
      `Another Watchfloor (process ${holder}) uses ${dir}`,
      'Close it first, or choose another folder with --data-dir.',
    )
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }), { mode: 0o600 })
  } catch {
    // A read-only folder can still be looked at; the store says so on screen.
  }
  return () => rmSync(file, { force: true })
}

/** The pid in the lock, when that very process still runs. A number used again by another process does not count. */
function holderOf(file: string): number | null {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started: string }
    process.kill(pid, 0)
    return pid !== process.pid && startOf(pid) === started ? pid : null
  } catch {
    return null
  }
}

/** When the process began, in the system's own ticks; empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
