/** Disk space held back for the moment the disk is full: without it not even deleting works, because that writes too. */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const fullSizeBytes = 8 * 2 ** 20
const blockBytes = 64 * 1024

export interface Disk {
  readonly freeBytes: number
  readonly totalBytes: number
}

export function diskOf(dir: string): Disk {
  const { bavail, blocks, bsize } = statfsSync(dir)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

/** Twice what the log may hold (see `checkpointPages`), so that writing it back always fits; on a tiny disk a fifth of it. */
function sizeFor(disk: Disk): number {
  return Math.min(fullSizeBytes, Math.floor(disk.totalBytes / 5))
}

export class Ballast {
  readonly #dir: string
  readonly #file: string

  constructor(dir: string) {
    this.#dir = dir
    this.#file = join(dir, 'ballast')
  }

  isThere(): boolean {
    return existsSync(this.#file)
  }

  /** Written, not only sized: a sparse file would hold no space. False when there is no room for it. */
  fill(): boolean {
    if (this.isThere()) return true
    const disk = diskOf(this.#dir)
    const size = sizeFor(disk)
    if (disk.freeBytes < 1.5 * size) return false
    const block = Buffer.alloc(Math.min(blockBytes, size), 0xa5)
    try {
      const fd = openSync(this.#file, 'w')
      try {
        for (let written = 0; written < size; written += block.length) writeSync(fd, block)
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
      return true
    } catch {
      this.release()
      return false
    }
  }

  release(): void {
    rmSync(this.#file, { force: true })
  }
}

/** The log may grow to this many pages before it is written back: less on a tiny disk, where it would take all the room. */
export function checkpointPages(disk: Disk): number {
  return Math.max(16, Math.min(1000, Math.floor(disk.totalBytes / 4096 / 16)))
}
