/** What a process and everything it started has used of the processor, from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ is 100 on every Linux Node runs on. */
const ticksPerSecond = 100

interface Process {
  readonly parent: number
  readonly ticks: number
}

function read(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; everything after it is numbers (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null // it ended meanwhile
  }
}

/** Seconds of processor time so far, of `root` and all its descendants that still run. */
export function cpuSeconds(root: number): number {
  const all = new Map<number, Process>()
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? read(Number(name)) : null
    if (found !== null) all.set(Number(name), found)
  }
  const isOurs = (pid: number): boolean => {
    for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === root) return true
    return false
  }
  let ticks = 0
  for (const [pid, one] of all) if (isOurs(pid)) ticks += one.ticks
  return ticks / ticksPerSecond
}

/** The renderers of a browser: what its pages run in. */
export function renderersOf(browser: number): readonly number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer') && isUnder(pid, browser)
    } catch {
      return false // it ended meanwhile
    }
  })
}

/** Resident memory, MB. */
export function residentMb(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return (pages * 4096) / 1024 / 1024
}

function isUnder(pid: number, root: number): boolean {
  for (let at = pid; at > 1; at = read(at)?.parent ?? 0) if (at === root) return true
  return false
}
