/** OpenEye in both directions: what serving dashboards costs, how soon links are back, and pictures beside the browser's own. */
import { run as reconnect } from './openeye-reconnect.ts'
import { run as server } from './openeye-server.ts'
import { run as video } from './openeye-video.ts'
import type { Area } from './report.ts'

export const run: Area = async (row) => {
  await server(row)
  await reconnect(row)
  await video(row)
}
