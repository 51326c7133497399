/** Who listens on a TCP port, from /proc. Processes of other users are not shown to everybody: none found is no proof. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Holder, holderOf } from './serial-holders.ts'

const listening = '0A'

/** Lines of /proc/net/tcp: `sl local_address rem_address st … uid timeout inode`, numbers in hex. */
function inodesIn(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/)
    const inode = columns[9]
    const isIt = columns[1]?.endsWith(wanted) === true && columns[3] === listening
    return isIt && inode !== undefined ? [inode] : []
  })
}

/** Null also where there is no /proc. */
export async function portHolder(port: number, proc = '/proc'): Promise<Holder | null> {
  for (const table of ['tcp', 'tcp6']) {
    const text = await readFile(join(proc, 'net', table), 'utf8').catch(() => '')
    for (const inode of inodesIn(text, port)) {
      const holder = await holderOf(`socket:[${inode}]`, proc)
      if (holder !== null) return holder
    }
  }
  return null
}
