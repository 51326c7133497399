/** Draws the icons and composes the alarm sounds in resources/: run it after changing them, the results are committed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { never } from '../src/contract/fault.ts'

const folder = join(import.meta.dirname, '../resources')

type Shape =
  | { is: 'tile'; radius: number; fill: string }
  | { is: 'dome'; x: number; y: number; radius: number; fill: string }
  | { is: 'bar'; x1: number; y1: number; x2: number; y2: number; width: number; fill: string }

const beacon = { x: 256, y: 338 }
const rays = [-164, -127, -90, -53, -16].map((angleDeg): Shape => {
  const [cos, sin] = [Math.cos((angleDeg * Math.PI) / 180), Math.sin((angleDeg * Math.PI) / 180)]
  const at = (radius: number) => [Math.round(beacon.x + cos * radius), Math.round(beacon.y + sin * radius)]
  const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [at(142), at(196)]
  return { is: 'bar', x1, y1, x2, y2, width: 28, fill: '#8ccbff' }
})
const mark: Shape[] = [
  { is: 'dome', ...beacon, radius: 100, fill: '#3ba7ff' },
  { is: 'bar', x1: 140, y1: 384, x2: 372, y2: 384, width: 40, fill: '#e8eef4' },
  ...rays,
]
const icon: Shape[] = [{ is: 'tile', radius: 112, fill: '#0e1a26' }, ...mark]

function svgOf(shape: Shape): string {
  switch (shape.is) {
    case 'tile':
      return `<rect width="512" height="512" rx="${shape.radius}" fill="${shape.fill}"/>`
    case 'dome': {
      const { x, y, radius } = shape
      return `<path d="M${x - radius} ${y}a${radius} ${radius} 0 0 1 ${radius * 2} 0z" fill="${shape.fill}"/>`
    }
    case 'bar':
      return `<path d="M${shape.x1} ${shape.y1}L${shape.x2} ${shape.y2}" stroke="${shape.fill}" stroke-width="${shape.width}" stroke-linecap="round"/>`
    default:
      return never(shape)
  }
}

function svg(shapes: readonly Shape[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">\n  ${shapes.map(svgOf).join('\n  ')}\n</svg>\n`
}

function covers(shape: Shape, x: number, y: number): boolean {
  switch (shape.is) {
    case 'tile': {
      const [dx, dy] = [Math.abs(x - 256) - 256 + shape.radius, Math.abs(y - 256) - 256 + shape.radius]
      return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) <= shape.radius
    }
    case 'dome':
      return y <= shape.y && Math.hypot(x - shape.x, y - shape.y) <= shape.radius
    case 'bar': {
      const [bx, by] = [shape.x2 - shape.x1, shape.y2 - shape.y1]
      const along = Math.min(
        1,
        Math.max(0, ((x - shape.x1) * bx + (y - shape.y1) * by) / (bx * bx + by * by)),
      )
      return Math.hypot(x - shape.x1 - along * bx, y - shape.y1 - along * by) <= shape.width / 2
    }
    default:
      return never(shape)
  }
}

/** 16 samples a pixel are enough for smooth edges at every size we ship. */
function png(shapes: readonly Shape[], sizePx: number, view = { x: 0, y: 0, size: 512 }): Buffer {
  const rows = Buffer.alloc(sizePx * (1 + sizePx * 4))
  const unit = view.size / sizePx
  for (let py = 0; py < sizePx; py++) {
    for (let px = 0; px < sizePx; px++) {
      const sum = [0, 0, 0, 0]
      for (let sample = 0; sample < 16; sample++) {
        const x = view.x + (px + ((sample % 4) + 0.5) / 4) * unit
        const y = view.y + (py + (Math.floor(sample / 4) + 0.5) / 4) * unit
        const top = shapes.findLast((shape) => covers(shape, x, y))
        if (top === undefined) continue
        const rgb = Number.parseInt(top.fill.slice(1), 16)
        for (const [channel, value] of [rgb >> 16, (rgb >> 8) & 255, rgb & 255, 1].entries())
          sum[channel] = (sum[channel] ?? 0) + value
      }
      const [red = 0, green = 0, blue = 0, count = 0] = sum
      const at = py * (1 + sizePx * 4) + 1 + px * 4
      if (count > 0)
        rows.set([red / count, green / count, blue / count, (count * 255) / 16].map(Math.round), at)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(sizePx, 0)
  header.writeUInt32BE(sizePx, 4)
  header.set([8, 6, 0, 0, 0], 8) // 8 bits, RGBA
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** A tone of 0 Hz is silence. */
interface Tone {
  readonly hz: number
  readonly ms: number
}
interface Sound {
  readonly tones: readonly Tone[]
  readonly level: number
  readonly attackMs: number
}

function repeat(times: number, tones: readonly Tone[]): Tone[] {
  return Array.from({ length: times }, () => tones).flat()
}

/** Told apart by rhythm first, so that a bad loudspeaker or a bad ear still can. */
const sounds: Readonly<Record<string, Sound>> = {
  critical: {
    level: 0.85,
    attackMs: 6,
    tones: repeat(3, [
      { hz: 988, ms: 90 },
      { hz: 1319, ms: 90 },
      { hz: 0, ms: 70 },
    ]),
  },
  high: {
    level: 0.7,
    attackMs: 8,
    tones: repeat(2, [
      { hz: 880, ms: 150 },
      { hz: 0, ms: 110 },
    ]),
  },
  medium: { level: 0.5, attackMs: 40, tones: [{ hz: 660, ms: 260 }] },
  low: { level: 0.4, attackMs: 20, tones: [{ hz: 392, ms: 130 }] },
  'blue-light': {
    level: 0.75,
    attackMs: 12,
    tones: repeat(3, [
      { hz: 660, ms: 170 },
      { hz: 880, ms: 170 },
    ]),
  },
}

const rateHz = 22_050
/** Four harmonics carry through room noise where a pure tone does not (the rule of IEC 60601-1-8). */
const harmonics = [1, 0.5, 0.25, 0.15]

function wav({ tones, level, attackMs }: Sound): Buffer {
  const samples: number[] = []
  for (const { hz, ms } of tones) {
    const count = Math.round((ms / 1000) * rateHz)
    const ramp = (attackMs / 1000) * rateHz
    for (let at = 0; at < count; at++) {
      const swell = Math.min(1, at / ramp, (count - at) / (ramp * 2))
      const wave = harmonics.reduce(
        (sum, gain, order) => sum + gain * Math.sin((2 * Math.PI * hz * (order + 1) * at) / rateHz),
        0,
      )
      samples.push(hz === 0 ? 0 : (wave / 1.9) * swell * level)
    }
  }
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20) // PCM
  header.writeUInt16LE(1, 22) // mono
  header.writeUInt32LE(rateHz, 24)
  header.writeUInt32LE(rateHz * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length * 2, 40)
  const body = Buffer.alloc(samples.length * 2)
  for (const [at, sample] of samples.entries())
    body.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), at * 2)
  return Buffer.concat([header, body])
}

mkdirSync(join(folder, 'sounds'), { recursive: true })
writeFileSync(join(folder, 'icon.svg'), svg(icon))
writeFileSync(join(folder, 'icon.png'), png(icon, 512))
// The tray shows the mark alone, cut close: a dark tile disappears on a dark bar.
const close = { x: 40, y: 80, size: 432 }
writeFileSync(join(folder, 'tray.png'), png(mark, 32, close))
writeFileSync(join(folder, 'tray@2x.png'), png(mark, 64, close))
for (const [name, sound] of Object.entries(sounds))
  writeFileSync(join(folder, 'sounds', `${name}.wav`), wav(sound))
