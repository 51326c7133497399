/** Which serial ports this machine has. Never throws: where the system does not tell, the names in /dev are still listed. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SerialPortRow } from '../../contract/site.ts'
import { findPorts } from './serial-find.ts'
import { type FoundPort, isTwin, linksIn, type SerialPlaces, systemPlaces } from './serial-sys.ts'

interface Names {
  readonly byId: ReadonlyMap<string, string>
  readonly byPath: ReadonlyMap<string, string>
}

/** The name under which this very port is found again: by id, else by what it says of itself, else by the socket it is in. */
function addressOf(port: FoundPort, ports: readonly FoundPort[], { byId, byPath }: Names): string {
  const { path, vendorId, productId, serialNumber } = port
  if (vendorId === null || productId === null) return path
  if (isTwin(port, ports)) return byPath.get(path) ?? path
  const byIdName = byId.get(path)
  if (byIdName !== undefined) return byIdName
  const same = ports.filter(
    (other) =>
      other.vendorId === vendorId && other.productId === productId && other.serialNumber === serialNumber,
  )
  // One device with several ports, and no udev to name them apart.
  if (same.length > 1) return byPath.get(path) ?? path
  return `usb:${vendorId}:${productId}${serialNumber === null ? '' : `:${serialNumber}`}`.toLowerCase()
}

function rowOf(port: FoundPort, address: string): SerialPortRow {
  return {
    path: port.path,
    address,
    maker: port.maker,
    usbId: port.vendorId === null ? null : `${port.vendorId}:${port.productId ?? '????'}`,
    serialNumber: port.serialNumber,
  }
}

export async function listSerialPorts(
  places: SerialPlaces = systemPlaces,
): Promise<{ ports: SerialPortRow[]; trouble: string }> {
  try {
    const ports = await findPorts(places)
    const names = { byId: await linksIn('by-id', places), byPath: await linksIn('by-path', places) }
    return { ports: ports.map((port) => rowOf(port, addressOf(port, ports, names))), trouble: '' }
  } catch (error) {
    const trouble = `Serial ports cannot be listed with their makers: ${error instanceof Error ? error.message : String(error)}`
    return { ports: await portsByName(places), trouble }
  }
}

async function portsByName({ dev }: SerialPlaces): Promise<SerialPortRow[]> {
  const names = await readdir(dev).catch(() => [])
  return names
    .filter((name) => /^tty(USB|ACM)\d+$/.test(name))
    .map((name) => {
      const path = join(dev, name)
      return { path, address: path, maker: null, usbId: null, serialNumber: null }
    })
}
