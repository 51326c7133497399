/** Real pseudo terminals, and a made-up /sys beside them so that they look like USB adapters. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
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
import { plugUsb, type UsbDevice, unplugUsb } from '../../fakes/usb-tree.ts'

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

  usb(tty: string, socket: string, device: UsbDevice): void {
    plugUsb(this.places.sys, tty, socket, device)
  }

  unplugUsb(tty: string, socket: string): void {
    unplugUsb(this.places.sys, tty, socket)
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

export function until(met: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(met, { timeout: 15_000, interval: 10 })
}
