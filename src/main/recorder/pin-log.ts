/**
 * Which alerts keep which seconds, on disk: one line per change, each with its CRC-32, so that a torn last line is cut off and the rest
 * is as it was. Written behind one another; a flood of alerts shares its fsyncs.
 */
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { AlertId } from '../../contract/alerts.ts'
import { CameraId } from '../../contract/cameras.ts'
import type { Log } from '../log.ts'
import type { Pin } from './shelf.ts'

const Line = z.object({
  alert: AlertId,
  camera: CameraId,
  at: z.number(),
  fromAt: z.number(),
  toAt: z.number(),
  gone: z.object({ at: z.number(), by: z.string().nullable() }).nullable(),
})
type Line = z.output<typeof Line>

const fileName = 'alerts.log'

export class PinLog {
  readonly #dir: string
  readonly #log: Log
  #waiting: string[] = []
  #writing: Promise<void> | null = null

  constructor(dir: string, log: Log) {
    this.#dir = dir
    this.#log = log
  }

  /** What was kept when the app ended; the newest line of an alert counts. Lines that are not ours are passed over. */
  async read(): Promise<{ pins: Line[]; bad: number }> {
    const text = await readFile(join(this.#dir, fileName), 'utf8').catch(() => '')
    const pins = new Map<string, Line>()
    let bad = 0
    for (const line of text.split('\n')) {
      if (line === '') continue
      const read = decode(line)
      if (read === null) bad++
      else pins.set(read.alert, read)
    }
    return { pins: [...pins.values()], bad }
  }

  /** Resolves when it is on disk. */
  append(pin: Pin): Promise<void> {
    this.#waiting.push(encode(pin))
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  /** As `append`; false when the disk refuses. It may be full: what is given up must go all the same, and makes room for the note. */
  async note(pin: Pin): Promise<boolean> {
    try {
      await this.append(pin)
      return true
    } catch (error) {
      this.#log.warn('recorder-pin-not-noted', { alert: pin.alert, error: String(error) })
      return false
    }
  }

  /** Writes the whole log anew: at start, so that it grows with what is kept and not with time. */
  async rewrite(pins: Iterable<Pin>): Promise<void> {
    const path = join(this.#dir, fileName)
    const file = await open(`${path}.new`, 'w')
    try {
      await file.writeFile([...pins].map(encode).join(''))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.new`, path)
  }

  async #write(): Promise<void> {
    // Whoever asks in the same step is in the same write.
    await null
    const file = await open(join(this.#dir, fileName), 'a')
    try {
      while (this.#waiting.length > 0) {
        const lines = this.#waiting
        this.#waiting = []
        await file.appendFile(lines.join(''))
        await file.datasync()
      }
    } finally {
      await file.close()
    }
  }
}

function encode({ alert, camera, at, fromAt, toAt, gone }: Pin): string {
  const text = JSON.stringify({ alert, camera, at, fromAt, toAt, gone })
  // A line break first: a torn line before it spoils no more than itself.
  return `\n${crc32(text).toString(16).padStart(8, '0')} ${text}\n`
}

function decode(line: string): Line | null {
  const text = line.slice(9)
  if (line[8] !== ' ' || Number.parseInt(line.slice(0, 8), 16) !== crc32(text)) return null
  try {
    return Line.parse(JSON.parse(text))
  } catch {
    return null
  }
}
