/**
 * A small baseline JPEG writer that can redo part of a picture: every four blocks of a row end in a restart marker, so what
 * did not change keeps its bytes. That is what lets one process feed many moving cameras. Not for photographs.
 */

export interface Pixels {
  readonly widthPx: number
  readonly heightPx: number
  /** RGB, three bytes a pixel. */
  readonly data: Uint8Array
}

/** Colour is halved both ways, so a unit of the file is 16 pixels square: four blocks of light, one each of the colours. */
const unitPx = 16
const unitsPerPart = 4
export const partWidthPx = unitPx * unitsPerPart
export const partHeightPx = unitPx

const zigzag = zigzagOrder()
const lightSteps = steps(5, 3.2)
const colourSteps = steps(8, 6)

function zigzagOrder(): Uint8Array {
  const order: { at: number; sum: number; along: number }[] = []
  for (let at = 0; at < 64; at += 1) {
    const x = at % 8
    const y = Math.floor(at / 8)
    // Diagonals are walked up and down in turn.
    order.push({ at, sum: x + y, along: (x + y) % 2 === 0 ? x : y })
  }
  order.sort((a, b) => a.sum - b.sum || a.along - b.along)
  return Uint8Array.from(order, (each) => each.at)
}

function steps(first: number, slope: number): Float64Array {
  return Float64Array.from({ length: 64 }, (_, at) =>
    Math.round(first + slope * ((at % 8) + Math.floor(at / 8))),
  )
}

/** One pair of tables for light and colour alike: the standard's for light (T.81, K.3.1 and K.3.2). */
const dcLengths = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
const dcValues = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const acLengths = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125]
const acValues = [
  0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
  0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72,
  0x82, 0x09, 0x0a,
]
for (const [run, first] of [6, 5, 4, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1].entries())
  for (let size = first; size <= 10; size += 1) acValues.push(((run + 1) << 4) | size)

interface Codes {
  readonly code: Uint16Array
  readonly length: Uint8Array
}

function codesOf(lengths: readonly number[], values: readonly number[]): Codes {
  const codes = { code: new Uint16Array(256), length: new Uint8Array(256) }
  let code = 0
  let at = 0
  for (const [index, count] of lengths.entries()) {
    for (let n = 0; n < count; n += 1) {
      const value = values[at] ?? 0
      codes.code[value] = code
      codes.length[value] = index + 1
      code += 1
      at += 1
    }
    code <<= 1
  }
  return codes
}
const dc = codesOf(dcLengths, dcValues)
const ac = codesOf(acLengths, acValues)

/** Half the cosine of k sixteenths of a half turn. */
const cosine = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => Math.cos((k * Math.PI) / 16) / 2) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]

function marker(code: number, body: readonly number[]): number[] {
  return [0xff, code, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]
}

/** Everything before the first part. */
export function jpegHead(widthPx: number, heightPx: number): Buffer {
  const table = (all: Float64Array) => [...zigzag].map((at) => all[at] ?? 1)
  return Buffer.from([
    0xff,
    0xd8,
    ...marker(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...marker(0xdb, [0, ...table(lightSteps), 1, ...table(colourSteps)]),
    ...marker(0xc0, [
      8,
      heightPx >> 8,
      heightPx & 255,
      widthPx >> 8,
      widthPx & 255,
      3,
      ...[1, 0x22, 0],
      ...[2, 0x11, 1],
      ...[3, 0x11, 1],
    ]),
    ...marker(0xc4, [0, ...dcLengths, ...dcValues, 0x10, ...acLengths, ...acValues]),
    ...marker(0xdd, [0, unitsPerPart]),
    ...marker(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
  ])
}

export const jpegEnd = Buffer.from([0xff, 0xd9])

const scratch = Buffer.alloc(64 * 1024)
const light = new Float64Array(unitPx * unitPx)
const blue = new Float64Array(64)
const red = new Float64Array(64)
const block = new Float64Array(64)
const half = new Float64Array(64)
let at = 0
let bits = 0
let bitCount = 0

function put(code: number, length: number): void {
  bits = (bits << length) | code
  bitCount += length
  while (bitCount >= 8) {
    const byte = (bits >> (bitCount - 8)) & 255
    scratch[at++] = byte
    if (byte === 255) scratch[at++] = 0
    bitCount -= 8
    bits &= (1 << bitCount) - 1
  }
}

function putNumber(codes: Codes, run: number, value: number): void {
  const size = 32 - Math.clz32(Math.abs(value))
  const symbol = (run << 4) | size
  put(codes.code[symbol] ?? 0, codes.length[symbol] ?? 0)
  if (size > 0) put(value < 0 ? value + (1 << size) - 1 : value, size)
}

/** Cosine transform of eight numbers `stride` apart, from one array into another: even ones from sums, odd ones from differences. */
function transform(from: Float64Array, to: Float64Array, start: number, stride: number): void {
  const x0 = from[start] ?? 0
  const x1 = from[start + stride] ?? 0
  const x2 = from[start + 2 * stride] ?? 0
  const x3 = from[start + 3 * stride] ?? 0
  const x4 = from[start + 4 * stride] ?? 0
  const x5 = from[start + 5 * stride] ?? 0
  const x6 = from[start + 6 * stride] ?? 0
  const x7 = from[start + 7 * stride] ?? 0
  const s0 = x0 + x7
  const s1 = x1 + x6
  const s2 = x2 + x5
  const s3 = x3 + x4
  const d0 = x0 - x7
  const d1 = x1 - x6
  const d2 = x2 - x5
  const d3 = x3 - x4
  to[start] = (s0 + s1 + s2 + s3) * cosine[4]
  to[start + 4 * stride] = (s0 - s1 - s2 + s3) * cosine[4]
  to[start + 2 * stride] = (s0 - s3) * cosine[2] + (s1 - s2) * cosine[6]
  to[start + 6 * stride] = (s0 - s3) * cosine[6] - (s1 - s2) * cosine[2]
  to[start + stride] = d0 * cosine[1] + d1 * cosine[3] + d2 * cosine[5] + d3 * cosine[7]
  to[start + 3 * stride] = d0 * cosine[3] - d1 * cosine[7] - d2 * cosine[1] - d3 * cosine[5]
  to[start + 5 * stride] = d0 * cosine[5] - d1 * cosine[1] + d2 * cosine[7] + d3 * cosine[3]
  to[start + 7 * stride] = d0 * cosine[7] - d1 * cosine[5] + d2 * cosine[3] - d3 * cosine[1]
}

/** Writes one block and returns its mean, which the next block of the same colour is counted from. */
function putBlock(stepsOf: Float64Array, before: number): number {
  for (let row = 0; row < 8; row += 1) transform(block, half, row * 8, 1)
  for (let column = 0; column < 8; column += 1) transform(half, block, column, 8)
  const mean = Math.round((block[0] ?? 0) / (stepsOf[0] ?? 1))
  putNumber(dc, 0, mean - before)
  let run = 0
  for (let n = 1; n < 64; n += 1) {
    const place = zigzag[n] ?? 0
    const value = Math.round((block[place] ?? 0) / (stepsOf[place] ?? 1))
    if (value === 0) {
      run += 1
      continue
    }
    for (; run > 15; run -= 16) put(ac.code[0xf0] ?? 0, ac.length[0xf0] ?? 0)
    putNumber(ac, run, value)
    run = 0
  }
  if (run > 0) put(ac.code[0] ?? 0, ac.length[0] ?? 0)
  return mean
}

function readUnit(picture: Pixels, left: number, top: number): void {
  blue.fill(0)
  red.fill(0)
  for (let y = 0; y < unitPx; y += 1) {
    let from = ((top + y) * picture.widthPx + left) * 3
    for (let x = 0; x < unitPx; x += 1) {
      const r = picture.data[from] ?? 0
      const g = picture.data[from + 1] ?? 0
      const b = picture.data[from + 2] ?? 0
      from += 3
      const shine = 0.299 * r + 0.587 * g + 0.114 * b
      light[y * unitPx + x] = shine - 128
      const at = (y >> 1) * 8 + (x >> 1)
      blue[at] = (blue[at] ?? 0) + (b - shine) * (0.564 / 4)
      red[at] = (red[at] ?? 0) + (r - shine) * (0.713 / 4)
    }
  }
}

export function partsAcross(picture: Pixels): number {
  return picture.widthPx / partWidthPx
}

/** The bytes of one part, with the marker that ends it. */
export function encodePart(picture: Pixels, index: number): Buffer {
  const across = partsAcross(picture)
  const count = (across * picture.heightPx) / partHeightPx
  const top = Math.floor(index / across) * partHeightPx
  const left = (index % across) * partWidthPx
  at = 0
  bits = 0
  bitCount = 0
  const means = [0, 0, 0] as [number, number, number]
  for (let unit = 0; unit < unitsPerPart; unit += 1) {
    readUnit(picture, left + unit * unitPx, top)
    for (const corner of [0, 8, 8 * unitPx, 8 * unitPx + 8]) {
      for (let n = 0; n < 64; n += 1) block[n] = light[corner + (n >> 3) * unitPx + (n & 7)] ?? 0
      means[0] = putBlock(lightSteps, means[0])
    }
    block.set(blue)
    means[1] = putBlock(colourSteps, means[1])
    block.set(red)
    means[2] = putBlock(colourSteps, means[2])
  }
  // The rest of the last byte is ones.
  if (bitCount > 0) put((1 << (8 - bitCount)) - 1, 8 - bitCount)
  if (index < count - 1) {
    scratch[at++] = 0xff
    scratch[at++] = 0xd0 + (index % 8)
  }
  return Buffer.from(scratch.subarray(0, at))
}
