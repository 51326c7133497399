/** Why a serial port cannot be used, in words that say what to do. */
import { constants } from 'node:fs'
import { access, readFile, realpath, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { driverCalls, SilentDriver } from './driver-calls.ts'
import { holderOf } from './serial-holders.ts'
import type { SerialPlaces } from './serial-sys.ts'

async function groupName(gid: number): Promise<string> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '')
  const line = groups.split('\n').find((each) => each.split(':')[2] === String(gid))
  return line?.split(':')[0] ?? String(gid)
}

function ownName(): string {
  try {
    return userInfo().username
  } catch {
    return '$USER'
  }
}

/** On Linux a port belongs to a group, usually `dialout`, and who is in it may use it. */
export async function permissionWords(path: string): Promise<string> {
  const { gid, mode } = await stat(path)
  if ((mode & 0o060) !== 0o060 || gid === 0)
    return `${path} may not be opened by you, nor by a group you could join: ask who administers this machine for read and write permission`
  const group = await groupName(gid)
  return `${path} may be opened by members of the group ${group} only: run “sudo usermod -aG ${group} ${ownName()}”, then log out and in again`
}

export async function busyWords(path: string, proc: string): Promise<string> {
  const holder = await holderOf(path, proc)
  if (holder === null) return `${path} is in use by another program: end that program, or choose another port`
  // Held by a call of ours that has not come back.
  if (holder.pid === process.pid && driverCalls.inside.includes(path))
    return new SilentDriver(path, []).message
  if (holder.pid === process.pid)
    return `${path} is in use by another link of this program: choose another port, or switch that link off`
  return `${path} is in use by ${holder.program} (process ${holder.pid}): end that program, or choose another port`
}

/** Pseudo terminals have no entry under /sys; everything else that is a terminal says so there. */
async function isTerminal(device: number, sys: string): Promise<boolean> {
  const major = (device >> 8) & 0xfff
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00)
  try {
    return basename(await realpath(join(sys, 'dev/char', `${major}:${minor}`, 'subsystem'))) === 'tty'
  } catch {
    return true
  }
}

/**
 * What can be known before opening, which is not always harmless (opening /dev/watchdog starts it). Empty when nothing speaks against it.
 * The lock that is taken with the opening keeps out only who asks for it too, so whoever has the port open is looked up here.
 */
export async function troubleBefore(path: string, places: SerialPlaces): Promise<string> {
  if (process.platform === 'win32') return ''
  const file = await stat(path).catch(() => null)
  if (file === null) return `${path} is not there: is it plugged in?`
  if (!file.isCharacterDevice() || !(await isTerminal(file.rdev, places.sys)))
    return `${path} is not a serial port: choose one of the ports listed`
  try {
    await access(path, constants.R_OK | constants.W_OK)
  } catch {
    return permissionWords(path)
  }
  return (await holderOf(path, places.proc)) === null ? '' : busyWords(path, places.proc)
}

/** What serialport says is its own text around the system's, without a code. */
export async function troubleOpening(error: unknown, path: string, places: SerialPlaces): Promise<string> {
  const said = error instanceof Error ? error.message : String(error)
  if (error instanceof SilentDriver) return said
  if (/cannot lock|busy|access denied|temporarily unavailable/i.test(said))
    return busyWords(path, places.proc)
  if (/permission denied|not permitted/i.test(said)) return permissionWords(path).catch(() => said)
  if (/no such (file|device)|file not found/i.test(said)) return `${path} is not there: is it plugged in?`
  if (/baud/i.test(said)) return `${path} does not take this speed: ${said}`
  return `${path} cannot be opened: ${said}`
}
