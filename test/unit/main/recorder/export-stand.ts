/** An app with its HTTP side, and a screen that exports as the page does: over the feed, then from the address it is told. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Api } from '../../../../src/contract/api.ts'
import type { CameraId } from '../../../../src/contract/cameras.ts'
import type { Fault } from '../../../../src/contract/fault.ts'
import type { InputOf } from '../../../../src/contract/kinds.ts'
import type { ExportStep } from '../../../../src/contract/recordings.ts'
import { type App, startApp } from '../../../../src/main/app.ts'
import { readConfig } from '../../../../src/main/config.ts'
import { loadManifest } from '../../../../src/main/shell/manifest.ts'
import { Access } from '../../../../src/main/shell/node/access.ts'
import { createHttp } from '../../../../src/main/shell/node/http.ts'
import { ownNames } from '../../../../src/main/shell/node/names.ts'
import type { Client } from '../../../../src/rpc/client.ts'
import { screen } from '../screen.ts'
import { discard, scratch } from './frames.ts'

export interface Stand {
  readonly app: App
  readonly client: Client<Api>
  readonly origin: string
  readonly dir: string
  look(role: 'viewer' | 'operator' | 'admin'): Promise<Client<Api>>
  close(): Promise<void>
}

export async function startStand(): Promise<Stand> {
  const dir = scratch()
  const config = readConfig(
    ['--hub-port', '0', '--time-zone', 'Asia/Ho_Chi_Minh', '--site-name', 'Depot'],
    {},
  )
  const app = await startApp(config, {
    dataDir: dir,
    version: '1.2.3',
    shell: 'node',
    logSink: { write() {} },
  })
  const page = join(dir, 'page')
  mkdirSync(page)
  writeFileSync(join(page, 'manifest.json'), '{}')
  let names: ReadonlySet<string> = new Set()
  const server = createHttp({
    app,
    access: new Access(dir),
    manifest: loadManifest(page),
    names: () => names,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  names = ownNames('127.0.0.1', port)
  const clients: Client<Api>[] = []
  const look = async (role: 'viewer' | 'operator' | 'admin') => {
    const client = await screen((wire, session) => app.serve(wire, session), role)
    clients.push(client)
    return client
  }
  return {
    ...{ app, dir, look, client: await look('admin'), origin: `http://127.0.0.1:${port}` },
    async close() {
      for (const client of clients) client.close()
      server.closeAllConnections()
      server.close()
      await app.close()
      discard(dir)
    },
  }
}

export type Wish = InputOf<Api['recordings.export']>
type Step<S extends ExportStep['is']> = Extract<ExportStep, { is: S }>

export interface Asked {
  readonly ready: Promise<Step<'ready'>>
  readonly end: Promise<{ step: Step<'done'> | Step<'failed'>; paper: Buffer }>
  leave(): void
}

export function ask(client: Client<Api>, wish: Wish): Asked {
  const ready = Promise.withResolvers<Step<'ready'>>()
  const end = Promise.withResolvers<{ step: Step<'done'> | Step<'failed'>; paper: Buffer }>()
  const refused = (fault: Fault) => {
    ready.reject(fault)
    end.reject(fault)
  }
  // Who waits for the one need not wait for the other.
  for (const { promise } of [ready, end]) promise.catch(() => {})
  const leave = client.feed(
    'recordings.export',
    wish,
    (step, bytes) => {
      if (step.is === 'ready') ready.resolve(step)
      if (step.is === 'failed') ready.reject(Object.assign(new Error(step.message), step))
      if (step.is === 'done' || step.is === 'failed') end.resolve({ step, paper: Buffer.from(bytes) })
    },
    refused,
  )
  return { ready: ready.promise, end: end.promise, leave }
}

export interface Exported {
  readonly file: string
  readonly bytes: Buffer
  readonly sha256: string
  readonly step: Step<'done'>
  // biome-ignore lint/suspicious/noExplicitAny: what a person reads, looked at field by field
  readonly paper: any
}

/** The whole of it, in a file of the stand's folder. */
export async function exported(stand: Stand, wish: Wish, client = stand.client): Promise<Exported> {
  const asked = ask(client, wish)
  const { path, name } = await asked.ready
  const answer = await fetch(stand.origin + path)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const { step, paper } = await asked.end
  asked.leave()
  if (step.is === 'failed') throw new Error(step.message)
  const file = join(stand.dir, name)
  writeFileSync(file, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { file, bytes, sha256, step, paper: JSON.parse(paper.toString()) }
}

/** Every frame there is of the span. */
export function played(client: Client<Api>, camera: CameraId, fromAt: number, toAt: number) {
  return new Promise<{ at: number; isKey: boolean; bytes: Buffer }[]>((resolve, reject) => {
    const frames: { at: number; isKey: boolean; bytes: Buffer }[] = []
    const stop = client.feed(
      'recordings.play',
      { camera, fromAt, toAt },
      ({ at, video, isLast }, bytes) => {
        if (!isLast) {
          frames.push({ at, isKey: video?.isKey ?? true, bytes: Buffer.from(bytes) })
          return
        }
        queueMicrotask(() => stop())
        resolve(frames)
      },
      reject,
      { ahead: 4 },
    )
  })
}
