/** A made-up /sys: how the kernel shows USB adapters that no test machine has. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface UsbDevice {
  readonly vendorId: string
  readonly productId: string
  readonly serialNumber?: string
  readonly manufacturer?: string
}

/** As the kernel shows a USB adapter: the port's folder some levels below the device's. */
export function plugUsb(sys: string, tty: string, socket: string, device: UsbDevice): void {
  const usb = join(sys, 'devices/pci0/usb1', socket)
  const port = join(usb, `${socket}:1.0`, tty)
  mkdirSync(join(port, 'tty', tty), { recursive: true })
  writeFileSync(join(usb, 'idVendor'), `${device.vendorId}\n`)
  writeFileSync(join(usb, 'idProduct'), `${device.productId}\n`)
  if (device.serialNumber !== undefined) writeFileSync(join(usb, 'serial'), `${device.serialNumber}\n`)
  if (device.manufacturer !== undefined) writeFileSync(join(usb, 'manufacturer'), `${device.manufacturer}\n`)
  symlinkSync(port, join(port, 'tty', tty, 'device'))
  symlinkSync(join(port, 'tty', tty), join(sys, 'class/tty', tty))
}

export function unplugUsb(sys: string, tty: string, socket: string): void {
  rmSync(join(sys, 'class/tty', tty))
  rmSync(join(sys, 'devices/pci0/usb1', socket), { recursive: true })
}
