/**
 * The face engine of this installation. Runs in a worker of the analyst's screen, on WebAssembly, with models from our own
 * origin: nothing leaves the machine. It finds faces, and where the model for it is there, tells whose they are.
 */
import type { Box } from '../../contract/events.ts'
import { FaceDetector } from './blazeface/detector.ts'
import { blazeSide } from './blazeface/runner.ts'
import { blank, drawingOf, type LookedAt, pixelsOf, sizeOf } from './face-drawing.ts'
import { boxInPicture, type Square, squareAround, wholeSquare } from './face-square.ts'
import { type FaceInPicture, FaceTeller } from './face-teller.ts'

export interface Found {
  /** 0..1 of the picture. */
  readonly box: Box
  /** How sure the detector is that this is a face, 0..1. */
  readonly score: number
  readonly embedding: Float32Array | null
}

export interface DeviceFaceEngine {
  /** False: the model that tells faces apart is not there; faces are found and nobody is named. */
  readonly canTellApart: boolean
  /** `wanted` says which faces are worth their numbers: see FaceTracks. The surest face comes first. */
  look(image: LookedAt, wanted: boolean | ((face: Box) => boolean)): Promise<Found[]>
  /** Rejects never: what cannot be learned has its reason in words. */
  learn(jpeg: Uint8Array): Promise<{ embedding: Float32Array } | { reason: string }>
}

/** Below this the eyes are too few pixels apart to say how the head is tilted: the face is found again in a closer picture. */
const closerBelowPx = 48
const closerRoom = 3
/** The library's own 0.2 of sureness finds faces in curtains. */
export const limits = { surely: 0.5, sameFaceTwice: 0.3, mostFaces: 20 } as const
/** The detector's box ends at the brows and the mouth; ours goes around the head as far as people would draw it. */
const wholeHead = 1.25
/** Smaller faces give numbers that say little. */
const smallestLearnedPx = 48

const models = '/models/'

/** A face as the detector has it. */
interface Seen extends FaceInPicture {
  readonly score: number
  /** Of the detector's own square. */
  readonly detectedPx: number
}

/** Rejects with the reason in words. */
export async function loadDeviceFaces(): Promise<DeviceFaceEngine> {
  const engine = new Engine(await FaceDetector.load(`${models}blazeface.json`, limits), await loadTeller())
  await engine.warmUp()
  return engine
}

/** Null: this installation has no model that tells faces apart. Its licence is why it is not always there: docs/models.md. */
async function loadTeller(): Promise<FaceTeller | null> {
  const url = `${models}faceres.json`
  const { ok } = await fetch(url, { method: 'HEAD' })
  return ok ? FaceTeller.load(url) : null
}

class Engine implements DeviceFaceEngine {
  readonly #detector: FaceDetector
  readonly #teller: FaceTeller | null
  readonly #detected = drawingOf(blazeSide)
  /** Each model has one place for its numbers, and each canvas one picture: one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(detector: FaceDetector, teller: FaceTeller | null) {
    this.#detector = detector
    this.#teller = teller
  }

  get canTellApart(): boolean {
    return this.#teller !== null
  }

  look(image: LookedAt, wanted: boolean | ((face: Box) => boolean)): Promise<Found[]> {
    return this.#inTurn(() => this.#look(image, wanted))
  }

  learn(jpeg: Uint8Array): Promise<{ embedding: Float32Array } | { reason: string }> {
    return this.#inTurn(() => this.#learn(jpeg))
  }

  /** The first runs lay out memory; nobody waits for them later. */
  async warmUp(): Promise<void> {
    await this.look(this.#detected.context.canvas, false)
    const anyFace = { score: 1, middleX: 128, middleY: 128, sidePx: 128, tilt: 0, detectedPx: 128 }
    if (this.#teller !== null) this.#numbersOf(this.#detected.context.canvas, anyFace, this.#teller)
  }

  #inTurn<T>(step: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {})
    return result
  }

  #look(image: LookedAt, wanted: boolean | ((face: Box) => boolean)): Found[] {
    const size = sizeOf(image)
    const teller = this.#teller
    const found: Found[] = []
    for (const seen of this.#find(image, wholeSquare(size))) {
      const box = headOf(seen, size)
      if (box === null) continue
      const isWanted = teller !== null && (typeof wanted === 'boolean' ? wanted : wanted(box))
      const embedding = isWanted ? this.#numbersOf(image, seen, teller) : null
      found.push({ box, score: seen.score, embedding })
    }
    return found
  }

  /** The surest first. */
  #find(image: LookedAt, square: Square): Seen[] {
    const { context } = this.#detected
    const zoom = blazeSide / square.side
    const { width, height } = sizeOf(image)
    blank(this.#detected)
    context.setTransform(zoom, 0, 0, zoom, -square.x * zoom, -square.y * zoom)
    context.drawImage(image, 0, 0, width, height)
    const faces = this.#detector.find(pixelsOf(this.#detected).data)
    return faces.map(({ score, x, y, side, eyes: [one, other] }) => ({
      score,
      middleX: square.x + (x + side / 2) * square.side,
      middleY: square.y + (y + side / 2) * square.side,
      sidePx: side * square.side,
      tilt: Math.atan2(other[1] - one[1], other[0] - one[0]),
      detectedPx: side * blazeSide,
    }))
  }

  #numbersOf(image: LookedAt, far: Seen, teller: FaceTeller): Float32Array {
    return teller.numbersOf(image, far.detectedPx < closerBelowPx ? this.#closer(image, far) : far)
  }

  /** The same face again, large enough to see how it is tilted; as it was where that shows no face. */
  #closer(image: LookedAt, far: Seen): Seen {
    const size = sizeOf(image)
    const box = headOf(far, size)
    if (box === null) return far
    const near = this.#find(image, squareAround(box, size, closerRoom))
    const away = (one: Seen) => Math.hypot(one.middleX - far.middleX, one.middleY - far.middleY)
    const [nearest] = near.sort((a, b) => away(a) - away(b))
    return nearest !== undefined && away(nearest) < far.sidePx ? nearest : far
  }

  async #learn(jpeg: Uint8Array): Promise<{ embedding: Float32Array } | { reason: string }> {
    if (this.#teller === null)
      return { reason: 'the model that tells faces apart is not there: see Settings, face-models' }
    let image: ImageBitmap
    try {
      image = await createImageBitmap(new Blob([Uint8Array.from(jpeg)]))
    } catch {
      return { reason: 'this browser cannot read the picture' }
    }
    try {
      const faces = this.#find(image, wholeSquare(image))
      const [first] = faces
      if (first === undefined) return { reason: 'no face was found in it' }
      if (faces.length > 1) return { reason: `${faces.length} faces are in it; cut it to one` }
      const sidePx = Math.round(first.sidePx * wholeHead)
      if (sidePx < smallestLearnedPx)
        return { reason: `the face is too small: ${sidePx} pixels, ${smallestLearnedPx} are needed` }
      return { embedding: this.#numbersOf(image, first, this.#teller) }
    } finally {
      image.close()
    }
  }
}

function headOf({ middleX, middleY, sidePx }: Seen, size: { width: number; height: number }): Box | null {
  const side = sidePx * wholeHead
  return boxInPicture(
    { x: 0, y: 0, width: 1, height: 1 },
    { x: middleX - side / 2, y: middleY - side / 2, side },
    size,
  )
}
