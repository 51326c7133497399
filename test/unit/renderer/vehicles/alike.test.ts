import { expect, test } from 'vitest'
import { LinkId } from '../../../../src/contract/links.ts'
import { alike } from '../../../../src/renderer/features/vehicles/alike.ts'
import { bus, lidarRow, moduleRow } from '../../../fakes/vehicles.ts'

const net = LinkId.parse('net')
const onBus = (unit: number, name: string, kind: 'power' | 'motor' | 'unknown' = 'power') =>
  moduleRow({}, { id: `bus/${unit}`, unit, name, kind })
const onNet = (unit: number, name: string, kind: 'power' | 'motor' | 'unknown' = 'power') =>
  moduleRow({}, { id: `net/${unit}`, link: net, unit, name, kind })

test('the same module told by two links is alike, whatever each calls it', () => {
  const modules = [onBus(2, 'Power'), onBus(4, 'Travel motor', 'motor'), onNet(2, 'Power Module')]
  expect(alike({ modules, lidars: [] })).toEqual(new Set(['bus/2', 'net/2']))
})

test('of two links, the same kind at another address is alike too, and the same name of kinds nobody knows', () => {
  expect(alike({ modules: [onBus(2, 'Power'), onNet(9, 'Supply')], lidars: [] }).size).toBe(2)
  const unnamed = [onBus(11, 'Module', 'unknown'), onNet(12, 'module ', 'unknown')]
  expect(alike({ modules: unnamed, lidars: [] }).size).toBe(2)
})

test('one link names each of its parts once: nothing to add', () => {
  const modules = [onBus(2, 'Power'), onBus(3, 'Power'), onBus(4, 'Travel motor', 'motor')]
  expect(alike({ modules, lidars: [lidarRow()] }).size).toBe(0)
  expect(alike({ modules: [onBus(7, 'A', 'unknown'), onNet(8, 'B', 'unknown')], lidars: [] }).size).toBe(0)
})

test('a LiDAR is alike by its name only', () => {
  const lidars = [lidarRow(), lidarRow({ id: 'net', link: net })]
  expect(alike({ modules: [onBus(2, 'Power')], lidars })).toEqual(new Set(['eye', 'net']))
  expect(
    alike({ modules: [], lidars: [lidarRow(), lidarRow({ id: 'bus', link: bus, name: 'Rear' })] }).size,
  ).toBe(0)
})
