/** Looks at the database file itself, on a copy: the app's own answers are not the only witness. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

export interface FileReport {
  /** `ok`, or SQLite's words. */
  readonly integrity: string
  readonly blueLight: number
  /** Files quarantined as corrupt or newer. */
  readonly setAside: number
}

export function databaseFile(dataDir: string): string {
  const found = readdirSync(dataDir).filter((name) => /\.(db|sqlite)$/.test(name))
  const [name, ...rest] = found
  if (name === undefined || rest.length > 0)
    throw new Error(`expected one database, found: ${found.join(', ') || 'none'}`)
  return name
}

/** `dataDir` of an app that does not run. The copy takes the -wal along, so it is what a restart would see. */
export async function checkFiles(dataDir: string): Promise<FileReport> {
  const name = databaseFile(dataDir)
  const copy = mkdtempSync(join(tmpdir(), 'watchfloor-copy-'))
  try {
    for (const file of readdirSync(dataDir)) {
      if (file === name || file === `${name}-wal`) cpSync(join(dataDir, file), join(copy, file))
    }
    const db = new Database(join(copy, name))
    const [first] = db.pragma('integrity_check') as { integrity_check: string }[]
    const foreign = db.pragma('foreign_key_check') as unknown[]
    const row = db.prepare("SELECT count(*) AS n FROM alerts WHERE kind = 'blue-light'").get() as {
      n: number
    }
    db.close()
    const integrity = first?.integrity_check ?? 'no answer'
    return {
      integrity: integrity === 'ok' && foreign.length > 0 ? `${foreign.length} broken references` : integrity,
      blueLight: row.n,
      setAside: readdirSync(dataDir).filter((file) => /corrupt|newer|quarantine/.test(file)).length,
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
