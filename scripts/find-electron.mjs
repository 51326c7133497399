/** Finds Electron's binary, or fetches it within a bounded wait: npm does not bring it, and many machines cannot reach it. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fetchTimeoutMs = 60_000
const retryAfterMs = 24 * 3600_000

function present(root) {
  const folder = join(root, 'node_modules/electron')
  try {
    const binary = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim())
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}

function fetchBinary(root) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/electron/install.js')], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let words = ''
    child.stderr.on('data', (chunk) => {
      words = (words + chunk).slice(0, 4000)
    })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve(`no answer in ${fetchTimeoutMs / 1000} s`)
    }, fetchTimeoutMs)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve(error.message)
    })
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve(
        code === 0 ? null : (words.split('\n').find((line) => line.trim() !== '') ?? `exit code ${code}`),
      )
    })
  })
}

/** The path of the binary, or null after one line that says why not. A failure is remembered for a day. */
export async function findElectron(root, say) {
  const found = present(root)
  if (found !== null) return found
  if (!existsSync(join(root, 'node_modules/electron'))) {
    say('Electron is not installed: opening a browser window instead.')
    return null
  }
  const note = join(root, '.watchfloor', 'no-electron')
  if (existsSync(note) && Date.now() - statSync(note).mtimeMs < retryAfterMs) {
    say(
      `Electron could not be fetched earlier today (delete ${note} to try again): opening a browser window instead.`,
    )
    return null
  }
  say(`Fetching Electron (at most ${fetchTimeoutMs / 1000} s) …`)
  const reason = await fetchBinary(root)
  const binary = reason === null ? present(root) : null
  if (binary === null) {
    mkdirSync(join(root, '.watchfloor'), { recursive: true })
    writeFileSync(note, `${reason}\n`)
    say(`Electron could not be fetched (${reason}): opening a browser window instead.`)
    return null
  }
  rmSync(note, { force: true })
  return binary
}
