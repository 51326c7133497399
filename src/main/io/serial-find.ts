/** From the address of a serial port to its name of today. Two devices that fit are told, never guessed between. */
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { SerialAddress } from '../../contract/links.ts'
import { type FoundPort, isTwin, portsOfSystem, type SerialPlaces } from './serial-sys.ts'

export type Finding =
  | { readonly is: 'found'; readonly path: string }
  /** In words that say what to do. */
  | { readonly is: 'trouble'; readonly words: string }

/** What a `usb:` address says, or null for an address of another form. Hex in any case; a serial number may hold colons. */
export function parseUsbAddress(
  address: SerialAddress,
): { readonly vendorId: string; readonly productId: string; readonly serialNumber: string | null } | null {
  const parts = /^usb:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?$/i.exec(address)
  if (parts === null) return null
  const [, vendorId = '', productId = '', serialNumber] = parts
  return {
    vendorId: vendorId.toLowerCase(),
    productId: productId.toLowerCase(),
    serialNumber: serialNumber?.toLowerCase() ?? null,
  }
}

/** Every port of this machine. Rejects where the system does not tell. */
export async function findPorts(places: SerialPlaces): Promise<FoundPort[]> {
  if (process.platform === 'linux') return portsOfSystem(places)
  const { SerialPort } = await import('serialport')
  return (await SerialPort.list()).map((port) => ({
    path: port.path,
    maker: port.manufacturer ?? null,
    vendorId: port.vendorId?.toLowerCase() ?? null,
    productId: port.productId?.toLowerCase() ?? null,
    serialNumber: port.serialNumber ?? null,
  }))
}

function trouble(words: string): Finding {
  return { is: 'trouble', words }
}

const tellApart =
  'choose the one meant by the socket it is plugged into (a name under /dev/serial/by-path), or unplug the other'

function among(ports: readonly FoundPort[], address: SerialAddress): Finding {
  const wanted = parseUsbAddress(address)
  if (wanted === null)
    return trouble(
      `${address} is not an address of a serial port: write usb:1a86:7523, or usb:1a86:7523:SERIAL`,
    )
  const fitting = ports.filter(
    (port) =>
      port.vendorId === wanted.vendorId &&
      port.productId === wanted.productId &&
      (wanted.serialNumber === null || port.serialNumber?.toLowerCase() === wanted.serialNumber),
  )
  const [only, ...others] = fitting
  if (only === undefined) return trouble(`${address} is not plugged in`)
  if (others.length === 0) return { is: 'found', path: only.path }
  const names = fitting.map(({ path }) => path).join(' and ')
  const serials = fitting.map(({ serialNumber }) => serialNumber)
  const areTold = wanted.serialNumber === null && serials.every((serial) => serial !== null)
  if (areTold && new Set(serials).size === serials.length)
    return trouble(`${names} are both ${address}: add the serial number (${serials.join(' or ')})`)
  return trouble(`${names} are both ${address} and nothing tells them apart: ${tellApart}`)
}

/** Looks anew each time: the same device has another name after it was plugged in again. */
export async function findSerialPort(address: SerialAddress, places: SerialPlaces): Promise<Finding> {
  if (/^usb:/i.test(address)) {
    try {
      return among(await findPorts(places), address)
    } catch (error) {
      return trouble(`serial ports cannot be listed here (${String(error)}): write the port's name instead`)
    }
  }
  if (process.platform === 'win32') return { is: 'found', path: address }
  if (!address.startsWith('/'))
    return trouble(`${address} is not a serial port: write its whole name, like /dev/ttyUSB0`)
  let path: string
  try {
    path = await realpath(address)
  } catch {
    return trouble(`${address} is not there: is it plugged in?`)
  }
  // Of devices without serial numbers udev names only one by id, and which one is chance.
  if (address.startsWith(join(places.dev, 'serial/by-id/'))) {
    const ports = await findPorts(places).catch(() => [])
    const port = ports.find((each) => each.path === path)
    if (port !== undefined && isTwin(port, ports))
      return trouble(`two devices are called ${address} and nothing tells them apart: ${tellApart}`)
  }
  return { is: 'found', path }
}
