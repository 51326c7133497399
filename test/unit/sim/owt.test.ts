/** The simulated face server's eyes: boxes follow the picture, patches are told apart, and painted people are known by their skin. */
import { decode, encode } from 'jpeg-js'
import { expect, test } from 'vitest'
import { faceArea, lookOf, newCanvas, paintPerson, paintRoom } from '../../sim/openeye/scene.ts'
import { frameResult } from '../../sim/owt/answer.ts'
import { look } from '../../sim/owt/look.ts'
import { defaultPeople, greenStep } from '../../sim/owt/options.ts'
import { paint } from '../drivers/owt/pictures.ts'

test.each([64, 320, 640])('patches in a picture %i pixels wide, to a pixel or two', (side) => {
  const unit = side / 16
  const patches = [
    { x: unit, y: 2 * unit, width: 4 * unit, height: 5 * unit, who: 0 },
    { x: 9 * unit, y: 8 * unit, width: 6 * unit, height: 4 * unit, who: 9 },
  ]
  const { faces, widthPx } = look(paint(side, patches).bytes)
  expect(widthPx).toBe(side)
  expect(faces).toHaveLength(2)
  for (const [n, patch] of patches.entries()) {
    const face = faces[n]
    for (const edge of ['x', 'y', 'width', 'height'] as const)
      expect(Math.abs((face?.[edge] ?? 0) - patch[edge])).toBeLessThanOrEqual(2)
    expect(Math.round((face?.green ?? 0) / greenStep)).toBe(patch.who)
  }
})

/** As the screen sends it: a 640×480 picture in a square, with bars above and below. */
function letterboxed(rgb: Uint8Array): Uint8Array {
  const data = Buffer.alloc(640 * 640 * 4)
  for (let at = 0; at < 640 * 480; at += 1) {
    const to = (at + 80 * 640) * 4
    data.set(rgb.subarray(at * 3, at * 3 + 3), to)
    data[to + 3] = 255
  }
  return encode({ data, width: 640, height: 640 }, 85).data
}

test.each(defaultPeople)('knows %s in a painted room, and nobody in an empty one', (person) => {
  const canvas = newCanvas()
  paintRoom(canvas, 3)
  expect(look(letterboxed(canvas.data), 'people').faces).toEqual([])
  const place = { x: 300, y: 180, radius: 34, stride: 0.3 }
  paintPerson(canvas, place, lookOf(person))
  const jpeg = letterboxed(canvas.data)
  expect(decode(jpeg).width).toBe(640)
  const seen = look(jpeg, 'people')
  const style = {
    form: 'deployed',
    boxField: 'bbox',
    boxWriting: 'xyxy-px',
    people: defaultPeople,
    timestamps: true,
  } as const
  const about = { frameId: null, sizeBytes: jpeg.length, tookMs: 3, now: 0 }
  const { data } = JSON.parse(frameResult(seen, style, about))
  expect(data.faces).toHaveLength(1)
  const [{ bbox, faceId }] = data.faces
  expect(faceId).toBe(person)
  const area = faceArea(place)
  const expected = [area.left, area.top + 80, area.right, area.bottom + 80]
  for (const [n, edge] of expected.entries()) expect(Math.abs(bbox[n] - edge)).toBeLessThan(24)
})
