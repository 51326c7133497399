/**
 * Vehicles, each row in its own run of the built app. `WATCHFLOOR_VEHICLE=lidar,stop` measures only those.
 * What the Modbus master alone does, `--only modbus` measures too.
 */
import { ensureBuilt } from '../test/fakes/headless.ts'
import type { Area } from './report.ts'

const parts: Record<string, () => Promise<Area>> = {
  gateway: async () => (await import('./vehicle-changes.ts')).toGateway,
  pixels: async () => (await import('./vehicle-changes.ts')).toPixels,
  ready: async () => (await import('./vehicle-gateway.ts')).run,
  lidar: async () => (await import('./vehicle-lidar.ts')).run,
  replug: async () => (await import('./vehicle-replug.ts')).run,
  stop: async () => (await import('./vehicle-stop.ts')).run,
  trends: async () => (await import('./vehicle-trends.ts')).run,
  master: async () => (await import('./modbus.ts')).run,
}

export const run: Area = async (row) => {
  ensureBuilt()
  const wanted = process.env.WATCHFLOOR_VEHICLE?.split(',') ?? Object.keys(parts)
  for (const name of wanted) {
    const part = parts[name]
    if (part === undefined) throw new Error(`no part ${name}; there are ${Object.keys(parts).join(', ')}`)
    await (await part())(row)
  }
}
