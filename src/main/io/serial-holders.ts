/** Who has a serial port open, from /proc. Processes of other users are not shown to everybody: none found is no proof. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

export interface Holder {
  readonly pid: number
  /** `minicom` */
  readonly program: string
}

async function targetsOf(folder: string): Promise<{ fd: string; target: string }[]> {
  const fds = await readdir(join(folder, 'fd'))
  return Promise.all(
    fds.map(async (fd) => ({ fd, target: await readlink(join(folder, 'fd', fd)).catch(() => '') })),
  )
}

/** The program at the other end of a pseudo terminal may keep this end open too: it is the device, not a competitor. */
async function isOtherEnd(
  path: string,
  folder: string,
  targets: readonly { readonly fd: string; readonly target: string }[],
): Promise<boolean> {
  const index = /^\/dev\/pts\/(\d+)$/.exec(path)?.[1]
  if (index === undefined) return false
  for (const { fd, target } of targets) {
    if (!target.endsWith('/ptmx')) continue
    const info = await readFile(join(folder, 'fdinfo', fd), 'utf8').catch(() => '')
    if (new RegExp(`^tty-index:\\s*${index}$`, 'm').test(info)) return true
  }
  return false
}

/** Which of `paths` this process has open. */
async function heldIn(folder: string, paths: ReadonlySet<string>): Promise<string[]> {
  try {
    const targets = await targetsOf(folder)
    const held = [...new Set(targets.map(({ target }) => target).filter((target) => paths.has(target)))]
    const isDevice = await Promise.all(held.map((path) => isOtherEnd(path, folder, targets)))
    return held.filter((_, n) => isDevice[n] !== true)
  } catch {
    // It has ended, or is another user's.
    return []
  }
}

/** By path, the first process found with it open, this one included. Empty also where there is no /proc. */
export async function holdersOf(paths: readonly string[], proc: string): Promise<Map<string, Holder>> {
  const holders = new Map<string, Holder>()
  const wanted = new Set(paths)
  const names = wanted.size === 0 ? [] : await readdir(proc).catch(() => [])
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue
    const folder = join(proc, name)
    for (const path of await heldIn(folder, wanted)) {
      const program = (await readFile(join(folder, 'comm'), 'utf8').catch(() => '')).trim()
      holders.set(path, { pid: Number(name), program: program === '' ? 'a program' : program })
      wanted.delete(path)
    }
    if (wanted.size === 0) break
  }
  return holders
}

export async function holderOf(path: string, proc: string): Promise<Holder | null> {
  return (await holdersOf([path], proc)).get(path) ?? null
}
