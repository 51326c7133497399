/** Which serial ports this machine has. Never throws: where the system does not tell, the names in /dev are still listed. */
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Link, SerialAddress } from '../../contract/links.ts'
import type { SerialPortRow } from '../../contract/site.ts'
import { findPorts, findSerialPort } from './serial-find.ts'
import { holdersOf } from './serial-holders.ts'
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

type Known = Omit<SerialPortRow, 'usedBy'>

function rowOf(port: FoundPort, address: string): Known {
  return {
    path: port.path,
    address,
    maker: port.maker,
    usbId: port.vendorId === null ? null : `${port.vendorId}:${port.productId ?? '????'}`,
    serialNumber: port.serialNumber,
  }
}

/** A link of ours that is switched on, and the port it is to open. */
export interface PortUser {
  readonly name: string
  readonly port: SerialAddress
}

export function portUsers(links: Iterable<Pick<Link, 'profile'>>): PortUser[] {
  return [...links].flatMap(({ profile }) =>
    (profile.driver === 'modbus-bus' || profile.driver === 'rplidar') && profile.enabled
      ? [{ name: profile.name, port: profile.port }]
      : [],
  )
}

export async function listSerialPorts(
  users: readonly PortUser[] = [],
  places: SerialPlaces = systemPlaces,
): Promise<{ ports: SerialPortRow[]; trouble: string }> {
  try {
    const ports = await findPorts(places)
    const names = { byId: await linksIn('by-id', places), byPath: await linksIn('by-path', places) }
    const rows = ports.map((port) => rowOf(port, addressOf(port, ports, names)))
    return { ports: await withUsers(rows, users, places), trouble: '' }
  } catch (error) {
    const trouble = `Serial ports cannot be listed with their makers: ${error instanceof Error ? error.message : String(error)}`
    return { ports: await withUsers(await portsByName(places), users, places), trouble }
  }
}

/** Ours are told by the name of their link: a process number would say nothing to whoever reads it. */
async function withUsers(
  rows: readonly Known[],
  users: readonly PortUser[],
  places: SerialPlaces,
): Promise<SerialPortRow[]> {
  const realPaths = await Promise.all(rows.map(({ path }) => realpath(path).catch(() => path)))
  const holders = await holdersOf(realPaths, places.proc)
  const ours = new Map<string, string>()
  for (const { name, port } of users) {
    const found = await findSerialPort(port, places)
    if (found.is === 'found') ours.set(await realpath(found.path).catch(() => found.path), name)
  }
  return rows.map((row, n) => {
    const path = realPaths[n] ?? row.path
    const link = ours.get(path)
    const holder = holders.get(path)
    const isOther = holder !== undefined && holder.pid !== process.pid
    if (isOther) return { ...row, usedBy: { is: 'program', name: holder.program, pid: holder.pid } }
    return { ...row, usedBy: link === undefined ? null : { is: 'link', name: link } }
  })
}

async function portsByName({ dev }: SerialPlaces): Promise<Known[]> {
  const names = await readdir(dev).catch(() => [])
  return names
    .filter((name) => /^tty(USB|ACM)\d+$/.test(name))
    .map((name) => {
      const path = join(dev, name)
      return { path, address: path, maker: null, usbId: null, serialNumber: null }
    })
}
