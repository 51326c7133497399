/** Records until it is killed, and tells on its output what is on disk for good: `node recording-child.ts <dir> <first frame>`. */
import { writeSync } from 'node:fs'
import { AlertId } from '../../src/contract/alerts.ts'
import { CameraId } from '../../src/contract/cameras.ts'
import { systemClock } from '../../src/main/io/clock.ts'
import { silentLog } from '../../src/main/log.ts'
import { Ring } from '../../src/main/recorder/ring.ts'
import { jpegFrame, videoFrame } from '../unit/main/recorder/frames.ts'

const [, , dir = '', first = '0'] = process.argv
const cameras = [CameraId.parse('front/door'), CameraId.parse('front/yard')] as const
const frameMs = 33

const ring = await Ring.open({
  dir,
  clock: systemClock,
  log: silentLog,
  budgetBytes: () => 1e10,
  freeBytes: async () => 1e12,
  // Nothing goes by age: every frame that was told of must be there after the last kill.
  keepMs: 1e12,
})
writeSync(1, 'open\n')
for (let n = Number(first); ; n += 40) {
  for (let one = n; one < n + 40; one++) {
    const size = 200 + ((one * 7919) % 20_000)
    ring.record(cameras[0], jpegFrame(one, one * frameMs, size))
    ring.record(cameras[1], videoFrame(one, one * frameMs, one % 10 === 0, size))
  }
  const at = n * frameMs
  const alert = AlertId.parse(`alert-${n}`)
  await ring.pin({ alert, camera: cameras[0], at, fromAt: at, toAt: at + 1000, isOpen: true, gone: null })
  await ring.flush()
  writeSync(1, `${n + 39}\n`)
}
