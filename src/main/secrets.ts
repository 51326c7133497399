/**
 * What must stay secret, one value per link: `secrets.json` in the data folder, encrypted by the system where the host can.
 * Nothing here ends up in the log, in a fact or in the database.
 */
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { KeptSecret } from '../contract/accounts.ts'
import { Fault } from '../contract/fault.ts'
import type { LinkId } from '../contract/links.ts'
import type { SecretSlot } from './link.ts'
import type { Log } from './log.ts'

/** The system's own encryption, bound to the account that runs us. */
export interface Protect {
  /** In the system's words: `keychain`, `gnome_libsecret`. */
  readonly backend: string
  /** Resolves to base64. */
  encrypt(text: string): Promise<string>
  /** `isStale`: the system wants it encrypted again, as with a newer key. */
  decrypt(text: string): Promise<{ readonly text: string; readonly isStale: boolean }>
}

export interface Secrets {
  /** What went wrong with the file at the start, for people; null when nothing did. */
  readonly trouble: string | null
  slot(link: LinkId): SecretSlot
  kept(link: LinkId): KeptSecret
  forget(link: LinkId): Promise<void>
  /** The answer of `kept` for this link may have changed. */
  onChange(listener: (link: LinkId) => void): () => void
}

const Entry = z.strictObject({
  kept: z.enum(['os', 'file']),
  backend: z.string(),
  /** Base64 of the encrypted text for `os`; the text itself for `file`. */
  value: z.string(),
})
type Entry = z.output<typeof Entry>
const File = z.strictObject({ version: z.literal(1), secrets: z.record(z.string(), Entry) })

/** Linux without a keyring: Chromium then encrypts with a key that everybody knows. */
const noProtection = 'basic_text'
const fileName = 'secrets.json'

export async function openSecrets(dir: string, protect: Protect | undefined, log: Log): Promise<Secrets> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch(() => {}) // what cannot be written says so when it is
  const read = await readEntries(join(dir, fileName), log)
  const strong = protect?.backend === noProtection ? undefined : protect
  return new SecretsFile(dir, read, strong, protect?.backend ?? 'none', log)
}

interface Read {
  readonly entries: Map<string, Entry>
  readonly trouble: string | null
  /** False when what is on the disk could not be put aside: it must not be written over. */
  readonly mayWrite: boolean
}

async function readEntries(file: string, log: Log): Promise<Read> {
  let problem: string
  try {
    const text = await readFile(file, 'utf8')
    // A copy from a backup may have come with wider rights.
    await chmod(file, 0o600).catch(() => {})
    const { secrets } = File.parse(JSON.parse(text))
    return { entries: new Map(Object.entries(secrets)), trouble: null, mayWrite: true }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { entries: new Map(), trouble: null, mayWrite: true }
    // A parser's own message quotes the text, and the text is the secret.
    problem = codeOf(error) ?? 'it is damaged'
  }
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`
  const isAside = await rename(file, aside).then(
    () => true,
    () => false,
  )
  log.error('secrets-unreadable', { problem, aside: isAside ? aside : null })
  const where = isAside ? `it was put aside as ${aside}` : 'it could not be put aside'
  const trouble = `The file of passwords and keys could not be read (${problem}); ${where}. Enter them again under Links.`
  return { entries: new Map(), trouble, mayWrite: isAside }
}

class SecretsFile implements Secrets {
  readonly trouble: string | null
  readonly #dir: string
  readonly #protect: Protect | undefined
  readonly #backend: string
  readonly #log: Log
  readonly #mayWrite: boolean
  #entries: ReadonlyMap<string, Entry>
  readonly #unreadable = new Set<string>()
  readonly #listeners = new Set<(link: LinkId) => void>()
  #hasWarned = false
  /** Reads and writes one after the other, so that a read never undoes the write that came while it ran. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(dir: string, read: Read, protect: Protect | undefined, backend: string, log: Log) {
    this.trouble = read.trouble
    this.#dir = dir
    this.#entries = read.entries
    this.#mayWrite = read.mayWrite
    this.#protect = protect
    this.#backend = backend
    this.#log = log
    if (protect === undefined && [...read.entries.values()].some(({ kept }) => kept === 'file')) this.#warn()
    for (const [link, { kept }] of read.entries)
      if (kept === 'os' && protect === undefined)
        this.#lose(link, 'this start has no encryption of the system')
  }

  slot(link: LinkId): SecretSlot {
    return {
      read: () => this.#inTurn(() => this.#read(link)),
      write: (text) => this.#inTurn(() => this.#write(link, text)),
    }
  }

  kept(link: LinkId): KeptSecret {
    const entry = this.#entries.get(link)
    return entry === undefined || this.#unreadable.has(link) ? 'none' : entry.kept
  }

  forget(link: LinkId): Promise<void> {
    return this.slot(link).write(null)
  }

  onChange(listener: (link: LinkId) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {})
    return result
  }

  async #read(link: LinkId): Promise<string | null> {
    const entry = this.#entries.get(link)
    if (entry === undefined) return null
    const text = await this.#open(link, entry)
    if (text === null) return null
    const isStale = text.isStale || (entry.kept === 'file' && this.#protect !== undefined)
    // A start with better protection, or a newer key of the system. Not being able to is no reason not to answer.
    if (isStale)
      await this.#write(link, text.text).catch((error: unknown) =>
        this.#log.warn('secret-not-renewed', { link, error: String(error) }),
      )
    return text.text
  }

  async #open(link: LinkId, entry: Entry): Promise<{ text: string; isStale: boolean } | null> {
    if (entry.kept === 'file') return { text: entry.value, isStale: false }
    if (this.#protect === undefined) return null
    try {
      const opened = await this.#protect.decrypt(entry.value)
      if (this.#unreadable.delete(link)) this.#tell(link)
      return opened
    } catch {
      this.#lose(link, `${this.#protect.backend} cannot decrypt it: another account or another machine`)
      return null
    }
  }

  /** The entry stays on the disk: a keyring that is locked today may be open tomorrow. */
  #lose(link: string, why: string): void {
    if (this.#unreadable.has(link)) return
    this.#unreadable.add(link)
    this.#log.warn('secret-unreadable', { link, why, tip: 'enter it again under Links' })
    this.#tell(link as LinkId)
  }

  async #write(link: LinkId, text: string | null): Promise<void> {
    if (text === null && !this.#entries.has(link)) return
    const next = new Map(this.#entries)
    if (text === null) next.delete(link)
    else next.set(link, await this.#entryOf(text))
    await this.#save(next)
    this.#entries = next
    this.#unreadable.delete(link)
    this.#tell(link)
  }

  async #entryOf(text: string): Promise<Entry> {
    const protect = this.#protect
    if (protect === undefined) {
      this.#warn()
      return { kept: 'file', backend: this.#backend, value: text }
    }
    try {
      return { kept: 'os', backend: protect.backend, value: await protect.encrypt(text) }
    } catch {
      throw new Fault(
        'storage',
        `${protect.backend} could not encrypt it`,
        'Unlock the keyring of this account, then try again.',
      )
    }
  }

  async #save(entries: ReadonlyMap<string, Entry>): Promise<void> {
    if (!this.#mayWrite)
      throw new Fault(
        'storage',
        `${fileName} cannot be read and could not be put aside`,
        'Rename it, then start Watchfloor again.',
      )
    const file = join(this.#dir, fileName)
    const content = { version: 1, secrets: Object.fromEntries(entries) }
    try {
      const handle = await open(`${file}.new`, 'w', 0o600)
      try {
        await handle.chmod(0o600) // one left by a crash keeps the mode it had
        await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(`${file}.new`, file)
      await syncFolder(this.#dir)
    } catch (error) {
      throw new Fault(
        'storage',
        `It could not be kept: ${codeOf(error) ?? 'the disk did not take it'}`,
        'Look at the data folder: is the disk full or read-only?',
        error,
      )
    }
  }

  #warn(): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    this.#log.warn('secrets-in-plain-file', {
      backend: this.#backend,
      meaning: `passwords and keys lie unencrypted in ${fileName}; only this account may read that file`,
    })
  }

  #tell(link: LinkId): void {
    for (const listener of this.#listeners) listener(link)
  }
}

/** The rename itself is on the disk only after this; systems that cannot sync a folder do it on their own. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r').catch(() => null)
  await folder?.sync().catch(() => {})
  await folder?.close()
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : null
}
