/** Tiles in cells: whatever is done to a wall, nothing overlaps, nothing leaves its grid, nothing vanishes. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CameraId, Wall } from '../../../../src/contract/cameras.ts'
import * as layout from '../../../../src/renderer/features/cameras/wall-layout.ts'

const id = (name: string | number) => `eye/${name}` as CameraId
const wallOf = (
  columns: number,
  ...tiles: [name: string, column: number, row: number, span?: number][]
): Wall => ({
  id: 'w',
  name: 'Wall',
  columns,
  tiles: tiles.map(([name, column, row, span = 1]) => ({ camera: id(name), column, row, span })),
})
const where = (wall: Wall, name: string) => {
  const tile = wall.tiles.find((one) => one.camera === id(name))
  return tile && [tile.column, tile.row, tile.span]
}

test('columns follow from the number of cameras', () => {
  expect([0, 1, 2, 4, 5, 9, 10, 16, 17, 64, 100].map((count) => layout.columnsFor(count))).toEqual([
    1, 1, 2, 2, 3, 3, 4, 4, 5, 8, 8,
  ])
})

test('and from the room there is: a high one gets fewer columns, a wide one more, none stays empty', () => {
  expect(layout.columnsFor(12, { width: 560, height: 630 })).toBe(3)
  expect(layout.columnsFor(6, { width: 1900, height: 500 })).toBe(3)
  expect(layout.columnsFor(4, { width: 1900, height: 400 })).toBe(4)
})

test('the automatic wall has everybody in reading order', () => {
  const wall = layout.automaticWall(['a', 'b', 'c', 'd', 'e'].map(id), 'all', 'All')
  expect(wall.columns).toBe(3)
  expect(where(wall, 'c')).toEqual([2, 0, 1])
  expect(where(wall, 'd')).toEqual([0, 1, 1])
})

describe('moving', () => {
  const wall = wallOf(2, ['a', 0, 0], ['b', 1, 0], ['c', 0, 1])

  test('swaps with what lies there', () => {
    const moved = layout.move(wall, id('a'), 1, 0)
    expect(where(moved, 'a')).toEqual([1, 0, 1])
    expect(where(moved, 'b')).toEqual([0, 0, 1])
    expect(where(moved, 'c')).toEqual([0, 1, 1])
  })

  test('to a free cell disturbs nobody', () => {
    const moved = layout.move(wall, id('a'), 1, 1)
    expect(where(moved, 'a')).toEqual([1, 1, 1])
    expect(where(moved, 'b')).toEqual([1, 0, 1])
  })

  test('beyond the edge stays within', () => {
    expect(where(layout.move(wall, id('b'), 5, 0), 'b')).toEqual([1, 0, 1])
    expect(where(layout.move(wall, id('b'), -3, -1), 'b')).toEqual([0, 0, 1])
  })

  test('a camera that is not there changes nothing', () => {
    expect(layout.move(wall, id('x'), 0, 0)).toBe(wall)
  })
})

test('growing pushes the others to the next free cells', () => {
  const grown = layout.resize(wallOf(3, ['a', 0, 0], ['b', 1, 0], ['c', 0, 1]), id('a'), 2)
  expect(where(grown, 'a')).toEqual([0, 0, 2])
  expect(where(grown, 'b')).toEqual([2, 0, 1])
  expect(where(grown, 'c')).toEqual([2, 1, 1])
})

test('adding takes the first gap, once, and removing leaves the rest where they are', () => {
  const wall = wallOf(2, ['a', 0, 0], ['b', 1, 1])
  const more = layout.add(wall, id('c'))
  expect(where(more, 'c')).toEqual([1, 0, 1])
  expect(layout.add(more, id('c'))).toBe(more)
  expect(where(layout.remove(more, id('c')), 'b')).toEqual([1, 1, 1])
})

test('fewer columns flow in reading order', () => {
  const narrow = layout.setColumns(wallOf(3, ['a', 0, 0], ['b', 1, 0], ['c', 2, 0], ['d', 0, 1, 2]), 2)
  expect(where(narrow, 'c')).toEqual([0, 1, 1])
  expect(where(narrow, 'd')).toEqual([0, 2, 2])
})

test('what another screen saved badly is put right', () => {
  const tidy = layout.tidy(wallOf(2, ['a', 0, 0], ['b', 0, 0], ['a', 1, 1], ['c', 1, 3, 4]))
  expect(tidy.tiles).toHaveLength(3)
  expect(where(tidy, 'b')).toEqual([1, 0, 1])
  expect(where(tidy, 'c')?.[2]).toBe(2)
})

test('arrows go to the nearest tile that way', () => {
  const wall = wallOf(3, ['a', 0, 0, 2], ['b', 2, 0], ['c', 2, 1], ['d', 0, 2])
  expect(layout.neighbour(wall, id('b'), 'down')).toBe(id('c'))
  expect(layout.neighbour(wall, id('b'), 'left')).toBe(id('a'))
  expect(layout.neighbour(wall, id('a'), 'down')).toBe(id('d'))
  expect(layout.neighbour(wall, id('d'), 'left')).toBeNull()
})

test('after any acts no tile overlaps, leaves the grid, or is lost', () => {
  const camera = fc.integer({ min: 0, max: 11 }).map(id)
  const act = fc.oneof(
    fc.tuple(camera, fc.nat(9), fc.nat(9)).map(
      ([c, x, y]) =>
        (wall: Wall) =>
          layout.move(wall, c, x, y),
    ),
    fc.tuple(camera, fc.integer({ min: 1, max: 4 })).map(
      ([c, s]) =>
        (wall: Wall) =>
          layout.resize(wall, c, s),
    ),
    fc.integer({ min: 1, max: 8 }).map((columns) => (wall: Wall) => layout.setColumns(wall, columns)),
    camera.map((c) => (wall: Wall) => layout.add(wall, c)),
  )
  void fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      let wall = layout.automaticWall([0, 1, 2, 3, 4].map(id), 'all', 'All')
      for (const one of acts) {
        const before = new Set(wall.tiles.map((tile) => tile.camera))
        wall = one(wall)
        const cells = wall.tiles.flatMap((tile) =>
          Array.from(
            { length: tile.span ** 2 },
            (_, at) => `${tile.column + (at % tile.span)} ${tile.row + Math.floor(at / tile.span)}`,
          ),
        )
        expect(new Set(cells).size).toBe(cells.length)
        for (const tile of wall.tiles) expect(tile.column + tile.span).toBeLessThanOrEqual(wall.columns)
        for (const camera of before) expect(wall.tiles.some((tile) => tile.camera === camera)).toBe(true)
      }
    }),
    { numRuns: 200 },
  )
})
