/**
 * The face engine of this installation. Runs in a worker of the analyst's screen, on WebAssembly, with models from our own
 * origin: nothing leaves the machine. It finds faces, and turns a face into 1,024 numbers that are near to those of the same
 * person's other pictures. The same model could guess age and gender: that part of it is never run.
 */
import { type Config, type GraphModel, Human, type Tensor } from '@vladmandic/human'
import type { Box } from '../../contract/events.ts'
import { blank, type Drawing, drawingOf, sizeOf } from './face-drawing.ts'
import { boxInPicture, type Square, squareAround, wholeSquare } from './face-square.ts'
import { loadLean } from './lean-model.ts'

export type LookedAt = ImageBitmap | OffscreenCanvas | VideoFrame

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

/** What the detector takes in; a larger square would only be made smaller again. */
const detectSide = 256
/** What the model that tells faces apart takes in. */
const tellSide = 224
/** The part around the detector's box that this model was made for. */
const tellRoom = 1.4
/** Below this the eyes are too few pixels apart to say how the head is tilted: the face is found again in a closer picture. */
const closerBelowPx = 48
const closerRoom = 3
const mostFaces = 20
/** Both 0..1. The library's own 0.2 finds faces in curtains. */
const surely = 0.5
const sameFaceTwice = 0.3
/** The detector's box ends at the brows and the mouth; ours goes around the head as far as people would draw it. */
const wholeHead = 1.25
const numbers = 1024
/** The output of the model that is the face itself. What follows it guesses age and gender; asked for this, it is not computed. */
export const toldBy = 'global_pooling/Mean'
/** Smaller faces give numbers that say little. */
const smallestLearnedPx = 48

const models = '/models/'

const config: Partial<Config> = {
  backend: 'wasm',
  wasmPath: models,
  modelBasePath: models,
  cacheModels: false,
  warmup: 'none',
  debug: false,
  async: false,
  cacheSensitivity: 0,
  filter: { enabled: false },
  gesture: { enabled: false },
  body: { enabled: false },
  hand: { enabled: false },
  object: { enabled: false },
  segmentation: { enabled: false },
  face: {
    enabled: true,
    detector: {
      modelPath: 'blazeface.json',
      rotation: false,
      maxDetected: mostFaces,
      minConfidence: surely,
      iouThreshold: sameFaceTwice,
      skipFrames: 0,
      skipTime: 0,
      minSize: 0,
      square: false,
      scale: 1,
    },
    mesh: { enabled: false },
    iris: { enabled: false },
    attention: { enabled: false },
    emotion: { enabled: false },
    antispoof: { enabled: false },
    liveness: { enabled: false },
    gear: { enabled: false },
    description: { enabled: false },
  },
}

/** A face as the detector has it, in pixels of the picture. */
interface Seen {
  readonly score: number
  readonly middleX: number
  readonly middleY: number
  readonly sidePx: number
  /** Clockwise, radians: how the line through the eyes lies. */
  readonly tilt: number
  /** Of the detector's own square. */
  readonly detectedPx: number
}

export async function loadDeviceFaces(): Promise<DeviceFaceEngine> {
  const human = new Human(config)
  await human.load()
  const backend = human.tf.getBackend()
  // The library would go on with WebGL, which on a machine without a graphics card takes twenty times as long.
  if (backend !== 'wasm')
    throw new Error(`the face engine needs WebAssembly, and this browser gave it ${backend || 'nothing'}`)
  if (human.models.models.blazeface === null)
    throw new Error('the model that finds faces could not be read from this installation')
  const engine = new Engine(human, await loadTeller(human))
  await engine.warmUp()
  return engine
}

/** Null: this installation has no model that tells faces apart. Its licence is why it is not always there: docs/models.md. */
async function loadTeller(human: Human): Promise<GraphModel | null> {
  const url = `${models}faceres.json`
  const { ok } = await fetch(url, { method: 'HEAD' })
  if (!ok) return null
  return loadLean(human.tf, url, new Set([toldBy]))
}

class Engine implements DeviceFaceEngine {
  readonly #human: Human
  readonly #teller: GraphModel | null
  readonly #detected = drawingOf(detectSide)
  readonly #told = drawingOf(tellSide)
  /** The library keeps its state in its modules: one picture after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(human: Human, teller: GraphModel | null) {
    this.#human = human
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
    if (this.#teller !== null) await this.#numbersOf(this.#detected.context.canvas, anyFace, this.#teller)
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {})
    return result
  }

  async #look(image: LookedAt, wanted: boolean | ((face: Box) => boolean)): Promise<Found[]> {
    const size = sizeOf(image)
    const found: Found[] = []
    for (const seen of await this.#find(image, wholeSquare(size))) {
      const box = headOf(seen, size)
      if (box === null) continue
      const isWanted = this.#teller !== null && (typeof wanted === 'boolean' ? wanted : wanted(box))
      const embedding = isWanted ? await this.#numbersOf(image, seen, this.#teller) : null
      found.push({ box, score: seen.score, embedding })
    }
    return found
  }

  /** The surest first. */
  async #find(image: LookedAt, square: Square): Promise<Seen[]> {
    const { context } = this.#detected
    const zoom = detectSide / square.side
    const { width, height } = sizeOf(image)
    blank(this.#detected)
    context.setTransform(zoom, 0, 0, zoom, -square.x * zoom, -square.y * zoom)
    context.drawImage(image, 0, 0, width, height)
    const pixels = this.#pixels(this.#detected)
    try {
      const { face } = await this.#human.detect(pixels)
      return face
        .map(({ boxRaw: [x, y, wide], boxScore, mesh: [oneEye, otherEye] }) => ({
          score: Math.min(1, boxScore),
          middleX: square.x + (x + wide / 2) * square.side,
          middleY: square.y + (y + wide / 2) * square.side,
          sidePx: wide * square.side,
          tilt: oneEye && otherEye ? Math.atan2(otherEye[1] - oneEye[1], otherEye[0] - oneEye[0]) : 0,
          detectedPx: wide * detectSide,
        }))
        .sort((a, b) => b.score - a.score)
    } finally {
      pixels.dispose()
    }
  }

  async #numbersOf(image: LookedAt, far: Seen, teller: GraphModel | null): Promise<Float32Array | null> {
    if (teller === null) return null
    const face = far.detectedPx < closerBelowPx ? await this.#closer(image, far) : far
    const { context } = this.#told
    const zoom = tellSide / (face.sidePx * tellRoom)
    blank(this.#told)
    // Upright, the middle of the face in the middle.
    context.translate(tellSide / 2, tellSide / 2)
    context.scale(zoom, zoom)
    context.rotate(-face.tilt)
    context.translate(-face.middleX, -face.middleY)
    const { width, height } = sizeOf(image)
    context.drawImage(image, 0, 0, width, height)
    const pixels = this.#pixels(this.#told)
    const batch = this.#human.tf.tidy(() =>
      this.#human.tf.expandDims(this.#human.tf.cast(pixels, 'float32'), 0),
    )
    pixels.dispose()
    const told = teller.execute(batch, toldBy) as Tensor
    try {
      const values = await told.data()
      return values.length === numbers ? Float32Array.from(values) : null
    } finally {
      batch.dispose()
      told.dispose()
    }
  }

  /** The same face again, large enough to see how it is tilted; as it was where that shows no face. */
  async #closer(image: LookedAt, far: Seen): Promise<Seen> {
    const size = sizeOf(image)
    const box = headOf(far, size)
    if (box === null) return far
    const near = await this.#find(image, squareAround(box, size, closerRoom))
    const away = (one: Seen) => Math.hypot(one.middleX - far.middleX, one.middleY - far.middleY)
    const [nearest] = near.sort((a, b) => away(a) - away(b))
    return nearest !== undefined && away(nearest) < far.sidePx ? nearest : far
  }

  #pixels({ side, context }: Drawing): Tensor {
    return this.#human.tf.browser.fromPixels(context.getImageData(0, 0, side, side))
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
      const faces = await this.#find(image, wholeSquare(image))
      const [first] = faces
      if (first === undefined) return { reason: 'no face was found in it' }
      if (faces.length > 1) return { reason: `${faces.length} faces are in it; cut it to one` }
      const sidePx = Math.round(first.sidePx * wholeHead)
      if (sidePx < smallestLearnedPx)
        return { reason: `the face is too small: ${sidePx} pixels, ${smallestLearnedPx} are needed` }
      const embedding = await this.#numbersOf(image, first, this.#teller)
      return embedding === null ? { reason: 'the face is not clear enough in it' } : { embedding }
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
