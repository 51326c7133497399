/** `npm run bench [-- --only hub,store] [--json FILE]`: every figure in one run, beside the raw library's. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Area, meets, type Row } from './report.ts'

const areas: Record<string, () => Promise<{ run: Area }>> = {
  hub: () => import('./hub.ts'),
  store: () => import('./store.ts'),
  rpc: () => import('./rpc.ts'),
  screen: () => import('./screen.ts'),
  openeye: () => import('./openeye.ts'),
  recorder: () => import('./recorder.ts'),
  cameras: () => import('./cameras.ts'),
  'blue-light': () => import('./blue-light.ts'),
  faces: () => import('./faces.ts'),
  vehicle: () => import('./vehicle.ts'),
  gateway: () => import('./gateway.ts'),
  soak: () => import('./soak.ts'),
  modbus: () => import('./modbus.ts'),
}

/** Measured by `vehicle` too. */
const within = new Set(['modbus'])

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } })
const wanted =
  values.only === undefined ? Object.keys(areas).filter((name) => !within.has(name)) : values.only.split(',')
const unknown = wanted.filter((name) => !(name in areas))
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are ${Object.keys(areas).join(', ')}`)
  process.exit(2)
}

const rows: Row[] = []
for (const area of wanted) {
  console.log(`\n${area}`)
  const bench = await areas[area]?.()
  await bench?.run((row) => {
    const judged = { area, ...row, ok: meets(row.value, row.target) }
    rows.push(judged)
    const figure = `${row.value.toLocaleString('en', { maximumFractionDigits: 2 })} ${row.unit}`
    const peer =
      row.baseline === null
        ? ''
        : `  (baseline ${row.baseline.toLocaleString('en', { maximumFractionDigits: 2 })})`
    console.log(
      `  ${judged.ok ? 'ok  ' : 'MISS'} ${row.name.padEnd(64)} ${figure.padStart(20)}  target ${row.target}${peer}`,
    )
  })
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
const missed = rows.filter((row) => !row.ok)
console.log(`\n${rows.length - missed.length} of ${rows.length} figures met`)
process.exit(missed.length === 0 ? 0 : 1)
