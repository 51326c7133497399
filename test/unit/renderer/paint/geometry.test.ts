/** Where pictures and boxes come to lie: letterboxes, zoom at the pointer, panning that never loses the picture. */
import { describe, expect, test } from 'vitest'
import { contain, noZoom, pan, place, zoomAt } from '../../../../src/renderer/paint/geometry.ts'

const picture = { width: 640, height: 480 }

describe('a picture in its tile', () => {
  test('has bars left and right in a wide tile', () => {
    expect(contain(picture, { width: 1000, height: 480 })).toEqual({ x: 180, y: 0, width: 640, height: 480 })
  })

  test('has bars above and below in a high tile', () => {
    expect(contain(picture, { width: 320, height: 480 })).toEqual({ x: 0, y: 120, width: 320, height: 240 })
  })

  test('takes no room before its size is known', () => {
    expect(contain({ width: 0, height: 0 }, { width: 320, height: 240 }).width).toBe(0)
  })
})

describe('zoom', () => {
  const tile = { width: 400, height: 300 }

  test('keeps what is under the pointer under the pointer', () => {
    const at = { x: 300, y: 100 }
    const once = zoomAt(noZoom, 2, at, tile)
    const twice = zoomAt(once, 1.7, at, tile)
    const under = (zoom: typeof once) => ({
      x: (at.x - zoom.x) / zoom.scale,
      y: (at.y - zoom.y) / zoom.scale,
    })
    expect(under(once)).toEqual({ x: 300, y: 100 })
    expect(under(twice).x).toBeCloseTo(300)
    expect(under(twice).y).toBeCloseTo(100)
  })

  test('stays between one and eight', () => {
    expect(zoomAt(noZoom, 100, { x: 0, y: 0 }, tile).scale).toBe(8)
    expect(zoomAt(noZoom, 0.1, { x: 50, y: 50 }, tile)).toEqual(noZoom)
  })

  test('back at one, the picture is where it was', () => {
    const near = pan(zoomAt(noZoom, 4, { x: 390, y: 290 }, tile), -80, -80, tile)
    expect(zoomAt(near, 0.01, { x: 10, y: 10 }, tile)).toEqual(noZoom)
  })

  test('panning stops at the edges', () => {
    const zoom = zoomAt(noZoom, 2, { x: 200, y: 150 }, tile)
    expect(pan(zoom, 9999, 9999, tile)).toEqual({ scale: 2, x: 0, y: 0 })
    expect(pan(zoom, -9999, -9999, tile)).toEqual({ scale: 2, x: -400, y: -300 })
  })
})

describe('a box of the picture', () => {
  const tile = { width: 1000, height: 480 }
  const box = { x: 0.25, y: 0.5, width: 0.5, height: 0.25 }

  test('lies on the displayed picture, not on the tile', () => {
    expect(place(box, picture, tile, noZoom)).toEqual({ x: 180 + 160, y: 240, width: 320, height: 120 })
  })

  test('moves and grows with the zoom', () => {
    const zoom = { scale: 2, x: -500, y: -240 }
    expect(place(box, picture, tile, zoom)).toEqual({ x: 340 * 2 - 500, y: 240, width: 640, height: 240 })
  })

  test('is not drawn when none of it is in sight', () => {
    expect(
      place({ x: 0, y: 0, width: 0.1, height: 0.1 }, picture, tile, { scale: 4, x: -3000, y: 0 }),
    ).toBeNull()
    expect(place({ x: 1.2, y: 0, width: 0.1, height: 0.1 }, picture, tile, noZoom)).toBeNull()
  })

  test('is cut to the picture when its source says more than there is', () => {
    expect(place({ x: -0.5, y: -0.5, width: 2, height: 2 }, picture, tile, noZoom)).toEqual({
      x: 180,
      y: 0,
      width: 640,
      height: 480,
    })
  })
})
