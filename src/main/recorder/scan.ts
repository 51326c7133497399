/** What is on disk at start: each camera has a folder, each of its files is looked at, and what is not ours is left alone. */
import { createHash } from 'node:crypto'
import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { CameraId } from '../../contract/cameras.ts'
import type { Log } from '../log.ts'
import { recover } from './segment-file.ts'
import type { Segment } from './shelf.ts'

const fileName = /^(\d{12})\.wfr$/

/** Names of cameras may hold what file systems refuse. */
export function folderOf(camera: CameraId): string {
  return createHash('sha256').update(camera).digest('hex').slice(0, 24)
}

interface Scanned {
  /** Of each camera in the order of recording. */
  readonly segments: Segment[]
  /** By folder: the highest number of any of its files, ours or not. */
  readonly lastSeq: ReadonlyMap<string, number>
}

export async function scan(dir: string, log: Log): Promise<Scanned> {
  const segments: Segment[] = []
  const lastSeq = new Map<string, number>()
  const folders = await readdir(dir, { withFileTypes: true })
  for (const folder of folders) {
    if (!folder.isDirectory()) continue
    const path = join(dir, folder.name)
    const names = (await readdir(path).catch(() => [])).filter((name) => fileName.test(name)).sort()
    for (const name of names) {
      const segment = await look(join(path, name), Number(name.slice(0, 12)), folder.name, log)
      if (segment === null) continue
      segments.push(segment)
    }
    const newest = names.at(-1)
    if (newest !== undefined) lastSeq.set(folder.name, Number(newest.slice(0, 12)))
  }
  return { segments, lastSeq }
}

async function look(path: string, seq: number, folder: string, log: Log): Promise<Segment | null> {
  try {
    const found = await recover(path)
    if (found === 'torn') {
      await unlink(path)
      return null
    }
    if (found === 'foreign' || folderOf(found.camera) !== folder) {
      log.warn('recording-foreign', { path })
      return null
    }
    return { ...found, path, seq, isOpen: false, pins: new Set(), readers: new Set() }
  } catch (error) {
    log.warn('recording-unreadable', { path, error: String(error) })
    return null
  }
}
