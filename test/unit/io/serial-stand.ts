/** Real pseudo terminals, and a made-up /sys beside them so that they look like USB adapters. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { systemClock } from '../../../src/main/io/clock.ts'
import {
  keeperIn,
  type SerialKeeper,
  type SerialLine,
  type SerialSettings,
} from '../../../src/main/io/serial.ts'
import { type SerialPlaces, systemPlaces } from '../../../src/main/io/serial-sys.ts'
import { silentLog } from '../../../src/main/log.ts'
import { type PtyPair, plugPair } from '../../fakes/pty-pair.ts'

export interface UsbDevice {
  readonly vendorId: string
  readonly productId: string
  readonly serialNumber?: string
}

export interface Heard {
  readonly lines: SerialLine[]
  readonly closed: string[]
  readonly waiting: string[]
  text: string
}

export class Stand {
  readonly folder = mkdtempSync(join(tmpdir(), 'serial-'))
  readonly places: SerialPlaces = {
    sys: join(this.folder, 'sys'),
    dev: join(this.folder, 'dev'),
    proc: '/proc',
  }
  readonly #ends: (() => Promise<unknown>)[] = []

  constructor() {
    mkdirSync(join(this.places.sys, 'class/tty'), { recursive: true })
    mkdirSync(this.places.dev)
  }

  at(name: string): string {
    return join(this.folder, name)
  }

  async pair(first = this.at('a'), second = this.at('b')): Promise<PtyPair> {
    const pair = await plugPair(first, second)
    this.#ends.push(() => pair.unplug())
    return pair
  }

  /** As the kernel shows a USB adapter: the port's folder some levels below the device's. */
  usb(tty: string, socket: string, device: UsbDevice): void {
    const usb = join(this.places.sys, 'devices/pci0/usb1', socket)
    const port = join(usb, `${socket}:1.0`, tty)
    mkdirSync(join(port, 'tty', tty), { recursive: true })
    writeFileSync(join(usb, 'idVendor'), `${device.vendorId}\n`)
    writeFileSync(join(usb, 'idProduct'), `${device.productId}\n`)
    if (device.serialNumber !== undefined) writeFileSync(join(usb, 'serial'), `${device.serialNumber}\n`)
    symlinkSync(port, join(port, 'tty', tty, 'device'))
    symlinkSync(join(port, 'tty', tty), join(this.places.sys, 'class/tty', tty))
  }

  unplugUsb(tty: string, socket: string): void {
    rmSync(join(this.places.sys, 'class/tty', tty))
    rmSync(join(this.places.sys, 'devices/pci0/usb1', socket), { recursive: true })
  }

  keep(address: string, places = systemPlaces, more: Partial<SerialSettings> = {}) {
    const heard: Heard = { lines: [], closed: [], waiting: [], text: '' }
    const keeper: SerialKeeper = keeperIn(places)(
      { address, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1, ...more },
      {
        opened: (line) => void heard.lines.push(line),
        bytes: (_line, bytes) => {
          heard.text += Buffer.from(bytes).toString('latin1')
        },
        closed: (reason) => void heard.closed.push(reason),
        waiting: (reason) => void heard.waiting.push(reason),
      },
      { clock: systemClock, log: silentLog },
    )
    this.#ends.push(() => keeper.close())
    return { keeper, heard }
  }

  /** The other end of a cable, as a file: what is written arrives, what arrives is collected. */
  async peer(path: string) {
    const file = await open(path, 'r+')
    const stream = file.createReadStream({ autoClose: false })
    const got: Buffer[] = []
    stream.on('data', (chunk) => got.push(Buffer.from(chunk)))
    // The cable was pulled.
    stream.on('error', () => {})
    this.#ends.push(async () => {
      stream.destroy()
      await file.close().catch(() => {})
    })
    return {
      text: () => Buffer.concat(got).toString('latin1'),
      say: (text: string) => file.write(text),
    }
  }

  async end(): Promise<void> {
    // Cables first: a read of one waits for bytes for ever.
    for (const end of this.#ends.splice(0)) await end()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export function until(met: () => void): Promise<void> {
  return vi.waitFor(met, { timeout: 15_000, interval: 10 })
}
