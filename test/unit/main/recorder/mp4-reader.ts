/** Reads an MP4 file's tables after ISO/IEC 14496-12, written apart from the writer: where each sample lies, when it is shown. */

export interface ReadSample {
  readonly bytes: Buffer
  readonly decodeMs: number
  readonly shownMs: number
  readonly isKey: boolean
  readonly entry: number
}

export interface ReadMovie {
  readonly samples: readonly ReadSample[]
  /** Whole boxes. */
  readonly entries: readonly Buffer[]
  readonly lengthMs: number
  readonly madeAt: number
}

export function boxesOf(bytes: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt32BE(at)
    const head = short === 1 ? 16 : 8
    const length = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short
    if (length < head || at + length > bytes.length) throw new Error(`a box of ${length} bytes at ${at}`)
    found.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + head, at + length))
    at += length
  }
  return found
}

function inside(bytes: Buffer, ...path: readonly string[]): Buffer {
  return path.reduce((from, name) => {
    const found = boxesOf(from).get(name)
    if (found === undefined) throw new Error(`no ${name}`)
    return found
  }, bytes)
}

function rows(table: Buffer, columns: number): number[][] {
  return Array.from({ length: table.readUInt32BE(4) }, (_, row) =>
    Array.from({ length: columns }, (_, column) => table.readUInt32BE(8 + (row * columns + column) * 4)),
  )
}

function spread(runs: readonly number[][]): number[] {
  return runs.flatMap(([count = 0, value = 0]) => Array.from({ length: count }, () => value))
}

export function readMovie(file: Buffer): ReadMovie {
  const mvhd = inside(file, 'moov', 'mvhd')
  const stbl = inside(file, 'moov', 'trak', 'mdia', 'minf', 'stbl')
  const tables = boxesOf(stbl)
  const table = (name: string) => inside(stbl, name)
  const sizes = table('stsz')
  const count = sizes.readUInt32BE(8)
  const steps = spread(rows(table('stts'), 2))
  const offsets = tables.has('ctts') ? spread(rows(table('ctts'), 2)).map((value) => value | 0) : null
  const keys = tables.has('stss') ? new Set(rows(table('stss'), 1).map(([number]) => number)) : null
  const maps = rows(table('stsc'), 3)
  const chunks = table('co64')
  const samples: ReadSample[] = []
  let decodeMs = 0
  for (let chunk = 1; chunk <= chunks.readUInt32BE(4); chunk++) {
    let at = Number(chunks.readBigUInt64BE(chunk * 8))
    const [, inChunk = 0, entry = 0] = maps.findLast(([first = 0]) => first <= chunk) ?? []
    for (let n = 0; n < inChunk; n++) {
      const place = samples.length
      const size = sizes.readUInt32BE(12 + place * 4)
      const shownMs = decodeMs + (offsets?.[place] ?? 0)
      const isKey = keys?.has(place + 1) ?? true
      samples.push({ bytes: file.subarray(at, at + size), decodeMs, shownMs, isKey, entry })
      at += size
      decodeMs += steps[place] ?? Number.NaN
    }
  }
  if (samples.length !== count || steps.length !== count) throw new Error('the tables contradict each other')
  const stsd = table('stsd')
  const entries: Buffer[] = []
  for (let at = 8; at < stsd.length; at += stsd.readUInt32BE(at))
    entries.push(stsd.subarray(at, at + stsd.readUInt32BE(at)))
  const lengthMs = Number(mvhd.readBigUInt64BE(24))
  const madeAt = (Number(mvhd.readBigUInt64BE(4)) - 2_082_844_800) * 1000
  return { samples, entries, lengthMs, madeAt }
}
