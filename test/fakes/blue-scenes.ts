/** Generated pictures for the blue-light detector: scenes with and without a beacon, as a camera would see them five times a second. */

export type Rgb = readonly [r: number, g: number, b: number]

export class Canvas {
  readonly pixels: Uint8ClampedArray
  readonly widthPx: number
  readonly heightPx: number

  constructor(widthPx = 320, heightPx = 240) {
    this.widthPx = widthPx
    this.heightPx = heightPx
    this.pixels = new Uint8ClampedArray(widthPx * heightPx * 4).fill(255)
  }

  fill([r, g, b]: Rgb): this {
    return this.box(0, 0, this.widthPx, this.heightPx, [r, g, b])
  }

  box(x: number, y: number, width: number, height: number, [r, g, b]: Rgb): this {
    const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)))
    const words = new Uint32Array(this.pixels.buffer)
    // RGBA as this machine's bytes lie: the test machines are all little-endian.
    const colour = (255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)
    const [left, right] = [within(x, this.widthPx), within(x + width, this.widthPx)]
    const bottom = within(y + height, this.heightPx)
    for (let row = within(y, this.heightPx); row < bottom; row++)
      words.fill(colour, row * this.widthPx + left, row * this.widthPx + right)
    return this
  }

  /** A lamp as a sensor sees it: an overexposed core, and a glow that falls off into what is behind it. */
  lamp(x: number, y: number, radius: number, strength: number, colour: Rgb = [40, 90, 255]): this {
    const reach = radius * 2
    for (let row = Math.floor(y - reach); row <= y + reach; row++) {
      for (let column = Math.floor(x - reach); column <= x + reach; column++) {
        if (row < 0 || column < 0 || row >= this.heightPx || column >= this.widthPx) continue
        const away = Math.hypot(column - x, row - y) / radius
        if (away > 2) continue
        const glow = strength * (away <= 1 ? 1 : (2 - away) ** 2)
        const core = away < 0.35 ? (0.35 - away) * 400 * strength : 0
        const at = (row * this.widthPx + column) * 4
        for (let part = 0; part < 3; part++) {
          const behind = this.pixels[at + part] ?? 0
          this.pixels[at + part] = behind * (1 - glow) + (colour[part] ?? 0) * glow + core
        }
      }
    }
    return this
  }

  /** Sensor noise: each part of each pixel moves by up to `by`. */
  noise(random: () => number, by: number): this {
    const { pixels } = this
    let from = Math.floor(random() * grain.length)
    for (let at = 0; at < pixels.length; at++, from = from + 1 === grain.length ? 0 : from + 1)
      if ((at & 3) !== 3) pixels[at] = (pixels[at] as number) + (grain[from] as number) * by
    return this
  }

  /** Single pixels of any colour. */
  specks(random: () => number, share: number): this {
    for (let at = 0; at < this.pixels.length; at += 4) {
      if (random() >= share) continue
      for (let part = 0; part < 3; part++) this.pixels[at + part] = random() * 256
    }
    return this
  }
}

/** xorshift32: the same scenes in every run. */
export function seeded(seed: number): () => number {
  let state = seed * 2654435761 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** -1..1; an odd number of them, so that they never lie under the same pixels twice. */
const grain = (() => {
  const random = seeded(99)
  return Float32Array.from({ length: 99_991 }, () => random() * 2 - 1)
})()

export const frameMs = 200
/** When beacons come on: well after the learning. */
export const onsetMs = 8000
export const lastsMs = 16_000

export interface BlueScene {
  readonly name: string
  readonly hasBeacon: boolean
  /** The picture at a time; `random` is the run's own. */
  paint(canvas: Canvas, atMs: number, random: () => number, place: Place): void
}

/** What differs between two runs of a scene. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly hz: number
  readonly phase: number
}

export function placeFor(random: () => number): Place {
  return {
    x: 40 + random() * 240,
    y: 40 + random() * 160,
    radius: 5 + random() * 12,
    hz: 1 + random() * 3,
    phase: random(),
  }
}

const yard = (canvas: Canvas, random: () => number, light = 1) =>
  canvas
    .fill([120 * light, 122 * light, 118 * light])
    .box(0, 150, 320, 90, [90 * light, 86 * light, 80 * light])
    .box(30, 60, 80, 100, [150 * light, 110 * light, 90 * light])
    .noise(random, 8)

/** Share of its turn in which a beacon shines: `duty` of each period. */
function isOn(atMs: number, { hz, phase }: Place, duty: number): boolean {
  return ((atMs / 1000) * hz + phase) % 1 < duty
}

export const blueScenes: readonly BlueScene[] = [
  {
    name: 'beacon, steady, day',
    hasBeacon: true,
    paint(canvas, atMs, random, { x, y, radius }) {
      yard(canvas, random)
      if (atMs >= onsetMs) canvas.lamp(x, y, radius, 1)
    },
  },
  {
    name: 'beacon, flashing 1–4 Hz, day',
    hasBeacon: true,
    paint(canvas, atMs, random, place) {
      yard(canvas, random)
      if (atMs >= onsetMs && isOn(atMs, place, 0.5)) canvas.lamp(place.x, place.y, place.radius, 1)
    },
  },
  {
    name: 'beacon, rotating 1–4 Hz, day',
    hasBeacon: true,
    paint(canvas, atMs, random, place) {
      yard(canvas, random)
      if (atMs < onsetMs) return
      const turn = Math.cos(2 * Math.PI * ((atMs / 1000) * place.hz + place.phase))
      canvas.lamp(place.x, place.y, place.radius, 0.1 + 0.9 * Math.max(0, turn) ** 2)
    },
  },
  {
    name: 'beacon, flashing, night',
    hasBeacon: true,
    paint(canvas, atMs, random, place) {
      yard(canvas, random, 0.08)
      if (atMs >= onsetMs && isOn(atMs, place, 0.5)) canvas.lamp(place.x, place.y, place.radius, 1)
    },
  },
  {
    name: 'beacon, flashing while learning',
    hasBeacon: true,
    paint(canvas, atMs, random, place) {
      yard(canvas, random)
      if (isOn(atMs, place, 0.5)) canvas.lamp(place.x, place.y, place.radius, 1)
    },
  },
  {
    name: 'beacon, in front of a blue wall',
    hasBeacon: true,
    paint(canvas, atMs, random, place) {
      yard(canvas, random).box(0, 0, 320, 240, [40, 70, 140]).noise(random, 8)
      if (atMs >= onsetMs && isOn(atMs, place, 0.5)) canvas.lamp(place.x, place.y, place.radius, 1)
    },
  },
  {
    name: 'beacon, on a vehicle driving by',
    hasBeacon: true,
    paint(canvas, atMs, random, place) {
      yard(canvas, random)
      const x = ((atMs - onsetMs) / 1000) * 25 - 30
      if (atMs < onsetMs) return
      canvas.box(x - 30, 120, 70, 40, [200, 200, 205])
      if (isOn(atMs, place, 0.5)) canvas.lamp(x, 114, 7, 1)
    },
  },
  {
    name: 'blue wall',
    hasBeacon: false,
    paint: (canvas, _atMs, random) =>
      yard(canvas, random).box(100, 0, 200, 200, [30, 80, 220]).noise(random, 10),
  },
  {
    name: 'sky clearing within a minute',
    hasBeacon: false,
    paint(canvas, atMs, random) {
      const clear = Math.min(1, atMs / 30_000)
      const part = (grey: number, blue: number) => grey + (blue - grey) * clear
      yard(canvas, random).box(0, 0, 320, 110, [part(205, 90), part(210, 150), part(215, 240)])
      canvas.noise(random, 5)
    },
  },
  {
    name: 'lamps that flicker',
    hasBeacon: false,
    paint(canvas, atMs, random, place) {
      yard(canvas, random, 0.5)
      if (isOn(atMs, place, 0.5)) canvas.lamp(place.x, place.y, place.radius, 1, [255, 250, 235])
      if (isOn(atMs, place, 0.7)) canvas.lamp(320 - place.x, place.y, place.radius, 1, [215, 225, 255])
    },
  },
  {
    name: 'room light switched on and off',
    hasBeacon: false,
    paint(canvas, atMs, random) {
      const isLit = Math.floor(atMs / 7000) % 2 === 0
      yard(canvas, random, isLit ? 1 : 0.25).box(180, 40, 90, 70, isLit ? [20, 60, 235] : [4, 12, 50])
    },
  },
  {
    name: 'night, strong noise',
    hasBeacon: false,
    paint: (canvas, _atMs, random) => yard(canvas, random, 0.15).noise(random, 70),
  },
  {
    name: 'specks of every colour',
    hasBeacon: false,
    paint: (canvas, _atMs, random) => yard(canvas, random).specks(random, 0.3),
  },
  {
    name: 'blue truck driving through slowly',
    hasBeacon: false,
    paint(canvas, atMs, random, { hz, phase, y }) {
      yard(canvas, random)
      const x = ((atMs - onsetMs) / 1000) * (2 + 12 * phase) - 100 * (hz - 1) * 0.1
      if (atMs >= onsetMs) canvas.box(x - 110, y - 30, 110, 60, [30, 70, 205])
      canvas.noise(random, 6)
    },
  },
  {
    name: 'somebody in a blue jacket',
    hasBeacon: false,
    paint(canvas, atMs, random, { x, y, hz }) {
      yard(canvas, random)
      const sway = Math.sin((atMs / 1000) * hz) * 20
      if (atMs >= onsetMs) canvas.box(x + sway, y, 26, 40, [30, 50, 130])
    },
  },
]
