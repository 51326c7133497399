/**
 * The moving picture of one simulated camera: a loop of six seconds at 30 frames a second, made as it is asked for and kept,
 * with the real time written over it. Where the face is in a frame is known exactly, so that a detection's box is true.
 */
import { encodePart, jpegEnd, jpegHead, partHeightPx, partsAcross, partWidthPx } from './jpeg.ts'
import {
  type Area,
  type Canvas,
  faceArea,
  figureArea,
  heightPx,
  lookOf,
  newCanvas,
  type Place,
  paintPerson,
  paintRoom,
  paintTrolley,
  trolleyArea,
  widthPx,
  writeBand,
} from './scene.ts'

export const framesPerSecond = 30
const loopFrames = 6 * framesPerSecond
/** Loops kept beside the empty room's: each is about 3 MB. */
const loopsKept = 2
const clockLetters = 11
const clockLeftPx = widthPx - partWidthPx * 3

/** Who is in the picture: a name, a stranger, or nobody. */
export type Figure = { readonly person: string | null } | null

const head = jpegHead(widthPx, heightPx)

function clock(at: number): string {
  const time = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const hundredths = Math.floor(time.getMilliseconds() / 10)
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${two(hundredths)}`
}

export class Film {
  readonly #seed: number
  readonly #name: string
  #room: Canvas | null = null
  readonly #canvas = newCanvas()
  #roomParts: Buffer[] = []
  readonly #across = widthPx / partWidthPx
  readonly #loops = new Map<string, (Buffer | undefined)[]>()

  constructor(name: string, seed: number) {
    this.#name = name
    this.#seed = seed
  }

  /** The number of the frame shown at that time. */
  frameAt(at: number): number {
    return Math.floor((at * framesPerSecond) / 1000)
  }

  face(at: number): Area {
    return faceArea(this.#place(this.frameAt(at)))
  }

  jpeg(at: number, figure: Figure): Buffer {
    const room = this.#paintedRoom()
    const number = this.frameAt(at) % loopFrames
    const key = figure === null ? '' : `=${figure.person ?? ''}`
    let loop = this.#loops.get(key)
    if (loop === undefined) {
      loop = new Array<Buffer | undefined>(loopFrames)
      const oldest = [...this.#loops.keys()].filter((each) => each !== '')
      if (oldest.length >= loopsKept) this.#loops.delete(oldest[0] ?? '')
      this.#loops.set(key, loop)
    }
    const below = loop[number] ?? this.#paintBelow(room, number, figure)
    loop[number] = below
    return Buffer.concat([head, ...this.#paintBand(at), below])
  }

  #paintedRoom(): Canvas {
    if (this.#room !== null) return this.#room
    const room = newCanvas()
    paintRoom(room, this.#seed)
    writeBand(room, 0, this.#name.replaceAll('_', ' ').padEnd(Math.ceil(widthPx / 12)))
    const count = (this.#across * heightPx) / partHeightPx
    this.#roomParts = Array.from({ length: count }, (_, index) => encodePart(room, index))
    this.#canvas.data.set(room.data)
    this.#room = room
    return room
  }

  #place(frame: number): Place {
    const turn = ((frame % loopFrames) / loopFrames) * 2 * Math.PI
    const phase = this.#seed % 7
    const radius = 24 + (this.#seed % 5) * 2
    const step = Math.sin(turn * 4 + phase)
    // They shift from foot to foot rather than walk: a box of some seconds ago still lies on the face it belongs to.
    return {
      x: widthPx / 2 + (this.#seed % 4) * 40 - 60 + 14 * Math.sin(turn + phase),
      y: 170 + Math.abs(step) * 3,
      radius,
      stride: step * 0.5,
    }
  }

  #trolley(frame: number): number {
    return widthPx / 2 + 250 * Math.sin(((frame % loopFrames) / loopFrames) * 2 * Math.PI + (this.#seed % 5))
  }

  /** Only the parts that something moves in are painted and written anew; afterwards the canvas is the room again. */
  #paintBelow(room: Canvas, frame: number, figure: Figure): Buffer {
    const trolley = this.#trolley(frame)
    const areas = [trolleyArea(trolley)]
    if (figure !== null) {
      const place = this.#place(frame)
      paintPerson(this.#canvas, place, lookOf(figure.person))
      areas.push(figureArea(place))
    }
    paintTrolley(this.#canvas, trolley)
    const parts = this.#roomParts.slice()
    for (const index of this.#touched(areas)) parts[index] = encodePart(this.#canvas, index)
    this.#restore(room, areas)
    return Buffer.concat([...parts.slice(this.#across), jpegEnd])
  }

  #paintBand(at: number): Buffer[] {
    writeBand(this.#canvas, clockLeftPx + partWidthPx * 3 - clockLetters * 12, clock(at))
    const parts = this.#roomParts.slice(0, this.#across)
    for (let n = this.#across - 3; n < this.#across; n += 1) parts[n] = encodePart(this.#canvas, n)
    return parts
  }

  #touched(areas: readonly Area[]): Set<number> {
    const touched = new Set<number>()
    const across = partsAcross(this.#canvas)
    for (const area of areas) {
      const right = Math.min(widthPx - 1, area.right)
      const bottom = Math.min(heightPx - 1, area.bottom)
      for (let row = Math.floor(Math.max(0, area.top) / partHeightPx); row <= bottom / partHeightPx; row += 1)
        for (let n = Math.floor(Math.max(0, area.left) / partWidthPx); n <= right / partWidthPx; n += 1)
          touched.add(row * across + n)
    }
    return touched
  }

  #restore(room: Canvas, areas: readonly Area[]): void {
    for (const area of areas) {
      const left = Math.max(0, Math.floor(area.left))
      const right = Math.min(widthPx, Math.ceil(area.right) + 1)
      for (let y = Math.max(0, Math.floor(area.top)); y < Math.min(heightPx, area.bottom + 1); y += 1) {
        const from = (y * widthPx + left) * 3
        this.#canvas.data.set(room.data.subarray(from, (y * widthPx + right) * 3), from)
      }
    }
  }
}
