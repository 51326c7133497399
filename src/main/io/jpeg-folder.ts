/** JPEG files of this machine, one or a folder of them, in the order of their names. Nothing outside what was named is ever read. */
import { constants } from 'node:fs'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'
import { Fault } from '../../contract/fault.ts'
import { jpegSize } from './picture.ts'

export const folderLimits = { files: 5000, fileBytes: 4 * 1024 * 1024 - 8192 }

export interface JpegFile {
  readonly bytes: Buffer
  readonly widthPx: number
  readonly heightPx: number
}

const ending = /\.jpe?g$/i
/** A pipe would be waited for until somebody writes, with one of the few threads all files share. Windows has neither. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Why this cannot be the path of a folder or file here; null when it can. */
export function pathTrouble(path: string): string | null {
  if (path.includes('\0')) return 'is no path'
  // \\server\share and //server/share: opening one would log in there with this account.
  if (/^[\\/]{2}/.test(path)) return 'is on another machine'
  if (!isAbsolute(path)) return 'does not start at the root'
  if (path.split(/[\\/]/).includes('..')) return 'goes back with ..'
  return null
}

export class JpegFolder {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Names, not contents. Throws a Fault that says what to try. */
  async list(): Promise<string[]> {
    const trouble = pathTrouble(this.#path)
    if (trouble !== null)
      throw new Fault('bad-input', `"${this.#path}" ${trouble}`, 'Write the whole path, as /srv/pictures.')
    try {
      if ((await stat(this.#path)).isFile()) {
        if (ending.test(this.#path)) return [basename(this.#path)]
        throw new Fault('bad-input', `"${this.#path}" is no .jpg file`, 'Only JPEG pictures can be shown.')
      }
      const entries = await readdir(this.#path, { withFileTypes: true })
      const names = entries
        .filter((one) => !one.isDirectory() && ending.test(one.name))
        .map(({ name }) => name)
      return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).slice(0, folderLimits.files)
    } catch (error) {
      throw error instanceof Fault
        ? error
        : new Fault('not-found', wordsOf(error, this.#path), 'Look at the path.')
    }
  }

  /** One of the names `list` gave. Throws a Fault: too large, no JPEG, gone, or a link that leads elsewhere. */
  async read(name: string): Promise<JpegFile> {
    try {
      return await this.#read(name)
    } catch (error) {
      throw error instanceof Fault ? error : new Fault('not-found', wordsOf(error, name))
    }
  }

  async #read(name: string): Promise<JpegFile> {
    const path = (await stat(this.#path)).isFile() ? this.#path : join(this.#path, basename(name))
    const [root, real] = await Promise.all([realpath(dirname(path)), realpath(path)])
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new Fault('not-allowed', `${name} is a link that leads out of its folder`)
    const file = await open(real, reading)
    try {
      const info = await file.stat()
      if (!info.isFile()) throw new Fault('bad-input', `${name} is no file`)
      if (info.size > folderLimits.fileBytes)
        throw new Fault('bad-input', `${name} is larger than 4 MiB`, 'Save it smaller.')
      // A file that grows meanwhile is read no further than it was.
      const bytes = Buffer.alloc(info.size)
      const { bytesRead } = await file.read(bytes, 0, info.size, 0)
      const whole = bytes.subarray(0, bytesRead)
      const size = jpegSize(whole)
      if (size === null) throw new Fault('bad-input', `${name} is no JPEG picture`)
      return { bytes: whole, ...size }
    } finally {
      await file.close()
    }
  }
}

export function wordsOf(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return `"${path}" does not exist`
  if (code === 'EACCES' || code === 'EPERM') return `"${path}" may not be read by this account`
  return `"${path}" cannot be read${typeof code === 'string' && code !== '' ? ` (${code})` : ''}`
}
