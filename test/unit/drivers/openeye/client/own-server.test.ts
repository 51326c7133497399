/** Our client dials our server: both halves of the protocol understand each other, from login to a frame. */
import { encode } from 'jpeg-js'
import { afterEach, expect, test } from 'vitest'
import { type Camera, CameraId } from '../../../../../src/contract/cameras.ts'
import { LinkId } from '../../../../../src/contract/links.ts'
import type { Statistics } from '../../../../../src/contract/statistics.ts'
import { openEyeServer } from '../../../../../src/main/drivers/openeye/index.ts'
import { systemClock } from '../../../../../src/main/io/clock.ts'
import type { SiteNews, SiteView } from '../../../../../src/main/link.ts'
import { silentLog } from '../../../../../src/main/log.ts'
import { Ledger, openClient, settings, slotOf } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const door = CameraId.parse('cams/door')
const jpeg = encode({ data: Buffer.alloc(64 * 48 * 4, 120), width: 64, height: 48 }, 60).data

const camera: Camera = {
  id: door,
  link: LinkId.parse('cams'),
  camera: 'door',
  name: 'Door',
  location: null,
  kind: 'rtsp',
  can: ['stream', 'snapshot'],
  isActive: true,
  isRunning: true,
  isRecording: null,
  findsFaces: true,
  fps: 10,
  lastFrameAt: null,
  trouble: '',
  heardAt: Date.now(),
  budgetMs: 45_000,
}

class TestSite implements SiteView {
  readonly #listeners = new Set<(news: SiteNews) => void>()

  statistics(): Statistics {
    const at = Date.now()
    const cameras = { totalCameras: 1, activeCameras: 1, recordingCameras: 0 }
    const faces = { totalPeople: 2, recognitionsToday: 3, unknownFacesToday: 4, lastRecognitionAt: null }
    return { id: 'site', ...faces, ...cameras, at, receivedAt: at, budgetMs: 15_000, via: 'here' }
  }

  cameras(): Camera[] {
    return [camera]
  }

  facesNow(): [] {
    return []
  }

  people(): [] {
    return []
  }

  frames(_camera: CameraId, wake: () => void) {
    let frame = 0
    let taken = 0
    const timer = setInterval(() => {
      frame += 1
      wake()
    }, 50)
    return {
      take: () => {
        if (taken === frame) return null
        taken = frame
        const size = { widthPx: 64, heightPx: 48 }
        const none = { capturedAt: null, video: null, dropped: 0, fps: 20, trouble: '' }
        const header = { frame, receivedAt: Date.now(), ...size, ...none }
        return { header, bytes: jpeg }
      },
      close: () => clearInterval(timer),
    }
  }

  async snapshot(): Promise<never> {
    throw new Error('not asked for here')
  }

  subscribe(listener: (news: SiteNews) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

test('login, figures, cameras and pictures', async () => {
  const ledger = new Ledger()
  const server = await openEyeServer.open({
    profile: {
      id: LinkId.parse('own'),
      driver: 'openeye-server',
      name: 'For others',
      enabled: true,
      host: '127.0.0.1',
      port: 0,
      origins: [],
      broadcastMs: 1000,
      tokenMinutes: 30,
    },
    settings,
    clock: systemClock,
    log: silentLog,
    knownDevices: [],
    secret: slotOf(null),
    site: new TestSite(),
    inspected: () => false,
    raise: (fact) => ledger.raise(fact),
    tell: (fact) => ledger.tell(fact),
  })
  open.push(server)
  await server.accounts?.save('dashboard', 'operator', 'Correct-Horse-9')
  await ledger.is('listening')
  const address = new URL(ledger.of('link-reported').at(-1)?.address ?? '')
  const { ledger: seen, link } = await openClient(`http://127.0.0.1:${address.port}`, {
    credentials: { is: 'password', user: 'dashboard', password: 'Correct-Horse-9' },
  })
  open.push(link)
  await seen.is('live')
  const { statistics } = await seen.until(() => seen.of('statistics-reported')[0])
  expect(statistics).toMatchObject({
    totalPeople: 2,
    recognitionsToday: 3,
    unknownFacesToday: 4,
    totalCameras: 1,
  })
  expect(Math.abs(statistics.at - Date.now())).toBeLessThan(5000)
  const { cameras } = await seen.until(() => seen.of('cameras-reported')[0])
  expect(cameras).toHaveLength(1)
  const [told] = cameras
  if (told === undefined) throw new Error('no camera')
  expect(told).toMatchObject({ isActive: true, kind: 'rtsp' })
  link.cameras?.open(told.id)
  const frame = await seen.until(() => seen.of('frame-arrived')[0])
  expect(frame).toMatchObject({ camera: told.id, widthPx: 64, heightPx: 48 })
  expect(Buffer.from(frame.bytes).equals(jpeg)).toBe(true)
})
