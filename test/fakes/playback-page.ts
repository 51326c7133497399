/** The recorder's player in a bare page, for a test: a clip as its units, the real decoder, and the number that is painted in each picture. */
import { FilmDecoder } from '../../src/renderer/paint/playback-decoder.ts'
import { Film } from '../../src/renderer/paint/playback-film.ts'

const blocks = 16
const blockPx = 40
const frameMs = 33

/** Units of Annex B video that begin with access unit delimiters. */
function unitsOf(clip: Uint8Array): Uint8Array[] {
  const starts: number[] = []
  for (let at = 0; at + 4 < clip.length; at++)
    if (
      clip[at] === 0 &&
      clip[at + 1] === 0 &&
      clip[at + 2] === 0 &&
      clip[at + 3] === 1 &&
      clip[at + 4] === 9
    )
      starts.push(at)
  return starts.map((start, place) => clip.subarray(start, starts[place + 1] ?? clip.length))
}

/** An IDR slice is in it (ITU-T H.264 table 7-1, type 5). */
function isKey(unit: Uint8Array): boolean {
  for (let at = 0; at + 3 < unit.length; at++)
    if (unit[at] === 0 && unit[at + 1] === 0 && unit[at + 2] === 1 && ((unit[at + 3] ?? 0) & 31) === 5)
      return true
  return false
}

async function open(address: string) {
  const film = new Film()
  const clip = new Uint8Array(await (await fetch(address)).arrayBuffer())
  for (const [n, bytes] of unitsOf(clip).entries()) {
    const video = { codec: 'avc1.42C01E', isKey: isKey(bytes) }
    film.add({ at: n * frameMs, video, widthPx: 640, heightPx: 480, bytes })
  }
  const canvas = new OffscreenCanvas(640, 480)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const painted: { index: number; number: number }[] = []
  let heard = () => {}
  const decoder = new FilmDecoder(film, {
    picture(picture, index) {
      context?.drawImage(picture, 0, 0)
      picture.close()
      const row = context?.getImageData(0, 16, 640, 1).data ?? new Uint8ClampedArray()
      let number = 0
      for (let block = 0; block < blocks; block++)
        number = number * 2 + ((row[(block * blockPx + blockPx / 2) * 4] ?? 0) > 128 ? 1 : 0)
      painted.push({ index, number })
      heard()
    },
    failed: (index, isUnsupported) => {
      throw new Error(`unit ${index} failed${isUnsupported ? ': unsupported' : ''}`)
    },
  })
  /** Shows it, and waits for the picture of this very unit. */
  async function show(index: number, isStill: boolean): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      heard = () => painted.at(-1)?.index === index && resolve()
    })
    decoder.show(index, isStill)
    await shown
  }
  return {
    units: film.frames.length,
    keys: film.frames.filter((frame) => frame.video?.isKey).length,
    show,
    painted,
  }
}

Object.assign(globalThis, { openClip: open })
