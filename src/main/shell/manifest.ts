/** The files a shell may serve, as the build listed them. A path not in the list does not exist, so no path is ever joined. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Entry = z.object({
  // Written by our own build; checked all the same, as it decides what is read from the disk.
  file: z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/),
  type: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
const Listing = z.record(z.string().startsWith('/'), Entry)

/** `folder` where it is not the page's own. */
export type ManifestEntry = z.output<typeof Entry> & { readonly folder?: string }

export class Manifest {
  readonly #folder: string
  readonly #entries: Map<string, ManifestEntry>

  constructor(folder: string, entries: Map<string, ManifestEntry>) {
    this.#folder = folder
    this.#entries = entries
  }

  /** `path` exactly as the page asked for it: not decoded, not normalised. */
  find(path: string): ManifestEntry | undefined {
    return this.#entries.get(path)
  }

  /** Serves the model that tells faces apart, too, if it lies in that folder. */
  addModels(folder: string | null): void {
    for (const [path, entry] of modelEntries(folder)) this.#entries.set(path, entry)
  }

  paths(): readonly string[] {
    return [...this.#entries.keys()]
  }

  read(entry: ManifestEntry): Promise<Buffer> {
    return readFile(join(entry.folder ?? this.#folder, entry.file))
  }
}

/** `folder` is out/renderer, with manifest.json in it. */
export function loadManifest(folder: string): Manifest {
  const listing = Listing.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  return new Manifest(folder, new Map(Object.entries(listing)))
}

/** Both files of it or none, under these names only, whatever else the folder holds. */
const modelFiles = {
  'faceres.json': 'application/json; charset=utf-8',
  'faceres.bin': 'application/octet-stream',
}

function modelEntries(folder: string | null): [string, ManifestEntry][] {
  if (folder === null) return []
  try {
    return Object.entries(modelFiles).map(([file, type]) => {
      const sha256 = createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex')
      return [`/models/${file}`, { file, type, sha256, folder }]
    })
  } catch {
    return [] // the engine says on its own what it misses
  }
}

/** Where the model lies: the folder that was set; in a checkout the package that `npm ci` brought; else nowhere. */
export function faceModelFolder(set: string, root: string): string | null {
  if (set !== '') return set
  const brought = join(root, 'node_modules/@vladmandic/human/models')
  return existsSync(brought) ? brought : null
}
