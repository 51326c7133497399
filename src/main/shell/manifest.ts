/** The files a shell may serve, as the build listed them. A path not in the list does not exist, so no path is ever joined. */
import { readFileSync } from 'node:fs'
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

export type ManifestEntry = z.output<typeof Entry>

export class Manifest {
  readonly #folder: string
  readonly #entries: ReadonlyMap<string, ManifestEntry>

  constructor(folder: string, entries: ReadonlyMap<string, ManifestEntry>) {
    this.#folder = folder
    this.#entries = entries
  }

  /** `path` exactly as the page asked for it: not decoded, not normalised. */
  find(path: string): ManifestEntry | undefined {
    return this.#entries.get(path)
  }

  paths(): readonly string[] {
    return [...this.#entries.keys()]
  }

  read(entry: ManifestEntry): Promise<Buffer> {
    return readFile(join(this.#folder, entry.file))
  }
}

/** `folder` is out/renderer, with manifest.json in it. */
export function loadManifest(folder: string): Manifest {
  const listing = Listing.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  return new Manifest(folder, new Map(Object.entries(listing)))
}
