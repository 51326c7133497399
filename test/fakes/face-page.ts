/** Builds the page of the face engine and serves it with the headers of the product, models included. */
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { contentSecurityPolicy, securityHeaders } from '../../src/main/shell/policy.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
}

/** The page makes its worker from an address, which the product's screen does under a policy of its own. */
const policy = contentSecurityPolicy([]).replace(/; require-trusted-types-for.*$/, '')

export interface FacePage {
  readonly url: string
  close(): Promise<void>
}

/** Without `namer` the model that tells faces apart is missing. */
export async function serveFacePage(namer = true): Promise<FacePage> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-face-page-'))
  await build({
    root: join(root, 'test/fakes/face-page'),
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, target: 'chrome140', modulePreload: { polyfill: false } },
    worker: { format: 'es' },
  })
  const models = join(root, 'node_modules/@vladmandic/human/models')
  // Only for what tests compare the engine with: the library, on its TensorFlow.js.
  const wasm = join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')
  const faceModels = namer ? ['blazeface', 'faceres'] : ['blazeface']
  for (const name of faceModels)
    for (const end of ['json', 'bin'])
      cpSync(join(models, `${name}.${end}`), join(folder, 'models', `${name}.${end}`))
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
    cpSync(join(wasm, name), join(folder, 'models', name))

  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    response.setHeader('content-security-policy', policy)
    try {
      const bytes = readFileSync(join(folder, path))
      response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
      response.end(bytes)
    } catch {
      response.statusCode = 404
      response.end()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
