/** Makes chosen system calls of a running process hang, as a driver or a disk does that does not answer, and lets them go again. Needs strace. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'

/** Attaching to a process that is not one's own child is for root, or where Yama lets everybody (ptrace_scope 0). */
export const canHang = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0 && mayAttach()

function mayAttach(): boolean {
  if (process.getuid?.() === 0) return true
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim() === '0'
  } catch {
    return false
  }
}

const forever = '600000000'

export interface HungCalls {
  /** They return, and later ones are as fast as ever. */
  release(): Promise<void>
}

/** Every thread’s calls to one of `calls`, on one of `paths` when some are given. Resolves when it is so for all threads there are. */
export async function hangCalls(
  pid: number,
  calls: readonly string[],
  paths: readonly string[] = [],
): Promise<HungCalls> {
  const inject = `inject=${calls.join(',')}:delay_enter=${forever}`
  const only = paths.flatMap((path) => ['-P', path])
  const args = ['-f', '-q', '-o', '/dev/null', ...only, '-e', inject, '-p', String(pid)]
  const child: ChildProcess = spawn('strace', args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (!isTraced(pid)) {
    if (child.exitCode !== null) throw new Error(`strace ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    async release() {
      // Not asked to: of a process that was killed meanwhile strace would keep the remains until the delay is over.
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Resolves when the kernel has ended the process; its parent hears of it only after `release`. */
export async function killed(pid: number): Promise<void> {
  while (stateOf(pid) !== 'Z') await new Promise((resolve) => setTimeout(resolve, 20))
}

function stateOf(pid: number): string {
  try {
    return /^State:\t(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'Z'
  } catch {
    return 'Z'
  }
}

function isTraced(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every(
    (task) => !/^TracerPid:\t0$/m.test(readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')),
  )
}
