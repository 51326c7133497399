/** What our kernels make of a face, with both ways of multiplying, and what the library makes of the same pixels with the same model. */
import { type GraphModel, Human } from '@vladmandic/human'
import { faceNetOf, faceSide } from '../../../src/renderer/analysis/faceres/graph.ts'
import { FaceRunner } from '../../../src/renderer/analysis/faceres/runner.ts'
import { readModel } from '../../../src/renderer/analysis/network/model-file.ts'

export interface Compared {
  readonly library: readonly number[]
  readonly relaxed: readonly number[]
  readonly plain: readonly number[]
}

const url = '/models/faceres.json'
/** The output of the model that is the face itself. */
const toldBy = 'global_pooling/Mean'

async function load() {
  const human = new Human({ backend: 'wasm', wasmPath: '/models/', modelBasePath: '/models/', debug: false })
  await human.init()
  if (human.tf.getBackend() !== 'wasm') throw new Error('the library runs on something else than WebAssembly')
  const net = faceNetOf(await readModel(url))
  return {
    tf: human.tf,
    library: (await human.tf.loadGraphModel(url)) as GraphModel,
    relaxed: await FaceRunner.of(net, true),
    plain: await FaceRunner.of(net, false),
  }
}

let loaded: ReturnType<typeof load> | null = null

export async function compare(picture: OffscreenCanvas): Promise<Compared> {
  loaded ??= load()
  const { tf, library, relaxed, plain } = await loaded
  const context = new OffscreenCanvas(faceSide, faceSide).getContext('2d')
  if (context === null) throw new Error('no canvas')
  context.drawImage(picture, 0, 0, faceSide, faceSide)
  const pixels = context.getImageData(0, 0, faceSide, faceSide)
  const batch = tf.tidy(() => tf.expandDims(tf.cast(tf.browser.fromPixels(pixels), 'float32'), 0))
  const told = library.execute(batch, toldBy)
  if (Array.isArray(told)) throw new Error('the library told several things')
  const numbers = [...(await told.data())]
  tf.dispose([batch, told])
  return { library: numbers, relaxed: [...relaxed.run(pixels.data)], plain: [...plain.run(pixels.data)] }
}
