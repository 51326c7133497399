/**
 * What the simulated server sees. It decodes the JPEG, so its boxes follow the picture: every magenta patch is a face, and how green
 * it is says whose. Asked to, it also finds the painted people of the other simulators by their skin, and knows them by its tone.
 */
import { decode } from 'jpeg-js'

export interface Seen {
  /** Pixels of the picture as it came. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly is: 'patch' | 'skin'
  /** Mean of its inside, 0..255: the green of a patch is a number its painter chose, the red of skin its tone. */
  readonly red: number
  readonly green: number
  /** What somebody wears, a head's width below the chin; null for patches, and where the picture ends before. */
  readonly shirt: readonly [number, number, number] | null
}

export type Finds = 'patches' | 'people'

export interface Look {
  readonly widthPx: number
  readonly heightPx: number
  readonly faces: readonly Seen[]
}

/** Cells of the picture are looked at, not pixels: a quarter of a million of them thirty times a second is too much for one core. */
const cellsAcross = 160
const mostFaces = 12
/** Smaller is noise at the edge of a colour. */
const leastCells = 4

/** Red and blue high, alike, and well above green. Compression pulls colours together, so the limits are mild. */
function isMagenta(red: number, green: number, blue: number): boolean {
  return red > 120 && blue > 120 && Math.abs(red - blue) < 90 && Math.min(red, blue) - green > 60
}

/** The skin `test/sim/openeye/scene.ts` paints, in every tone: the walls and floors of its rooms are greyer, its doors darker. */
function isSkin(red: number, green: number, blue: number): boolean {
  if (red < 120 || green < blue || red < green) return false
  const warmth = (red - blue) / red
  const yellow = (green - blue) / (red - blue)
  return warmth > 0.25 && warmth < 0.42 && yellow > 0.28 && yellow < 0.56
}

/** The patch a painter puts into a picture: `green` 0..120 is a number the server reads back within a few steps. */
export function patchColour(green: number): readonly [number, number, number] {
  return [235, green, 235]
}

export function look(jpeg: Uint8Array, finds: Finds = 'patches'): Look {
  // A picture is at most a mebibyte; what it claims to be must not be allowed to cost more memory than that needs.
  const { width, height, data } = decode(jpeg, {
    useTArray: true,
    maxMemoryUsageInMB: 64,
    maxResolutionInMP: 4,
  })
  const step = Math.max(1, Math.floor(Math.max(width, height) / cellsAcross))
  const across = Math.floor(width / step)
  const down = Math.floor(height / step)
  const pixels: Pixels = { data, width, height, step, across, down }
  let faces = regions(pixels, isMagenta).map((region) => patch(region, pixels))
  if (finds === 'people') {
    const heads = regions(pixels, isSkin).flatMap((region) => head(region, pixels))
    // A shirt may have the colour of skin, or of a patch: what is right below a head is no second face.
    const isBelow = (one: Seen, other: Seen) =>
      other.y < one.y && Math.abs(other.x + other.width / 2 - one.x - one.width / 2) < one.width
    faces = [...faces, ...heads].filter((one) => !heads.some((other) => isBelow(one, other)))
  }
  return { widthPx: width, heightPx: height, faces: faces.slice(0, mostFaces) }
}

interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly step: number
  readonly across: number
  readonly down: number
}

type Is = (red: number, green: number, blue: number) => boolean

function regions({ data, width, step, across, down }: Pixels, is: Is): Region[] {
  const marked = new Uint8Array(across * down)
  for (let y = 0; y < down; y += 1)
    for (let x = 0; x < across; x += 1) {
      const at = (y * step * width + x * step) * 4
      if (is(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)) marked[y * across + x] = 1
    }
  const found: Region[] = []
  for (let from = 0; from < marked.length && found.length < mostFaces; from += 1) {
    if (marked[from] !== 1) continue
    const region = flood(marked, across, down, from)
    if (region.cells >= leastCells) found.push(region)
  }
  return found
}

interface Region {
  left: number
  right: number
  top: number
  bottom: number
  cells: number
}

/** Takes a region out of the map; corners count as touching. */
function flood(marked: Uint8Array, across: number, down: number, from: number): Region {
  const region = { left: across, right: 0, top: down, bottom: 0, cells: 0 }
  const waiting = [from]
  marked[from] = 2
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    const x = cell % across
    const y = Math.floor(cell / across)
    region.left = Math.min(region.left, x)
    region.right = Math.max(region.right, x)
    region.top = Math.min(region.top, y)
    region.bottom = Math.max(region.bottom, y)
    region.cells += 1
    for (let dy = -1; dy <= 1; dy += 1)
      for (let dx = -1; dx <= 1; dx += 1) {
        const [nx, ny] = [x + dx, y + dy]
        if (nx < 0 || ny < 0 || nx >= across || ny >= down || marked[ny * across + nx] !== 1) continue
        marked[ny * across + nx] = 2
        waiting.push(ny * across + nx)
      }
  }
  return region
}

/** A head is about as high as wide, and most of its box is skin; a neck below it is not counted. */
function head(region: Region, pixels: Pixels): Seen[] {
  const { step } = pixels
  const across = region.right - region.left + 1
  const down = Math.min(region.bottom - region.top + 1, Math.round(across * 1.25))
  const isHead = across >= 4 && down >= across * 0.8 && region.cells >= across * down * 0.5
  if (!isHead) return []
  const box = { x: region.left * step, y: region.top * step, width: across * step, height: down * step }
  return [{ ...box, is: 'skin', ...mean(box, pixels, isSkin), shirt: shirtOf(box, pixels) }]
}

/** To the pixel: from its middle outwards as far as the colour goes. */
function patch(region: Region, pixels: Pixels): Seen {
  const { data, width, height, step } = pixels
  const isPatch = (x: number, y: number) => {
    const at = (y * width + x) * 4
    return isMagenta(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)
  }
  const middleX = Math.round(((region.left + region.right + 1) / 2) * step)
  const middleY = Math.round(((region.top + region.bottom + 1) / 2) * step)
  const walk = (dx: number, dy: number): number => {
    for (let steps = 0; ; steps += 1) {
      const [x, y] = [middleX + dx * (steps + 1), middleY + dy * (steps + 1)]
      if (x < 0 || y < 0 || x >= width || y >= height || !isPatch(x, y)) return steps
    }
  }
  const x = middleX - walk(-1, 0)
  const y = middleY - walk(0, -1)
  const box = { x, y, width: middleX + walk(1, 0) + 1 - x, height: middleY + walk(0, 1) + 1 - y }
  return { ...box, is: 'patch', ...mean(box, pixels, isMagenta), shirt: null }
}

function shirtOf(
  box: { readonly x: number; readonly y: number; readonly width: number },
  { data, width, height }: Pixels,
): Seen['shirt'] {
  // As `paintPerson` has it: skin is 1.76 radii wide and begins 0.92 above the middle; the shirt goes from 1.6 to 4.4 below.
  const radius = box.width / 1.76
  const top = Math.round(box.y + (0.92 + 2.6) * radius)
  const left = Math.round(box.x + box.width / 2)
  const side = Math.max(2, Math.round(radius / 4))
  if (top + side >= height) return null
  const sum: [number, number, number] = [0, 0, 0]
  for (let y = top; y < top + side; y += 1)
    for (let x = left - side; x < left + side; x += 1)
      for (const n of [0, 1, 2] as const) sum[n] += data[(y * width + x) * 4 + n] ?? 0
  const count = 2 * side * side
  return [sum[0] / count, sum[1] / count, sum[2] / count]
}

/** Of what is inside and of the kind: eyes are no skin, and edges mix with what is behind. */
function mean(
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  { data, width }: Pixels,
  is: Is,
): { readonly red: number; readonly green: number } {
  const inset = Math.floor(Math.min(box.width, box.height) / 4)
  const sum = { red: 0, green: 0, count: 0 }
  for (let y = box.y + inset; y < box.y + box.height - inset; y += 1)
    for (let x = box.x + inset; x < box.x + box.width - inset; x += 1) {
      const at = (y * width + x) * 4
      const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
      if (!is(red, green, blue)) continue
      sum.red += red
      sum.green += green
      sum.count += 1
    }
  const count = Math.max(1, sum.count)
  return { red: Math.round(sum.red / count), green: Math.round(sum.green / count) }
}
