/** The engine as the analyst's worker has it, with pictures made on the spot: turned, smaller, brighter. */
import {
  type DeviceFaceEngine,
  type Found,
  loadDeviceFaces,
} from '../../../src/renderer/analysis/device-faces.ts'
import { Random } from '../random.ts'
import { type Compared, compare } from './compare.ts'
import { compareFaces, type FacesCompared } from './compare-faces.ts'

/** How a picture differs from the file: degrees, parts of its size, times its light. */
export interface Change {
  readonly turned?: number
  readonly scaled?: number
  readonly light?: number
  /** So many of it side by side. */
  readonly times?: number
  /** Nothing of it: a grey wall. */
  readonly empty?: boolean
  /** As many rows of it as `times` says. */
  readonly rows?: number
  /** So many of 255 more or less, anew for each number of each pixel, from a seed that is always the same. */
  readonly noise?: number
}

export type Question =
  | { readonly do: 'look'; readonly base64: string; readonly change?: Change; readonly closely: boolean }
  | { readonly do: 'learn'; readonly base64: string; readonly change?: Change }
  | { readonly do: 'compare'; readonly base64: string; readonly change: Change }
  | { readonly do: 'compare-faces'; readonly base64: string; readonly change: Change }
  | { readonly do: 'time'; readonly base64: string; readonly closely: boolean; readonly runs: number }
export type Asked = Question & { readonly id: number }

export interface Told {
  readonly error?: string
  readonly canTellApart?: boolean
  readonly faces?: readonly { box: Found['box']; score: number; embedding: number[] | null }[]
  readonly embedding?: number[]
  readonly reason?: string
  readonly tookMs?: readonly number[]
  readonly compared?: Compared
  readonly facesCompared?: FacesCompared
}

let engine: Promise<DeviceFaceEngine> | null = null

async function pictureOf(base64: string, change: Change = {}): Promise<OffscreenCanvas> {
  const { turned = 0, scaled = 1, light = 1, times = 1, empty = false, rows = 1, noise = 0 } = change
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes]))
  const canvas = new OffscreenCanvas(image.width * times, image.height * rows)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas')
  context.fillStyle = '#888'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.filter = `brightness(${light})`
  for (let n = 0; n < times * rows && !empty; n += 1) {
    const [column, row] = [n % times, Math.floor(n / times)]
    context.setTransform(1, 0, 0, 1, image.width * (column + 0.5), image.height * (row + 0.5))
    context.rotate((turned * Math.PI) / 180)
    context.scale(scaled, scaled)
    context.drawImage(image, -image.width / 2, -image.height / 2)
  }
  if (noise > 0) addNoise(context, noise)
  return canvas
}

function addNoise(context: OffscreenCanvasRenderingContext2D, most: number): void {
  const pixels = context.getImageData(0, 0, context.canvas.width, context.canvas.height)
  const random = new Random(1)
  for (let at = 0; at < pixels.data.length; at += 1)
    if (at % 4 !== 3) pixels.data[at] = (pixels.data[at] ?? 0) + (2 * random.next() - 1) * most
  context.putImageData(pixels, 0, 0)
}

async function answer(asked: Asked): Promise<Told> {
  engine ??= loadDeviceFaces()
  const { canTellApart, ...run } = await engine.then((one) => ({
    canTellApart: one.canTellApart,
    look: one.look.bind(one),
    learn: one.learn.bind(one),
  }))
  if (asked.do === 'learn') {
    const blob = await (await pictureOf(asked.base64, asked.change)).convertToBlob({
      type: 'image/jpeg',
      quality: 0.9,
    })
    const learned = await run.learn(new Uint8Array(await blob.arrayBuffer()))
    return 'reason' in learned ? learned : { embedding: [...learned.embedding] }
  }
  if (asked.do === 'look') {
    const found = await run.look(await pictureOf(asked.base64, asked.change), asked.closely)
    const faces = found.map(({ box, score, embedding }) => ({
      box,
      score,
      embedding: embedding === null ? null : [...embedding],
    }))
    return { canTellApart, faces }
  }
  if (asked.do === 'compare-faces')
    return { facesCompared: await compareFaces(await pictureOf(asked.base64, asked.change)) }
  if (asked.do === 'compare') return { compared: await compare(await pictureOf(asked.base64, asked.change)) }
  const canvas = await pictureOf(asked.base64)
  const tookMs: number[] = []
  for (let n = 0; n < asked.runs; n += 1) {
    const image = await createImageBitmap(canvas)
    const begun = performance.now()
    await run.look(image, asked.closely)
    tookMs.push(performance.now() - begun)
    image.close()
  }
  return { tookMs }
}

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  void answer(data)
    .catch((error: unknown) => ({ error: String(error) }))
    .then((told) => postMessage({ id: data.id, told }))
})
