/** What the registers of the simulated modules hold when they are switched on. */

export type Revision = 'handler' | 'map'

function span(first: number, words: readonly number[]): [number, number][] {
  return words.map((word, n) => [first + n, word])
}

const zeros = (count: number) => new Array<number>(count).fill(0)

/** Throws RangeError for a unit the OHT-50 has no module at. */
export function registersOf(unit: number, revision: Revision): Map<number, number> {
  const isHandler = revision === 'handler'
  const firmware = isHandler ? 0x0101 : 0x0102
  const identity = span(0x0100, [unit, 5, 0, 1, unit, firmware, 0x0101, 0, 0, 0])
  return new Map([...moduleOf(unit, isHandler), ...identity])
}

function moduleOf(unit: number, isHandler: boolean): [number, number][] {
  switch (unit) {
    case 2:
      return power(isHandler ? 10 : 1)
    case 3:
      return [
        ...span(0x00, [1, 0, 0, 0, 1, 0, 31, 24]),
        ...span(0x10, [1800, 2400, 3000, 2200, 1500, 1600, 1700, 1550]),
        ...span(0x20, [3, 1, 1, 0, 0]),
        ...span(0x30, [1, 1, 0, 0, 0]),
        ...span(0x40, [1000, 2000, 3000, 5000]),
        ...span(0x50, [300, 50, 0, 1]),
      ]
    case 4:
      return isHandler ? motorHandler : motorTwo
    case 5:
      return isHandler ? dockHandler : dockImu
    default:
      throw new RangeError(`the OHT-50 has no module at unit ${unit}`)
  }
}

function power(degree: number): [number, number][] {
  return [
    ...span(0x00, [254, 53, 872, 4110, 4098, 3, 1, 12, 25 * degree, 1, 0, 1, 1]),
    ...span(0x14, [4110, 4105, 4103, 4101, 4099, 4098, 25 * degree, 26 * degree, ...zeros(8)]),
    ...span(0x30, [252, 50, 0, 0, 0, 0, 0, 27 * degree, 0, 0, 0, 1, 0, 0, 0, 0]),
    ...span(0x40, [120, 8, 96, 50, 12, 60, 33, 4, 13, 1, 1, 1, 0, 1180]),
  ]
}

const motorHandler = [
  ...span(0x00, [1, 1, 900, 880, 6000, 0, 1, 50, 50, 10, 100, 412, 243, 61, 0, 1]),
  ...span(0x10, [1, 1, ...zeros(14)]),
]

const oneOfTwo = [3, 1, 120, 0, 5, 0, 118, 1, 150, 12, 8, 1, 0]
const motorTwo = [
  ...span(0x00, oneOfTwo),
  ...span(0x10, oneOfTwo),
  ...span(0x20, [1, 0, 0, 0, 0]),
  ...span(0x30, zeros(5)),
]

const dockHandler = [
  ...span(0x7000, [0, 0, 200, 50, 2, 0, 1500, 12]),
  ...span(0x7100, [0x4d2a, 0x0011, 71, 1]),
  ...span(0x7200, [12, 0xfff4, 1001, 251, 1]),
  ...span(0x7300, [0, 0, 640, 655, 0]),
  ...span(0x8000, [1, 0, 0, 0, 0]),
  ...span(0x9000, [0, 0, 0, 30, 241, 180, 1200, 14, 1, 8200]),
  ...span(0xa000, [500, 50, 2, 30, 3, 100, 50]),
]

const dockImu = [
  ...span(0x00, [12, 0xfff4, 1001, 3, 2, 1, 210, 40, 320, 25, 1000, 0, 0, 0, 4, 1, 0]),
  ...span(0x20, [21, 4, 32, 39, 4, 0, 50]),
  ...span(0x30, [0, 0, 0, 350, 0, 0, 0, 0, 0, 4, 0, 0]),
  ...span(0x40, [...zeros(10), 1500, 0, 50, 30_000, 0, 14]),
]
