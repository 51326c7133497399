/** Paints what a simulated camera sees: a room of its own, somebody walking through it, a trolley, the time. RGB pixels, no files. */
import { type Chance, chanceFrom } from '../blue-light/chance.ts'
import { letterRows } from './letters.ts'

export const widthPx = 640
export const heightPx = 480
export const bandPx = 16

type Colour = readonly [number, number, number]

export interface Canvas {
  readonly widthPx: number
  readonly heightPx: number
  readonly data: Uint8Array
}

export interface Area {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export function newCanvas(): Canvas {
  return { widthPx, heightPx, data: new Uint8Array(widthPx * heightPx * 3) }
}

function set(canvas: Canvas, x: number, y: number, [r, g, b]: Colour): void {
  const at = (y * canvas.widthPx + x) * 3
  canvas.data[at] = r
  canvas.data[at + 1] = g
  canvas.data[at + 2] = b
}

export function fill(canvas: Canvas, area: Area, colour: Colour): void {
  const right = Math.min(canvas.widthPx, Math.round(area.right))
  const bottom = Math.min(canvas.heightPx, Math.round(area.bottom))
  for (let y = Math.max(bandPx, Math.round(area.top)); y < bottom; y += 1)
    for (let x = Math.max(0, Math.round(area.left)); x < right; x += 1) set(canvas, x, y, colour)
}

function ellipse(canvas: Canvas, x: number, y: number, rx: number, ry: number, colour: Colour): void {
  for (let row = Math.ceil(y - ry); row <= y + ry; row += 1) {
    if (row < bandPx || row >= canvas.heightPx) continue
    const reach = rx * Math.sqrt(Math.max(0, 1 - ((row - y) / ry) ** 2))
    for (let column = Math.ceil(x - reach); column <= x + reach; column += 1)
      if (column >= 0 && column < canvas.widthPx) set(canvas, column, row, colour)
  }
}

function shade([r, g, b]: Colour, by: number): Colour {
  const of = (value: number) => Math.max(0, Math.min(255, Math.round(value * by)))
  return [of(r), of(g), of(b)]
}

/** A wall with a door and a window or shelf, a tiled floor; colours and places from the seed. Its grain makes a photograph's size. */
export function paintRoom(canvas: Canvas, seed: number): void {
  const chance = chanceFrom(seed)
  const horizon = 250 + Math.round(chance.between(-20, 40))
  const wall: Colour = [chance.between(120, 190), chance.between(125, 185), chance.between(125, 190)]
  const floor: Colour = [chance.between(80, 130), chance.between(75, 115), chance.between(65, 110)]
  const tile = Math.round(chance.between(40, 70))
  const doorLeft = chance.between(60, 200)
  const windowLeft = chance.between(330, 470)
  for (let y = bandPx; y < heightPx; y += 1) {
    const isFloor = y > horizon
    for (let x = 0; x < widthPx; x += 1) {
      let light = isFloor ? 0.7 + (0.4 * (y - horizon)) / (heightPx - horizon) : 1.1 - (0.35 * y) / horizon
      if (isFloor) {
        const depth = (y - horizon + 12) / 90
        const column = Math.floor((x - widthPx / 2) / depth / tile + 1000)
        if ((column + Math.floor(600 / (y - horizon + 24))) % 2 === 0) light *= 0.86
      }
      light += (chance.next() - 0.5) * 0.07
      set(canvas, x, y, shade(isFloor ? floor : wall, light))
    }
  }
  const door = { left: doorLeft, right: doorLeft + 90, top: horizon - 170, bottom: horizon + 6 }
  fill(canvas, { ...door, left: door.left - 6, right: door.right + 6, top: door.top - 6 }, shade(wall, 0.45))
  fill(canvas, door, [chance.between(70, 130), chance.between(50, 80), chance.between(35, 60)])
  ellipse(canvas, door.right - 12, horizon - 76, 4, 4, [220, 200, 120])
  const pane = { left: windowLeft, right: windowLeft + 130, top: horizon - 165, bottom: horizon - 75 }
  fill(
    canvas,
    { left: pane.left - 5, right: pane.right + 5, top: pane.top - 5, bottom: pane.bottom + 5 },
    [70, 72, 76],
  )
  fill(canvas, pane, [chance.between(120, 170), chance.between(160, 200), chance.between(190, 225)])
  fill(canvas, { ...pane, left: pane.left + 62, right: pane.left + 67 }, [70, 72, 76])
}

/** How somebody looks: the same person the same everywhere. */
export interface Look {
  readonly skin: Colour
  readonly hair: Colour
  readonly shirt: Colour
  /** Hood up: a face nobody knows. */
  readonly isHooded: boolean
}

function seedOf(text: string): number {
  let seed = 0
  for (const letter of text) seed = (Math.imul(seed, 31) + (letter.codePointAt(0) ?? 0)) >>> 0
  return seed
}

export function lookOf(person: string | null): Look {
  const chance: Chance = chanceFrom(seedOf(person ?? 'nobody knows'))
  const tone = chance.between(0.55, 1)
  const isHooded = person === null
  return {
    skin: shade([236, 190, 158], tone),
    hair: shade([110, 80, 55], chance.between(0.25, 1.3)),
    shirt: isHooded
      ? [58, 60, 66]
      : [chance.between(50, 220), chance.between(60, 190), chance.between(60, 220)],
    isHooded,
  }
}

export interface Place {
  /** Middle of the head. */
  readonly x: number
  readonly y: number
  readonly radius: number
  /** −1..1: where the legs are in their stride. */
  readonly stride: number
}

/** The face, as a detector would box it. */
export function faceArea({ x, y, radius }: Place): Area {
  return {
    left: Math.round(x - radius),
    right: Math.round(x + radius),
    top: Math.round(y - radius),
    bottom: Math.round(y + radius * 1.15),
  }
}

/** Everything a figure at this place may cover. */
export function figureArea({ x, y, radius }: Place): Area {
  return { left: x - radius * 2.4, right: x + radius * 2.4, top: y - radius * 1.6, bottom: y + radius * 8 }
}

export function paintPerson(canvas: Canvas, place: Place, look: Look): void {
  const { x, y, radius: r, stride } = place
  const dark = shade(look.shirt, 0.45)
  const hip = y + r * 4.4
  for (const side of [-1, 1]) {
    const foot = x + side * r * (0.45 + 0.5 * stride * side)
    for (let n = 0; n <= 12; n += 1) {
      const along = n / 12
      ellipse(
        canvas,
        x + side * r * 0.45 + (foot - x - side * r * 0.45) * along,
        hip + r * 2.9 * along,
        r * 0.42,
        r * 0.4,
        dark,
      )
    }
    for (let n = 0; n <= 8; n += 1) {
      const along = n / 8
      const arm = x + side * r * (1.35 + 0.25 * along) - side * stride * r * 0.3 * along
      ellipse(canvas, arm, y + r * (1.9 + 2.3 * along), r * 0.32, r * 0.36, shade(look.shirt, 0.82))
    }
  }
  fill(
    canvas,
    { left: x - r * 1.25, right: x + r * 1.25, top: y + r * 1.6, bottom: hip + r * 0.3 },
    look.shirt,
  )
  ellipse(canvas, x, y + r * 1.7, r * 1.25, r * 0.6, look.shirt)
  fill(
    canvas,
    { left: x - r * 0.35, right: x + r * 0.35, top: y + r * 0.8, bottom: y + r * 1.5 },
    shade(look.skin, 0.8),
  )
  const over = look.isHooded ? look.shirt : look.hair
  ellipse(canvas, x, y - r * 0.15, r * 1.12, r * 1.3, over)
  ellipse(canvas, x, y + r * 0.1, r * 0.88, r * 1.02, look.skin)
  if (!look.isHooded) ellipse(canvas, x, y - r * 0.85, r * 0.85, r * 0.36, over)
  for (const side of [-1, 1]) {
    ellipse(canvas, x + side * r * 0.36, y - r * 0.05, r * 0.17, r * 0.12, [245, 245, 240])
    ellipse(canvas, x + side * r * 0.36, y - r * 0.05, r * 0.08, r * 0.11, [35, 30, 30])
  }
  ellipse(canvas, x, y + r * 0.28, r * 0.1, r * 0.2, shade(look.skin, 0.82))
  ellipse(canvas, x, y + r * 0.62, r * 0.3, r * 0.08, [150, 70, 70])
}

/** A cleaning trolley at the front: something always moves, with nobody there. */
export function trolleyArea(x: number): Area {
  return { left: x - 34, right: x + 34, top: 396, bottom: 464 }
}

export function paintTrolley(canvas: Canvas, x: number): void {
  fill(canvas, { left: x - 32, right: x + 32, top: 412, bottom: 446 }, [196, 186, 60])
  fill(canvas, { left: x - 32, right: x + 32, top: 426, bottom: 430 }, [60, 60, 60])
  fill(canvas, { left: x + 24, right: x + 30, top: 398, bottom: 412 }, [60, 60, 60])
  for (const side of [-1, 1]) ellipse(canvas, x + side * 20, 452, 9, 9, [30, 30, 32])
}

/** Text in the dark band at the top, twelve pixels a letter. */
export function writeBand(canvas: Canvas, left: number, text: string): void {
  for (let y = 0; y < bandPx; y += 1)
    for (let x = left; x < Math.min(widthPx, left + text.length * 12); x += 1) set(canvas, x, y, [16, 18, 22])
  for (const [index, letter] of [...text].entries()) {
    for (const [row, line] of letterRows(letter).entries())
      for (let column = 0; column < 5; column += 1) {
        if (((line >> (4 - column)) & 1) === 0) continue
        const x = left + index * 12 + column * 2
        for (const [dx, dy] of [
          [0, 0],
          [1, 0],
          [0, 1],
          [1, 1],
        ] as const)
          if (x + dx < widthPx) set(canvas, x + dx, 1 + row * 2 + dy, [235, 238, 240])
      }
  }
}
