/** Pictures in alerts: refused ones are named and cost the alert nothing. */
import { deflateSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { encodePng } from '../../../sim/blue-light/picture.ts'
import { alert, type Stand, type StandOptions, startStand, TestDevice } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function stand(options: StandOptions = {}): Promise<Stand> {
  const started = await startStand(options)
  open.push(started)
  return started
}

async function device(url: string): Promise<TestDevice> {
  const connected = await TestDevice.connect(url)
  open.push(connected)
  return connected
}

function png(widthPx: number, heightPx: number): Buffer {
  return encodePng(widthPx, heightPx, Buffer.alloc(heightPx * (1 + widthPx * 3)))
}

/** A header that claims what the bytes do not hold. */
function bombPng(): Buffer {
  const bomb = png(1, 1)
  bomb.writeUInt32BE(7000, 16)
  bomb.writeUInt32BE(7000, 20)
  return bomb
}

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
const pictures: readonly (readonly [string, string, RegExp])[] = [
  ['an SVG', svg.toString('base64'), /picture refused: SVG/],
  ['an SVG called PNG', `data:image/png;base64,${svg.toString('base64')}`, /picture refused: SVG/],
  ['7000 × 7000', bombPng().toString('base64'), /picture refused: 7000 × 7000/],
  ['no base64', 'not//base64!!', /picture refused: not base64/],
  ['more than 1 MiB', Buffer.alloc(1_060_000, 0xff).toString('base64'), /picture refused: 1060000 bytes/],
  ['compressed text', deflateSync('hello').toString('base64'), /picture refused: unknown format/],
  ['a PNG without an end', png(4, 4).subarray(0, 40).toString('base64'), /picture refused: damaged/],
]

test.each(pictures)('a picture that is %s is refused and its alert kept', async (_name, imageData, words) => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  camera.send(alert('c1', 'm1', { imageData }))
  await camera.until(() => camera.acks().length === 1)
  expect(ledger.raised[0]?.picture).toBeNull()
  expect(ledger.raised[0]?.text).toMatch(words)
  expect(ledger.raised[0]?.raw).not.toContain(imageData)
})

test('what hides behind the end of a picture is not kept', async () => {
  const { ledger, url } = await stand()
  const camera = await device(url)
  const clean = png(4, 4)
  const polyglot = Buffer.concat([clean, Buffer.from('<script>alert(1)</script>')])
  camera.send(alert('c1', 'm1', { imageData: polyglot.toString('base64') }))
  await camera.until(() => camera.acks().length === 1)
  expect(ledger.raised[0]?.picture?.bytes).toEqual(clean)
  expect(ledger.raised[0]?.picture?.evidence).toMatchObject({ mime: 'image/png', widthPx: 4, heightPx: 4 })
})
