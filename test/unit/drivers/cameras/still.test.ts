/** Pictures of this machine as a camera: their order, what is refused, and nothing outside the folder. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { stillCamera } from '../../../../src/main/drivers/cameras/index.ts'
import { JpegFolder, pathTrouble } from '../../../../src/main/io/jpeg-folder.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { base, jpeg, type Opened, open } from './stand.ts'

const main = CameraId.parse('gate/main')
const shades = [10, 80, 200].map((shade) => jpeg(shade))

let root: string
let folder: string
let stand: Opened | null
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'watchfloor-still-'))
  folder = mkdtempSync(join(root, 'pictures-'))
  stand = null
})
afterEach(async () => {
  await stand?.link.close()
  rmSync(root, { recursive: true, force: true })
})

function profile(path: string, framesPerSecond = 30) {
  return { ...base, driver: 'still-camera', path, framesPerSecond } as const
}

function fill(): void {
  // Numbers count as numbers: 10 comes after 9.
  for (const [at, name] of ['9.jpg', '10.JPG', '11.jpeg'].entries())
    writeFileSync(join(folder, name), shades[at] ?? '')
  writeFileSync(join(folder, 'notes.txt'), 'not a picture')
}

test('shows the pictures in the order of their names, again and again, while somebody looks', async () => {
  fill()
  stand = await open(stillCamera, profile(folder))
  const { ledger, link } = stand
  await ledger.is('live')
  expect(ledger.of('frame-arrived')).toHaveLength(0)
  const leave = link.cameras?.open(main)
  await ledger.until(() => ledger.of('frame-arrived')[6])
  const order = ledger
    .of('frame-arrived')
    .map(({ bytes }) => shades.findIndex((one) => one.equals(Buffer.from(bytes))))
  expect(order.slice(0, 7)).toEqual([0, 1, 2, 0, 1, 2, 0])
  leave?.()
  const taken = await link.cameras?.snapshot(main)
  expect(taken?.evidence).toMatchObject({ mime: 'image/jpeg', widthPx: 32 })
})

test('one file alone is a camera too', async () => {
  fill()
  stand = await open(stillCamera, profile(join(folder, '9.jpg')))
  await stand.ledger.is('live')
  stand.link.cameras?.open(main)
  const { bytes } = await stand.ledger.until(() => stand?.ledger.of('frame-arrived')[1])
  expect(shades[0]?.equals(Buffer.from(bytes))).toBe(true)
})

test('an empty folder, a missing one, a file that is no JPEG: said in words, and noticed when it is there', {
  timeout: 20_000,
}, async () => {
  stand = await open(stillCamera, profile(folder))
  const { ledger, link } = stand
  await ledger.reason('no .jpg file is in')
  link.cameras?.open(main)
  expect(ledger.of('stream-troubled').at(-1)?.trouble).toContain('no .jpg file')
  fill()
  link.retry()
  await ledger.is('live')
  await ledger.until(() => ledger.of('frame-arrived')[0])

  expect((await stillCamera.test(profile(join(root, 'gone')), slotWith())).steps[0]?.text).toContain(
    'does not exist',
  )
  expect((await stillCamera.test(profile(join(folder, 'notes.txt')), slotWith())).steps[0]?.text).toContain(
    'no .jpg',
  )
  expect(await stillCamera.test(profile(folder), slotWith())).toMatchObject({
    ok: true,
    steps: [{ text: '3 JPEG files found' }, { text: 'the first is 32 × 24' }],
  })
})

test('a bad file among good ones is passed over and counted', async () => {
  fill()
  writeFileSync(join(folder, '1.jpg'), 'no picture')
  writeFileSync(join(folder, '2.jpg'), Buffer.alloc(5 * 1024 * 1024, 0xff))
  stand = await open(stillCamera, profile(folder))
  await stand.ledger.is('live')
  stand.link.cameras?.open(main)
  await stand.ledger.until(() => stand?.ledger.of('frame-arrived')[6])
  expect(stand.ledger.of('stream-troubled')).toEqual([])
  const report = await stand.ledger.until(() =>
    stand?.ledger.of('link-reported').find((fact) => fact.counters.badMessages >= 2),
  )
  expect(report.state.is).toBe('live')
})

test.skipIf(process.platform === 'win32')(
  'a pipe with the name of a picture is passed over: opening it would wait for somebody to write',
  async () => {
    fill()
    execFileSync('mkfifo', [join(folder, '1.jpg')])
    const pictures = new JpegFolder(folder)
    expect(await pictures.list()).toContain('9.jpg')
    // More than there are threads for files: one that hangs would hold up every other file of the app.
    const reads = Array.from({ length: 8 }, () =>
      pictures.read('1.jpg').catch((error: Error) => error.message),
    )
    expect(await Promise.all(reads)).toEqual(Array(8).fill('1.jpg is no file'))
    expect((await pictures.read('9.jpg')).widthPx).toBe(32)
  },
)

test('a link inside the folder that leads out of it is not followed', async () => {
  writeFileSync(join(root, 'secret.jpg'), jpeg(1))
  symlinkSync(join(root, 'secret.jpg'), join(folder, 'inside.jpg'))
  const pictures = new JpegFolder(folder)
  expect(await pictures.list()).toEqual(['inside.jpg'])
  await expect(pictures.read('inside.jpg')).rejects.toThrow('leads out of its folder')
  await expect(pictures.read('../secret.jpg')).rejects.toThrow('does not exist')
})

test.each([
  ['pictures', 'does not start at the root'],
  ['../pictures', 'does not start at the root'],
  ['/srv/../etc', 'goes back'],
  ['//server/share', 'on another machine'],
  ['\\\\server\\share', 'on another machine'],
  ['/srv/a\0b', 'is no path'],
])('%j is refused: %s', (path, words) => {
  expect(pathTrouble(path)).toContain(words)
})
