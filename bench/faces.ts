/** Faces: the loop to a face server, its boxes on the screen, and the engine of the installation. */
import { run as device } from './faces-device.ts'
import { run as owt } from './faces-owt.ts'
import { run as paint } from './faces-paint.ts'
import type { Area } from './report.ts'

export const run: Area = async (row) => {
  await owt(row)
  await paint(row)
  await device(row)
}
