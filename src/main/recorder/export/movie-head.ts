/**
 * All of an MP4 file but its pictures (ISO/IEC 14496-12): one track of video, times in ms. It goes before the pictures, so that a player
 * can begin, and tell a file that was cut off, with what it has.
 */
import { box, fullBox, u16, u32, u32s, u64s } from './box.ts'
import type { Timing } from './timing.ts'

export interface Movie {
  /** Sample entries, and for each sample which it is of. */
  readonly entries: readonly Buffer[]
  readonly entryOf: readonly number[]
  readonly sizes: readonly number[]
  readonly isKey: readonly boolean[]
  readonly timing: Timing
  /** When the first picture was recorded, epoch ms. */
  readonly firstAt: number
  readonly widthPx: number
  readonly heightPx: number
}

const timescale = 1000
/** From 1904, in which these files count. */
const epochS = 2_082_844_800
const samplesInChunk = 30
const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

interface Chunk {
  readonly entry: number
  readonly samples: number
  /** From the first sample's first byte. */
  readonly offset: number
}

/** Up to the first byte of the first sample. */
export function movieHead(movie: Movie): Buffer {
  const type = box('ftyp', Buffer.from('isom'), u32(0x200), Buffer.from('isomiso2avc1mp41'))
  const chunks = chunksOf(movie)
  // Where the samples begin depends on how long this is, and how long it is not on where.
  const length = type.length + moov(movie, chunks, 0).length + dataHeadBytes
  const bytes = movie.sizes.reduce((sum, size) => sum + size, 0)
  return Buffer.concat([type, moov(movie, chunks, length), dataHead(bytes)])
}

const dataHeadBytes = 16

/** `mdat` with the long form of its length: a film may have more than 4 GiB. */
function dataHead(bytes: number): Buffer {
  return Buffer.concat([u32(1), Buffer.from('mdat'), u64s([bytes + dataHeadBytes])])
}

function chunksOf({ sizes, entryOf }: Movie): Chunk[] {
  const chunks: Chunk[] = []
  let [offset, start] = [0, 0]
  while (start < sizes.length) {
    const entry = entryOf[start] ?? 0
    let [end, bytes] = [start, 0]
    while (end < sizes.length && end - start < samplesInChunk && entryOf[end] === entry)
      bytes += sizes[end++] ?? 0
    chunks.push({ entry, samples: end - start, offset })
    offset += bytes
    start = end
  }
  return chunks
}

function moov(movie: Movie, chunks: readonly Chunk[], base: number): Buffer {
  const { timing, widthPx, heightPx } = movie
  const made = Math.floor(movie.firstAt / 1000) + epochS
  const times = u64s([made, made])
  const length = u64s([timing.lengthMs])
  const mvhd = fullBox(
    ...(['mvhd', 1, 0] as const),
    ...[times, u32(timescale), length, u32(0x10000), u16(0x100), Buffer.alloc(10), matrix],
    ...[Buffer.alloc(24), u32(2)],
  )
  const tkhd = fullBox(
    // Enabled, in the movie.
    ...(['tkhd', 1, 3] as const),
    ...[times, u32(1, 0), length, Buffer.alloc(8), u16(0, 0, 0, 0), matrix],
    u32(widthPx * 0x10000, heightPx * 0x10000),
  )
  const undetermined = 0x55c4
  const mdhd = fullBox('mdhd', 1, 0, times, u32(timescale), length, u16(undetermined, 0))
  const hdlr = fullBox(
    'hdlr',
    0,
    0,
    u32(0),
    Buffer.from('vide'),
    Buffer.alloc(12),
    Buffer.from('Watchfloor\0'),
  )
  const vmhd = fullBox('vmhd', 0, 1, Buffer.alloc(8))
  const dinf = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)))
  const minf = box('minf', vmhd, dinf, sampleTable(movie, chunks, base))
  return box('moov', mvhd, box('trak', tkhd, box('mdia', mdhd, hdlr, minf)))
}

function sampleTable(movie: Movie, chunks: readonly Chunk[], base: number): Buffer {
  const { entries, sizes, isKey, timing } = movie
  const keys = isKey.flatMap((is, place) => (is ? [place + 1] : []))
  const steps = timing.decodeMs.map((at, place) => (timing.decodeMs[place + 1] ?? timing.lengthMs) - at)
  const maps = chunks.flatMap(({ entry, samples }, place) => {
    const before = chunks[place - 1]
    return before?.entry === entry && before.samples === samples ? [] : [[place + 1, samples, entry + 1]]
  })
  return box(
    'stbl',
    fullBox('stsd', 0, 0, u32(entries.length), ...entries),
    counted('stts', 0, runs(steps)),
    ...(timing.offsetMs === null ? [] : [counted('ctts', 1, runs(timing.offsetMs))]),
    // Without it every sample is one to begin with.
    ...(keys.length === sizes.length ? [] : [fullBox('stss', 0, 0, u32(keys.length), u32s(keys))]),
    counted('stsc', 0, maps),
    fullBox('stsz', 0, 0, u32(0, sizes.length), u32s(sizes)),
    fullBox('co64', 0, 0, u32(chunks.length), u64s(chunks.map(({ offset }) => base + offset))),
  )
}

function counted(type: string, version: number, rows: readonly (readonly number[])[]): Buffer {
  return fullBox(type, version, 0, u32(rows.length), u32s(rows.flat()))
}

/** How many of the same follow each other, and what they are. */
function runs(values: readonly number[]): [count: number, value: number][] {
  const found: [number, number][] = []
  for (const value of values) {
    const last = found.at(-1)
    if (last !== undefined && last[1] === value) last[0]++
    else found.push([1, value])
  }
  return found
}
