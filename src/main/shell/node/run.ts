/** The Node shell: reads options, starts the app, serves the screen and the HTTP interface, says `ready`, ends cleanly. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { destination } from 'pino'
import packageFile from '../../../../package.json' with { type: 'json' }
import { Fault } from '../../../contract/fault.ts'
import type { Role } from '../../../contract/kinds.ts'
import { roles } from '../../../contract/kinds.ts'
import { type App, type Host, startApp } from '../../app.ts'
import { helpText, readConfig, resolveSettings } from '../../config.ts'
import { lockDataDir, usualDataDir } from '../data-dir.ts'
import { demoLog } from '../demo-ready.ts'
import { hubAddress } from '../hub-address.ts'
import { leave } from '../leave.ts'
import { faceModelFolder, loadManifest } from '../manifest.ts'
import { Access } from './access.ts'
import { demoStarter } from './demo-site.ts'
import { createHttp } from './http.ts'
import { ownNames } from './names.ts'
import { serveScreens } from './screen-socket.ts'

/** BSD's EX_SOFTWARE: the supervisor should start us again; it does after a SIGKILL too. */
const bugExit = 70

export async function runNodeShell(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (argv.includes('--help')) {
    process.stdout.write(helpText())
    return
  }
  process.umask(0o077)
  try {
    await run(argv, env)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    console.error(`${error.message}\n${error.tip}`)
    process.exitCode = 2
  }
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(argv, env)
  const dataDir = resolve(resolveSettings(config, {}).dataDir || usualDataDir(env))
  const unlock = lockDataDir(dataDir)
  const logSink = destination({
    dest: join(dataDir, 'watchfloor.log'),
    append: true,
    mkdir: true,
    sync: false,
  })
  logSink.on('error', () => {}) // a full disk must not end the app because of its log

  const access = new Access(dataDir)
  // Beside the bundle in an installation; in the project's output folder when run from source.
  const bundled = import.meta.dirname.endsWith(join('out', 'main'))
  const out = bundled ? resolve(import.meta.dirname, '..') : resolve(import.meta.dirname, '../../../../out')
  let origin = ''
  const urlFor = (role: Role) => `${origin}/#token=${access.token(role)}`
  const startDemo = demoStarter(join(out, 'main', 'demo-site.js'), demoLog(resolveSettings(config, {}).demo))
  const host: Host = {
    dataDir,
    version: packageFile.version,
    shell: 'node',
    logSink,
    access: {
      links: () => roles.map((role) => ({ role, url: urlFor(role) })),
      rotate: async (role) => access.rotate(role),
    },
    ...(startDemo === undefined ? {} : { startDemo }),
  }
  const app = await startApp(config, host)
  const { host: bindHost, port } = app.settings()
  let names: ReadonlySet<string> = new Set()
  const manifest = loadManifest(join(out, 'renderer'))
  manifest.addModels(faceModelFolder(app.settings().faceModels, resolve(out, '..')))
  const http = createHttp({ app, access, manifest, names: () => names })
  const closeScreens = serveScreens({ app, access, http, names: () => names })
  const close = async () => {
    closeScreens()
    http.closeAllConnections()
    http.close()
    await app.close()
    unlock()
  }
  const bound = await listen(http, bindHost, port).catch(async (error: unknown) => {
    await close() // with its links open it would never end
    throw error
  })
  names = ownNames(bindHost, bound)
  origin = `http://${bindHost === '0.0.0.0' || bindHost === '::' ? '127.0.0.1' : bindHost}:${bound}`

  endCleanly(app, close)
  const hub = await hubAddress(app)
  const ready = { url: urlFor('admin'), hub, health: `${origin}/api/health`, token: access.token('admin') }
  process.stdout.write(`ready ${JSON.stringify(ready)}\n`)
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        new Fault(
          'busy',
          taken ? `Port ${port} on ${host} is taken` : `Cannot listen on ${host}:${port}: ${error.message}`,
          'Choose another with --port, or 0 to let the system choose.',
        ),
      )
    })
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Signals end the app within 3 s; an unexpected error ends it within one, in a way that asks to be started again. */
function endCleanly(app: App, close: () => Promise<void>): void {
  let ending = false
  const exit = (code: number) =>
    void leave(
      app.log,
      () => app.store.close(),
      () => process.exit(code),
    )
  const end = () => {
    if (ending) return
    ending = true
    setTimeout(() => exit(0), 2000).unref()
    close().then(
      () => exit(0),
      (error: unknown) => crash('close-failed', error),
    )
  }
  const crash = (event: string, error: unknown) => {
    app.log.error(event, { error: error instanceof Error ? error : new Error(String(error)) })
    console.error(`${event}: ${error instanceof Error ? error.stack : String(error)}`)
    exit(bugExit)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('SIGHUP', end)
  process.on('uncaughtException', (error) => crash('uncaught-exception', error))
  process.on('unhandledRejection', (error) => crash('unhandled-rejection', error))
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // a closed pipe is not our end
}
