/** What is deleted or changed within is overwritten with zeros in the file: for what people may want gone. */
import type { Database } from 'better-sqlite3'

/** Only around this: zeroing what every pruned alert leaves behind would cost the alerts that come in meanwhile. */
export function overwriting<T>(db: Database, run: () => T): T {
  db.pragma('secure_delete = ON')
  try {
    return run()
  } finally {
    db.pragma('secure_delete = OFF')
  }
}
