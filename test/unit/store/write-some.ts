/** A process of its own that writes alerts and events and prints the id of each one the store has answered for. For kills and strace. */
import { silentLog } from '../../../src/main/log.ts'
import { openDatabaseFile } from '../../../src/main/store/database-file.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import { alert } from './scratch-alerts.ts'
import { event } from './scratch-events.ts'

const [dir = '', mode = 'endless', firstText = '0'] = process.argv.slice(2)
const first = Number(firstText)

if (mode === 'commits') {
  // Fifty commits of one alert each, one after the other.
  const store = await openStore({ dir, log: silentLog, appVersion: '0' })
  for (let n = 0; n < 50; n += 1) await store.raise(alert(n))
  await store.close()
} else if (mode === 'normal-commits') {
  // The same number of commits as a store that forgot to ask for FULL would make them.
  const { db } = openDatabaseFile({ dir, now: Date.now() })
  db.pragma('synchronous = NORMAL')
  const write = db.prepare('INSERT INTO settings (key, value) VALUES (?, ?)')
  for (let n = 0; n < 50; n += 1) write.run(`key-${n}`, '1')
  db.close()
} else {
  const store = await openStore({ dir, log: silentLog, appVersion: '0' })
  process.stdout.write('open\n')
  let next = first
  const lane = async () => {
    for (;;) {
      next += 1
      const n = next
      const { alert: kept } = await store.raise(alert(n))
      process.stdout.write(`${kept.id}\n`)
      if (n % 3 === 0) {
        const { event: seen } = await store.addEvent(event(n))
        process.stdout.write(`event ${seen.seq}\n`)
      }
      if (n % 7 === 0) {
        await store.act({ kind: 'acknowledge', alert: kept.id, by: 'Lan', at: n, note: null }, [])
      }
    }
  }
  await Promise.all(Array.from({ length: 64 }, lane))
}
