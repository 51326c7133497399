/** A screen's webcam as a link: asked only while somebody looks, the newest screen wins, and silence is told. */
import { afterEach, expect, test } from 'vitest'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { webcam } from '../../../../src/main/drivers/cameras/index.ts'
import { noSender } from '../../../../src/main/drivers/cameras/webcam.ts'
import type { PictureSink } from '../../../../src/main/link.ts'
import { HandClock } from '../blue-light/hand-clock.ts'
import { base, jpeg, type Opened, open } from './stand.ts'

const main = CameraId.parse('gate/main')
const picture = jpeg(120, 64, 48)
const header = { capturedAt: 1_700_000_000_000, widthPx: 64, heightPx: 48 }

let stand: Opened
afterEach(() => stand.link.close())

/** A screen that sends: what it was asked for, and what it was told. */
class Screen {
  asked = 0
  replacedBy: string | null = null
  isEnded = false
  readonly sending: ReturnType<PictureSink['attach']>

  constructor(sink: PictureSink | undefined, name = 'An') {
    if (sink === undefined) throw new Error('no sink')
    this.sending = sink.attach({
      name,
      more: (pictures) => {
        this.asked += pictures
      },
      replaced: (by) => {
        this.replacedBy = by
      },
      ended: () => {
        this.isEnded = true
      },
    })
  }
}

async function start() {
  stand = await open(webcam, { ...base, driver: 'webcam' })
  return stand
}

test('waits for a screen, and tells whoever looks that none sends', async () => {
  const { ledger, link } = await start()
  await ledger.is('listening')
  const row = () => ledger.of('cameras-reported').at(-1)?.cameras[0]
  expect(row()).toMatchObject({ kind: 'webcam', isRunning: false, trouble: noSender })
  const leave = link.cameras?.open(main)
  expect(ledger.of('stream-troubled').at(-1)?.trouble).toBe(noSender)
  leave?.()
  await expect(link.cameras?.snapshot(main)).rejects.toThrow(noSender)
})

test('asks for nothing until somebody looks, for two while one does, and for no more afterwards', async () => {
  const { ledger, link } = await start()
  const screen = new Screen(link.pictureSink)
  expect(screen.asked).toBe(0)
  expect(link.pictureSink?.isWatched).toBe(false)
  const leave = link.cameras?.open(main)
  expect(link.pictureSink?.isWatched).toBe(true)
  expect(screen.asked).toBe(2)
  screen.sending.take(header, picture)
  expect(screen.asked).toBe(3)
  expect(ledger.of('frame-arrived')).toMatchObject([
    { camera: main, widthPx: 64, heightPx: 48, capturedAt: header.capturedAt },
  ])
  await ledger.is('live')
  leave?.()
  await ledger.is('listening')
  screen.sending.take(header, picture)
  screen.sending.take(header, picture)
  expect(screen.asked).toBe(3)
  expect(ledger.of('frame-arrived')).toHaveLength(1)
})

test('the newest screen is the camera: the one before is told, and its pictures are not shown', async () => {
  const { ledger, link } = await start()
  const first = new Screen(link.pictureSink, 'An')
  link.cameras?.open(main)
  first.sending.take(header, picture)
  const second = new Screen(link.pictureSink, 'Binh')
  expect(first.replacedBy).toBe('Binh')
  expect(second.asked).toBe(2)
  first.sending.take(header, picture)
  expect(ledger.of('frame-arrived')).toHaveLength(1)
  first.sending.close()
  second.sending.take(header, picture)
  expect(ledger.of('frame-arrived')).toHaveLength(2)
  second.sending.close()
  expect(ledger.of('stream-troubled').at(-1)?.trouble).toBe(noSender)
  await ledger.is('listening')
})

test('what is no JPEG, or too large, is counted and never shown; the screen is asked again', async () => {
  const { ledger, link } = await start()
  const screen = new Screen(link.pictureSink)
  link.cameras?.open(main)
  screen.sending.take(header, Buffer.from('<script>'))
  screen.sending.take(header, new Uint8Array())
  screen.sending.take(header, Buffer.alloc(4 * 1024 * 1024, 0xff))
  expect(ledger.of('frame-arrived')).toHaveLength(0)
  expect(screen.asked).toBe(5)
  const report = await ledger.until(() =>
    ledger.of('link-reported').find((fact) => fact.counters.badMessages === 3),
  )
  expect(report.state.is).not.toBe('live')
})

test('a screen that was asked and sends nothing is told as that', async () => {
  const { ledger, link } = await start()
  const screen = new Screen(link.pictureSink)
  link.cameras?.open(main)
  await ledger.is('silent')
  expect(ledger.of('stream-troubled').at(-1)?.trouble).toContain('sends no picture')
  screen.sending.take(header, picture)
  await ledger.is('live')
})

test('a snapshot asks for one picture although nobody looks', async () => {
  const { link } = await start()
  const screen = new Screen(link.pictureSink)
  const taken = link.cameras?.snapshot(main)
  expect(screen.asked).toBe(2)
  screen.sending.take(header, picture)
  expect((await taken)?.evidence).toMatchObject({ widthPx: 64, heightPx: 48 })
  expect(link.pictureSink?.isWatched).toBe(false)
})

test('each snapshot waits its own time for a picture', async () => {
  const clock = new HandClock()
  stand = await open(webcam, { ...base, driver: 'webcam' }, { clock })
  const { link } = stand
  const screen = new Screen(link.pictureSink)
  const first = link.cameras?.snapshot(main).catch((error: Error) => error.message)
  clock.advance(7000)
  const second = link.cameras?.snapshot(main).catch((error: Error) => error.message)
  clock.advance(1500)
  expect(await first).toContain('sends no picture')
  screen.sending.take(header, picture)
  expect(await second).toMatchObject({ evidence: { widthPx: 64, heightPx: 48 } })
})

test('a screen that leaves ends a waiting snapshot, and a link that is closed ends its screen', async () => {
  const { link } = await start()
  const screen = new Screen(link.pictureSink)
  const taken = link.cameras?.snapshot(main)
  screen.sending.close()
  await expect(taken).rejects.toThrow('sends no picture')
  const next = new Screen(link.pictureSink)
  await link.close()
  expect(next.isEnded).toBe(true)
})
