/** The serial ports of a Linux machine, read from /sys: needs neither udev nor a privilege. */
import { readdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Where the system shows its devices; tests show their own. */
export interface SerialPlaces {
  readonly sys: string
  readonly dev: string
  readonly proc: string
}

/** In a container the machine's own may be mounted somewhere else. */
export const systemPlaces: SerialPlaces = {
  sys: process.env.WATCHFLOOR_SYS ?? '/sys',
  dev: process.env.WATCHFLOOR_DEV ?? '/dev',
  proc: '/proc',
}

export interface FoundPort {
  /** `/dev/ttyUSB0`, `COM3` */
  readonly path: string
  readonly maker: string | null
  /** Lower-case hex. */
  readonly vendorId: string | null
  readonly productId: string | null
  readonly serialNumber: string | null
}

async function text(file: string): Promise<string | null> {
  try {
    const read = (await readFile(file, 'utf8')).trim()
    return read === '' ? null : read
  } catch {
    return null
  }
}

/** A USB device's folder holds its idVendor; the port's own folder lies a few below it. */
async function usbFolder(device: string, sys: string): Promise<string | null> {
  const top = await realpath(sys)
  let at = device
  while (at.length > top.length && at !== dirname(at)) {
    if ((await text(join(at, 'idVendor'))) !== null) return at
    at = dirname(at)
  }
  return null
}

async function portOf(name: string, places: SerialPlaces): Promise<FoundPort | null> {
  const folder = join(places.sys, 'class/tty', name)
  let device: string
  try {
    device = await realpath(join(folder, 'device'))
  } catch {
    // Consoles and virtual terminals have no device behind them.
    return null
  }
  const path = join(places.dev, name)
  const usb = await usbFolder(device, places.sys)
  if (usb !== null) {
    return {
      path,
      maker: (await text(join(usb, 'manufacturer'))) ?? (await text(join(usb, 'product'))),
      vendorId: (await text(join(usb, 'idVendor')))?.toLowerCase() ?? null,
      productId: (await text(join(usb, 'idProduct')))?.toLowerCase() ?? null,
      serialNumber: await text(join(usb, 'serial')),
    }
  }
  // Linux makes names for UARTs a board may have; type 0 is one it has not.
  const type = await text(join(folder, 'type'))
  if (type === null || type === '0') return null
  return { path, maker: null, vendorId: null, productId: null, serialNumber: null }
}

/** Rejects when /sys cannot be read. */
export async function portsOfSystem(places: SerialPlaces): Promise<FoundPort[]> {
  const names = await readdir(join(places.sys, 'class/tty'))
  const ports = await Promise.all(names.map((name) => portOf(name, places)))
  return ports
    .filter((port) => port !== null)
    .sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))
}

/** The links udev keeps in a folder of /dev/serial: by the real path they point to now. Empty without udev. */
export async function linksIn(
  folder: 'by-id' | 'by-path',
  places: SerialPlaces,
): Promise<Map<string, string>> {
  const links = new Map<string, string>()
  const at = join(places.dev, 'serial', folder)
  let names: string[]
  try {
    names = await readdir(at)
  } catch {
    return links
  }
  for (const name of names.sort()) {
    try {
      const target = await realpath(join(at, name))
      if (!links.has(target)) links.set(target, join(at, name))
    } catch {
      // It was unplugged between the two looks.
    }
  }
  return links
}

/** Devices nobody can tell apart: same maker and product, none with a serial number. Ports of one device with several are told apart by udev. */
export function isTwin(port: FoundPort, ports: readonly FoundPort[]): boolean {
  return (
    port.vendorId !== null &&
    port.serialNumber === null &&
    ports.some(
      (other) =>
        other.path !== port.path &&
        other.vendorId === port.vendorId &&
        other.productId === port.productId &&
        other.serialNumber === null,
    )
  )
}
