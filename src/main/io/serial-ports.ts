/** Which serial ports this machine has. Never throws: a machine without udev still gets its list, with what to do for names. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { SerialPortRow } from '../../contract/site.ts'

export async function listSerialPorts(): Promise<{ ports: SerialPortRow[]; trouble: string }> {
  // serialport asks udevadm on Linux and fails where it is missing.
  if (process.platform === 'linux' && !onPath('udevadm'))
    return { ports: portsByName(), trouble: 'Install the package udev to see makers and serial numbers.' }
  try {
    const { SerialPort } = await import('serialport')
    const ports = await SerialPort.list()
    return {
      ports: ports.filter((port) => port.vendorId !== undefined || port.pnpId !== undefined).map(rowOf),
      trouble: '',
    }
  } catch (error) {
    return { ports: portsByName(), trouble: `Serial ports could not be listed: ${String(error)}` }
  }
}

interface ListedPort {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
  readonly serialNumber?: string | undefined
}

function rowOf(port: ListedPort): SerialPortRow {
  return {
    path: port.path,
    address: addressOf(port),
    maker: port.manufacturer ?? null,
    usbId: port.vendorId === undefined ? null : `${port.vendorId}:${port.productId ?? '????'}`,
    serialNumber: port.serialNumber ?? null,
  }
}

function addressOf({ path, vendorId, productId, serialNumber }: ListedPort): string {
  if (vendorId === undefined || productId === undefined) return path
  return `usb:${vendorId}:${productId}${serialNumber === undefined ? '' : `:${serialNumber}`}`.toLowerCase()
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)))
}

function portsByName(): SerialPortRow[] {
  if (!existsSync('/dev')) return []
  const names = readdirSync('/dev').filter((name) => /^tty(USB|ACM)\d+$/.test(name))
  return names.map((name) => ({
    path: `/dev/${name}`,
    address: `/dev/${name}`,
    maker: null,
    usbId: null,
    serialNumber: null,
  }))
}
