/** Pictures that must not be kept, or not whole; the alerts that carry them must. */
import { deflateSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Attack } from './site.ts'

/** An alert whose picture must not be kept; the alert itself must. */
function badPicture(name: string, imageData: string): Attack {
  return {
    name: `picture: ${name}`,
    async run(site) {
      const camera = await site.camera('picture')
      const id = await camera.alertReceived({ imageData })
      const [row] = (await site.rows()).filter((each) => each.sourceId === id)
      expect(row).toMatchObject({ evidence: null })
      await camera.close()
    },
  }
}

function chunk(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  // The sums are left at zero: whoever reads only the header does not look at them.
  return Buffer.concat([length, Buffer.from(type), body, Buffer.alloc(4)])
}

function png(widthPx: number, heightPx: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([magic, ...parts])
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
const hugePng = png(7000, 7000, deflateSync(Buffer.alloc(200_000)))

export const pictureAttacks: readonly Attack[] = [
  badPicture('SVG with a script', Buffer.from(svg).toString('base64')),
  badPicture('SVG as data URL', `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`),
  badPicture('PNG of 7000 × 7000', hugePng.toString('base64')),
  badPicture('PNG of 2^31 × 1', png(2 ** 31 - 1, 1, Buffer.alloc(1)).toString('base64')),
  badPicture('PNG without an end', hugePng.subarray(0, 40).toString('base64')),
  badPicture('GIF', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;').toString('base64')),
  badPicture(
    'HTML behind a JPEG mark',
    Buffer.from('\xff\xd8\xff<html><script>alert(1)</script>', 'latin1').toString('base64'),
  ),
  badPicture('no base64', '%%% not base64 %%%'),
  {
    name: 'picture: a page hidden behind a true PNG is cut off',
    async run(site) {
      const camera = await site.camera('polyglot')
      const whole = png(1, 1, deflateSync(Buffer.from([0, 255, 0, 0, 255])))
      const imageData = Buffer.concat([whole, Buffer.from('<script>alert(1)</script>')]).toString('base64')
      const id = await camera.alertReceived({ imageData })
      const row = (await site.rows()).find((each) => each.sourceId === id) as
        | { evidence?: { sizeBytes: number } }
        | undefined
      // Kept without its tail, or not kept: never with it.
      expect(row?.evidence?.sizeBytes ?? whole.length).toBe(whole.length)
      await camera.close()
    },
  },
]
