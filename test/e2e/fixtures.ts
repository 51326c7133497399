/** What every spec starts with: its own app in its own folder, a camera, and a screen that must stay free of errors. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { Camera, type CameraOptions } from '../fakes/camera.ts'
import { type Headless, startHeadless } from '../fakes/headless.ts'

export interface Site {
  /** Where cameras connect. */
  readonly hub: string
  /** A camera that registers at once. It hangs up with the test. */
  camera(name: string, more?: Partial<CameraOptions>): Promise<Camera>
  /** A screen of that role; the first one of a test is the operator's main window. */
  screen(role?: 'viewer' | 'operator' | 'admin'): Promise<Page>
  /** Complaints of the browser that a spec expects, since it breaks something on purpose. */
  expectTrouble(pattern: RegExp): void
}

/** Only where the app and its screen are two processes. */
export interface NodeSite extends Site {
  readonly app: Headless
  /** The same folder and ports again, after `app.kill()`. */
  restart(): Promise<void>
  get(path: string): Promise<Response>
}

interface Options {
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

interface Fixtures {
  site: NodeSite
}

/** Below those the system gives to whoever asks for any: such a one could be taken before the app opens it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** Collects what the page complains about: errors, refused content, failed requests. */
function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`page error: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy|trusted ?types/i.test(message.text()))
      complaints.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
}

class Trouble {
  readonly complaints: string[] = []
  readonly #expected: RegExp[] = []

  expect(pattern: RegExp): void {
    this.#expected.push(pattern)
  }

  unexpected(): string[] {
    return this.complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)))
  }
}

async function nodeSite(
  context: BrowserContext,
  trouble: Trouble,
  { flags, env }: Options,
  cameras: Camera[],
): Promise<NodeSite> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-e2e-'))
  const port = await freePort()
  const hubPort = await freePort()
  const options = { dataDir, port, hubPort, flags: ['--time-zone', 'Asia/Ho_Chi_Minh', ...flags], env }
  let app = await startHeadless(options)
  const { hub } = await app.ready
  return {
    hub,
    get app() {
      return app
    },
    get: (path) => app.get(path),
    async restart() {
      app = await startHeadless(options)
    },
    async camera(name, more = {}) {
      const camera = new Camera({
        deviceId: name.toLowerCase().replaceAll(' ', '-'),
        deviceName: name,
        ...more,
      })
      cameras.push(camera)
      await camera.connect(hub)
      return camera
    },
    async screen(role = 'admin') {
      const tokens: Record<string, string> = JSON.parse(readFileSync(join(dataDir, 'access.json'), 'utf8'))
      const page = await context.newPage()
      watch(page, trouble.complaints)
      const { url } = await app.ready
      await page.goto(`${new URL(url).origin}/#token=${tokens[role]}`)
      return page
    },
    expectTrouble: (pattern) => trouble.expect(pattern),
  }
}

/** The desktop window on the same specs. What only two processes can do is refused by name. */
async function electronSite(trouble: Trouble, { flags, env }: Options, cameras: Camera[]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-e2e-'))
  const hubPort = await freePort()
  const hub = `ws://127.0.0.1:${hubPort}`
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = [
    'out/main/index.js',
    ...asRoot,
    '--data-dir',
    dataDir,
    '--hub-port',
    String(hubPort),
    ...flags,
  ]
  const { ELECTRON_BINARY: executablePath = '', ...rest } = process.env
  const inherited = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  const electron = await _electron.launch({ executablePath, args, env: { ...inherited, ...env } })
  const only = (): never => {
    throw new Error('this spec needs two processes: tag it @node')
  }
  const site: NodeSite = {
    hub,
    get app() {
      return only()
    },
    get: only,
    restart: only,
    async camera(name, more = {}) {
      const camera = new Camera({
        deviceId: name.toLowerCase().replaceAll(' ', '-'),
        deviceName: name,
        ...more,
      })
      cameras.push(camera)
      await camera.connect(hub)
      return camera
    },
    async screen() {
      const page = await electron.firstWindow()
      watch(page, trouble.complaints)
      return page
    },
    expectTrouble: (pattern) => trouble.expect(pattern),
  }
  return { site, close: () => electron.close() }
}

export const test = base.extend<Fixtures & Options>({
  flags: [[], { option: true }],
  env: [{}, { option: true }],
  site: async ({ context, flags, env }, use, info) => {
    const trouble = new Trouble()
    const cameras: Camera[] = []
    if (info.project.name === 'electron') {
      const { site, close } = await electronSite(trouble, { flags, env }, cameras)
      await use(site)
      await close()
    } else {
      const site = await nodeSite(context, trouble, { flags, env }, cameras)
      await use(site)
      for (const page of context.pages()) await page.close()
      await site.app.stop()
      if (info.status !== info.expectedStatus)
        await info.attach('watchfloor.log', { body: site.app.log(), contentType: 'text/plain' })
      expect
        .soft(site.app.log())
        .not.toMatch(/"event":"(bug|http-bug|uncaught-exception|unhandled-rejection)"/)
      rmSync(site.app.dataDir, { recursive: true, force: true })
    }
    for (const camera of cameras) camera.cut()
    expect(trouble.unexpected(), 'the browser complained').toEqual([])
  },
})

export { expect }
