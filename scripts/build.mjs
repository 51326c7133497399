/**
 * Builds everything that runs into out/: main (ESM, packages left outside), preload (one CJS file), renderer (hashed files
 * plus the manifest that says which paths may be served). Does nothing when the sources are those of the last build.
 */
import './runtime.mjs'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'out')
const stampFile = join(out, 'stamp')
const lockDir = join(root, '.watchfloor', 'build.lock')

const entries = {
  index: 'src/main/index.ts',
  headless: 'src/main/headless.ts',
  'store-worker': 'src/main/store/worker.ts',
  'demo-site': 'test/sim/site.ts',
}

/** What a build depends on. Tests are not among it, but the demo site's simulators are. */
const sources = [
  'src',
  'test/sim',
  'resources',
  'package-lock.json',
  'package.json',
  'vite.config.ts',
  'scripts/build.mjs',
]

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.bin': 'application/octet-stream',
}

function filesUnder(path) {
  if (!existsSync(path)) return []
  const found = []
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) found.push(join(entry.parentPath, entry.name))
  }
  return found.sort()
}

/** Contents, not times: a checkout or a copied tree has new times and the same program. */
function stampOfSources() {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(root, source)
    const files = extname(source) === '' ? filesUnder(path) : [path].filter(existsSync)
    for (const file of files) {
      const bytes = readFileSync(file)
      hash.update(`${relative(root, file)}\0${bytes.length}\0`).update(bytes)
    }
  }
  return hash.digest('hex')
}

export function isFresh() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOfSources()
}

async function buildMain(vite, outDir) {
  const input = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)]))
  await vite.build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // Packages stay outside: electron-builder ships node_modules, and native ones cannot be bundled. But three threads
    // each resolving the hundred files of these costs 280 of 720 ms of processor time at every start, so they go in.
    ssr: { noExternal: ['zod', 'ws', 'prom-client', 'jose'] },
    build: {
      ssr: true,
      target: 'node22',
      outDir,
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input,
        external: ['electron'],
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          // Flat, so that `new URL('./store-worker.js', import.meta.url)` is right from any chunk.
          chunkFileNames: 'chunk-[name]-[hash].js',
        },
      },
    },
  })
}

async function buildPreload(vite, outDir) {
  await vite.build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      target: 'chrome140',
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: { index: join(root, 'src/preload/index.ts') },
        external: ['electron'],
        // A sandboxed preload is one CommonJS file: it may require electron and nothing else.
        output: { format: 'cjs', entryFileNames: 'index.cjs', codeSplitting: false },
      },
    },
  })
}

/**
 * What the face engine fetches from our own origin: docs/models.md says whose it is. The model that tells faces apart is not
 * among it: a shell serves it from the folder that Settings names.
 */
const engineFiles = ['blazeface.json', 'blazeface.bin']

function copyEngine(outDir) {
  mkdirSync(join(outDir, 'models'), { recursive: true })
  for (const file of engineFiles)
    copyFileSync(join(root, 'node_modules/@vladmandic/human/models', file), join(outDir, 'models', file))
}

async function buildRenderer(vite, outDir) {
  await vite.build({
    root: join(root, 'src/renderer'),
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  })
  copyEngine(outDir)
  writeFileSync(join(outDir, 'manifest.json'), `${JSON.stringify(manifestOf(outDir), null, 1)}\n`)
}

/** Path as asked for → file, type, hash. Both shells serve what is listed here and nothing else. */
function manifestOf(outDir) {
  const manifest = {}
  for (const path of filesUnder(outDir)) {
    const file = relative(outDir, path).split(sep).join('/')
    if (file === 'manifest.json') continue
    const type = types[extname(file)]
    if (type === undefined) throw new Error(`no content type for ${file}: add it to scripts/build.mjs`)
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    manifest[file === 'index.html' ? '/' : `/${file}`] = { file, type, sha256 }
  }
  const html = readFileSync(join(outDir, 'index.html'), 'utf8')
  // The policy refuses inline code; a build that needs it would only fail later, on a blank screen.
  const inline = html.match(/<script(?![^>]*\bsrc=)[^>]*>|<style[\s>]|\sstyle="|\son\w+="/i)
  if (inline !== null)
    throw new Error(`index.html has inline code or style, which the policy refuses: ${inline[0]}`)
  return manifest
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** One build at a time: tests, the demo and a developer may all find out/ stale in the same second. */
async function locked(run) {
  mkdirSync(join(root, '.watchfloor'), { recursive: true })
  const owner = join(lockDir, 'pid')
  for (;;) {
    try {
      mkdirSync(lockDir)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    await sleep(200)
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0
    if (pid > 0 && !isAlive(pid)) rmSync(lockDir, { recursive: true, force: true })
  }
  writeFileSync(owner, String(process.pid))
  try {
    await run()
  } finally {
    rmSync(lockDir, { recursive: true, force: true })
  }
}

async function build(force) {
  if (!force && isFresh()) return false
  const startedAt = performance.now()
  const vite = await import('vite')
  const stamp = stampOfSources()
  const fresh = join(root, '.watchfloor', 'out-next')
  rmSync(fresh, { recursive: true, force: true })
  await Promise.all([
    buildMain(vite, join(fresh, 'main')),
    buildPreload(vite, join(fresh, 'preload')),
    buildRenderer(vite, join(fresh, 'renderer')),
  ])
  writeFileSync(join(fresh, 'stamp'), stamp)
  // Swapped whole: nobody sees half a build, and a failed one leaves the last good one in place.
  const last = join(root, '.watchfloor', 'out-last')
  rmSync(last, { recursive: true, force: true })
  if (existsSync(out)) renameSync(out, last)
  renameSync(fresh, out)
  rmSync(last, { recursive: true, force: true })
  const tookS = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`built out/ in ${tookS} s`)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await locked(async () => {
    const did = await build(process.argv.includes('--force'))
    if (!did) console.log('out/ is up to date')
  })
}
