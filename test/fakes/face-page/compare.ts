/** The model that tells faces apart as it comes and as the engine runs it, on the same picture. */
import { Human } from '@vladmandic/human'
import { toldBy } from '../../../src/renderer/analysis/face-teller.ts'
import { loadLean } from '../../../src/renderer/analysis/lean-model.ts'

export interface Compared {
  readonly asItComes: readonly number[]
  readonly lean: readonly number[]
  /** What the lean one computes, step by step, as TensorFlow.js calls it. */
  readonly steps: readonly string[]
}

const side = 224

/** The engine has started before: the library's backend belongs to all who use it. */
export async function compare(picture: OffscreenCanvas): Promise<Compared> {
  const { tf } = new Human({ modelBasePath: '/models/' })
  const small = new OffscreenCanvas(side, side)
  const context = small.getContext('2d')
  if (context === null) throw new Error('no canvas')
  context.drawImage(picture, 0, 0, side, side)
  const pixels = tf.browser.fromPixels(context.getImageData(0, 0, side, side))
  const batch = tf.expandDims(tf.cast(pixels, 'float32'), 0)
  const url = '/models/faceres.json'
  const asItComes = await tf.loadGraphModel(url)
  const lean = await loadLean(tf, url, new Set([toldBy]))
  const run = async (model: typeof lean) => [...(await model.execute(batch, toldBy).data())]
  const { kernels } = await tf.profile(() => lean.execute(batch, toldBy))
  return {
    asItComes: await run(asItComes),
    lean: await run(lean),
    // Each fused step is told twice, once for the call around it.
    steps: kernels.map(({ name }: { name: string }) => name).filter((name: string) => !name.endsWith('__op')),
  }
}
