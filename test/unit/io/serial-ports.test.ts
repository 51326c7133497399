/** The list of serial ports, from a made-up /sys: each address must find that very port again, and no other. */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { LinkId } from '../../../src/contract/links.ts'
import { VehicleName } from '../../../src/contract/vehicle-name.ts'
import { findSerialPort, parseUsbAddress } from '../../../src/main/io/serial-find.ts'
import { listSerialPorts, portUsers } from '../../../src/main/io/serial-ports.ts'
import { Stand, until } from './serial-stand.ts'

let stand = new Stand()
afterEach(async () => {
  await stand.end()
  stand = new Stand()
})

const ch340 = { vendorId: '1a86', productId: '7523' }
const cp2102 = { vendorId: '10c4', productId: 'ea60', serialNumber: '0001' }

function dev(name: string): string {
  return join(stand.places.dev, name)
}

/** A file stands in for the port: only names are looked at. */
function plug(tty: string, socket: string, device: typeof ch340 & { serialNumber?: string }): void {
  writeFileSync(dev(tty), '')
  stand.usb(tty, socket, device)
}

function link(folder: 'by-id' | 'by-path', name: string, tty: string): string {
  const at = join(stand.places.dev, 'serial', folder)
  mkdirSync(at, { recursive: true })
  const path = join(at, name)
  rmSync(path, { force: true })
  symlinkSync(dev(tty), path)
  return path
}

async function addresses(): Promise<Record<string, string>> {
  const { ports, trouble } = await listSerialPorts([], stand.places)
  expect(trouble).toBe('')
  return Object.fromEntries(
    ports.map(({ path, address }) => [path.slice(stand.places.dev.length + 1), address]),
  )
}

test('by id where udev names it, else by what the device says of itself', async () => {
  plug('ttyUSB10', '1-1', cp2102)
  plug('ttyUSB2', '1-2', ch340)
  expect(await addresses()).toEqual({ ttyUSB2: 'usb:1a86:7523', ttyUSB10: 'usb:10c4:ea60:0001' })
  const byId = link('by-id', 'usb-Silicon_Labs_CP2102_0001-if00-port0', 'ttyUSB10')
  expect(await addresses()).toEqual({ ttyUSB2: 'usb:1a86:7523', ttyUSB10: byId })
  for (const [name, address] of Object.entries(await addresses()))
    expect(await findSerialPort(address, stand.places)).toEqual({ is: 'found', path: dev(name) })
})

test('two devices nothing tells apart are named by the socket they are in, and their shared id is refused', async () => {
  plug('ttyUSB0', '1-1', ch340)
  plug('ttyUSB1', '1-2', ch340)
  const byId = link('by-id', 'usb-1a86_USB_Serial-if00-port0', 'ttyUSB1')
  expect(await addresses()).toEqual({ ttyUSB0: dev('ttyUSB0'), ttyUSB1: dev('ttyUSB1') })
  const first = link('by-path', 'pci-0-usb-0:1:1.0-port0', 'ttyUSB0')
  const second = link('by-path', 'pci-0-usb-0:2:1.0-port0', 'ttyUSB1')
  expect(await addresses()).toEqual({ ttyUSB0: first, ttyUSB1: second })
  expect(await findSerialPort(second, stand.places)).toEqual({ is: 'found', path: dev('ttyUSB1') })
  expect(await findSerialPort(byId, stand.places)).toMatchObject({ is: 'trouble' })
  stand.unplugUsb('ttyUSB0', '1-1')
  expect(await findSerialPort(byId, stand.places)).toEqual({ is: 'found', path: dev('ttyUSB1') })
})

test('one device with several ports: the ports have one serial number, and are not mixed up', async () => {
  plug('ttyUSB0', '1-1', cp2102)
  plug('ttyUSB1', '1-2', cp2102)
  expect(await addresses()).toEqual({ ttyUSB0: dev('ttyUSB0'), ttyUSB1: dev('ttyUSB1') })
  const found = await findSerialPort('usb:10c4:ea60:0001', stand.places)
  expect(found).toMatchObject({ is: 'trouble', words: expect.stringContaining('nothing tells them apart') })
})

test('UARTs of the board are listed where there are some; made-up ones, consoles and terminals are not', async () => {
  const tty = join(stand.places.sys, 'class/tty')
  for (const [name, type] of [
    ['ttyS0', '4'],
    ['ttyS1', '0'],
  ] as const) {
    mkdirSync(join(tty, name, 'device'), { recursive: true })
    writeFileSync(join(tty, name, 'type'), type)
  }
  mkdirSync(join(tty, 'console'))
  expect(await addresses()).toEqual({ ttyS0: dev('ttyS0') })
})

test('without /sys the names are listed, and why that is all', async () => {
  rmSync(stand.places.sys, { recursive: true })
  writeFileSync(dev('ttyACM0'), '')
  writeFileSync(dev('tty7'), '')
  const { ports, trouble } = await listSerialPorts([], stand.places)
  expect(ports).toEqual([
    {
      path: dev('ttyACM0'),
      address: dev('ttyACM0'),
      maker: null,
      usbId: null,
      serialNumber: null,
      usedBy: null,
    },
  ])
  expect(trouble).toContain('cannot be listed')
  expect(await findSerialPort('usb:1a86:7523', stand.places)).toMatchObject({ is: 'trouble' })
})

test('who has a port open is told: our link by its name, another program by its own and its number', async () => {
  const [ours, theirs] = [await stand.pair(), await stand.pair(stand.at('c'), stand.at('d'))]
  expect([ours.pid, theirs.pid].every((pid) => pid > 0)).toBe(true)
  for (const [tty, end] of [
    ['ttyUSB0', 'a'],
    ['ttyUSB1', 'c'],
  ] as const) {
    symlinkSync(stand.at(end), dev(tty))
    stand.usb(tty, `1-${end}`, { ...cp2102, serialNumber: end })
  }
  const users = [{ name: 'Vehicle bus', port: 'usb:10c4:ea60:a' }]
  const usedBy = async () => (await listSerialPorts(users, stand.places)).ports.map((port) => port.usedBy)
  expect(await usedBy()).toEqual([{ is: 'link', name: 'Vehicle bus' }, null])
  const reader = spawn('tail', ['-f', stand.at('c')], { stdio: 'ignore' })
  try {
    await until(async () =>
      expect((await usedBy())[1]).toEqual({ is: 'program', name: 'tail', pid: reader.pid }),
    )
  } finally {
    reader.kill()
  }
  await until(async () => expect((await usedBy())[1]).toBeNull())
})

test('a link that is switched off uses no port', () => {
  const profile = {
    id: LinkId.parse('bus'),
    driver: 'modbus-bus',
    name: 'Vehicle bus',
    enabled: true,
    vehicle: VehicleName.parse('OHT-50-001'),
    port: 'usb:10c4:ea60:a',
    baudRate: 115_200,
    parity: 'none',
    stopBits: 1,
    timeoutMs: 300,
    units: [2],
    maps: [],
    writable: false,
  } as const
  const used = { name: 'Vehicle bus', port: 'usb:10c4:ea60:a' }
  expect(portUsers([{ profile: { ...profile, units: [2], maps: [] } }])).toEqual([used])
  expect(portUsers([{ profile: { ...profile, units: [2], maps: [], enabled: false } }])).toEqual([])
})

test('this machine answers', async () => {
  expect(Array.isArray((await listSerialPorts()).ports)).toBe(true)
})

test('addresses', () => {
  expect(parseUsbAddress('usb:1A86:7523')).toEqual({ ...ch340, serialNumber: null })
  expect(parseUsbAddress('usb:1a86:7523:A:B')).toEqual({ ...ch340, serialNumber: 'a:b' })
  for (const bad of ['usb:1a86', 'usb:xxxx:7523', '1a86:7523', 'usb:1a86:7523:'])
    expect(parseUsbAddress(bad)).toBeNull()
})
