/** How a scenario drives the built bundle: starts it, reaches its page, asks it something, waits for its end. */
import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { Api } from '../../src/contract/api.ts'
import { apiVersion } from '../../src/contract/version.ts'
import { createClient } from '../../src/rpc/client.ts'
import { portWire } from '../../src/rpc/port-wire.ts'
import { app, BrowserWindow, session } from '../fakes/electron.ts'
import type { Page } from '../fakes/electron-page.ts'
import type { FakeSession } from '../fakes/electron-session.ts'

export const bundle = new URL('../../out/main/index.js', import.meta.url).href
export const preload = new URL('../../out/preload/index.cjs', import.meta.url)

export interface Running {
  readonly window: BrowserWindow
  readonly ready: { readonly url: string; readonly hub: string }
  readonly session: FakeSession
}

/** Loads the bundle and waits for its ready line. */
export async function start(): Promise<Running> {
  const said = new Promise<Running['ready']>((resolve) => {
    const write = process.stdout.write.bind(process.stdout)
    process.stdout.write = (chunk: string | Uint8Array) => {
      const line = chunk.toString()
      if (line.startsWith('ready {')) resolve(JSON.parse(line.slice('ready '.length)))
      return write(chunk)
    }
  })
  await import(bundle)
  const ready = await said
  const [window] = BrowserWindow.all
  if (window === undefined) throw new Error('no window')
  return { window, ready, session: session.fromPartition('persist:ui') }
}

export async function ended(): Promise<number> {
  if (app.exitCode === null) await once(app, 'stand-in-exit')
  return app.exitCode ?? -1
}

export async function clientOver(port: MessagePort) {
  const client = createClient<Api>(async () => portWire(port), { version: apiVersion })
  await new Promise<void>((resolve) => client.onStatus((status) => status.is === 'ready' && resolve()))
  return client
}

export async function pagePort(page: Page): Promise<MessagePort> {
  const [port] = (await page.firstPosted()).ports
  if (port === undefined) throw new Error('the page got no port')
  return port
}

/** Emits an event that can be prevented; true when it was. */
export function prevented(
  target: { emit(name: string, ...args: unknown[]): boolean },
  name: string,
  more: object,
  ...args: unknown[]
) {
  let isPrevented = false
  target.emit(name, { ...more, preventDefault: () => (isPrevented = true) }, ...args)
  return isPrevented
}

export async function quit(): Promise<{ code: number }> {
  app.quit()
  return { code: await ended() }
}
