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

async function holds(path: string, folder: string): Promise<boolean> {
  try {
    const targets = await targetsOf(folder)
    return targets.some(({ target }) => target === path) && !(await isOtherEnd(path, folder, targets))
  } catch {
    // It has ended, or is another user's.
    return false
  }
}

/** The first process found with `path` open, this one included. Null also where there is no /proc. */
export async function holderOf(path: string, proc: string): Promise<Holder | null> {
  const names = await readdir(proc).catch(() => [])
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue
    const folder = join(proc, name)
    if (!(await holds(path, folder))) continue
    const program = (await readFile(join(folder, 'comm'), 'utf8').catch(() => '')).trim()
    return { pid: Number(name), program: program === '' ? 'a program' : program }
  }
  return null
}
