/** What keeping trends costs the store: alerts are stored one by one while points of many registers are written, and while none are. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../src/main/log.ts'
import { openStore } from '../src/main/store/open-store.ts'
import type { Store } from '../src/main/store/store.ts'
import { type Area, percentile } from './report.ts'
import { fresh } from './store.ts'

/** As many as the app keeps of: each half minute a row of each. */
const registers = 2000
const atATime = 200
const intervalMs = 30_000
const rounds = 40
/** Between two alerts while nothing else is written. */
const restMs = 5

export const run: Area = async (row) => {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const store = await openStore({ dir, log: silentLog, appVersion: 'bench' })
  try {
    let n = 0
    const quiet: number[] = []
    for (let one = 0; one < 400; one++) {
      quiet.push(await timed(() => store.raise(fresh(n++))))
      await new Promise((resolve) => setTimeout(resolve, restMs))
    }
    const busy: number[] = []
    const batches: number[] = []
    for (let round = 0; round < rounds; round++) {
      let over = false
      const writing = interval(store, round, batches).finally(() => {
        over = true
      })
      while (!over) busy.push(await timed(() => store.raise(fresh(n++))))
      await writing
    }
    const points = registers * rounds
    await store.close()
    const bytes = statSync(join(dir, 'watchfloor.db')).size / points
    console.log(
      `  ${points} points; alert p50 ${percentile(quiet, 50).toFixed(1)} ms alone, ${percentile(busy, 50).toFixed(1)} ms beside them; ` +
        `${bytes.toFixed(0)} B a point with the alerts in the file`,
    )
    row({
      name: `alert stored while ${registers} registers' trends are written, p99`,
      value: percentile(busy, 99),
      unit: 'ms',
      target: '<= 50',
      baseline: percentile(quiet, 99),
    })
    row({
      name: `all trends of ${registers} registers written, once in ${intervalMs / 1000} s`,
      value: (percentile(batches, 50) * registers) / atATime,
      unit: 'ms',
      target: '<= 1000',
      baseline: null,
    })
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function interval(store: Store, round: number, batches: number[]): Promise<void> {
  const at = round * intervalMs
  for (let from = 0; from < registers; from += atATime) {
    const points = Array.from({ length: atATime }, (_, n) => ({
      module: `bus/${(from + n) % 32}`,
      register: `register-${from + n}`,
      at,
      least: n,
      most: n + 1.5,
      last: n + 0.5,
    }))
    batches.push(await timed(() => store.addTrends(points)))
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await act()
  return performance.now() - begun
}
