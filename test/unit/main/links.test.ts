/** Links and their handlers over a real store and real files; the drivers are the test's own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AccountUser } from '../../../src/contract/accounts.ts'
import { CameraId } from '../../../src/contract/cameras.ts'
import { LinkId, type LinkProfile } from '../../../src/contract/links.ts'
import { planFor } from '../../../src/contract/plans.ts'
import { linkHandlers } from '../../../src/main/api/links.ts'
import { type App, startApp } from '../../../src/main/app.ts'
import { readConfig } from '../../../src/main/config.ts'
import { DemoSite } from '../../../src/main/demo.ts'
import type { Dispatch } from '../../../src/main/dispatch.ts'
import { drivers as realDrivers } from '../../../src/main/drivers/index.ts'
import { systemClock } from '../../../src/main/io/clock.ts'
import type { Accounts, Driver, LinkContext, RunningLink, SecretSlot } from '../../../src/main/link.ts'
import { type Drivers, Links } from '../../../src/main/links.ts'
import { openSecrets, type Secrets } from '../../../src/main/secrets.ts'
import { cameraRow, newEvent } from './detections.ts'

type Named<N extends LinkProfile['driver']> = Extract<LinkProfile, { driver: N }>

const front = LinkId.parse('front')
const server = LinkId.parse('server')
const canary = 'canary-Q7'

const client: Named<'openeye-client'> = {
  id: front,
  driver: 'openeye-client',
  name: 'Front',
  enabled: true,
  url: 'http://127.0.0.1:9',
  ladder: 'lan',
  pollMs: 60_000,
  zone: 'utc',
  recognitionZone: 'local',
  keepStreams: false,
}
const ours: Named<'openeye-server'> = {
  id: server,
  driver: 'openeye-server',
  name: 'Ours',
  enabled: true,
  host: '127.0.0.1',
  port: 8001,
  origins: [],
  broadcastMs: 5000,
  tokenMinutes: 30,
}

let dir: string
let app: App
let links: Links
let secrets: Secrets
let opened: string[]
let tested: (string | null)[]
let asked: unknown[][]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-links-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  app = await start(dir)
  opened = []
  tested = []
  asked = []
  secrets = await openSecrets(join(dir, 'own'), undefined, app.log)
  links = new Links({
    store: app.store,
    live: app.live,
    clock: systemClock,
    log: app.log,
    drivers: ownDrivers(),
    secrets,
    settings: app.settings,
    changeSetting: async () => {},
    ingest: () => ({}) as never,
    site: () => ({}) as never,
  })
  onTestFinished(() => links.closeAll())
})

async function start(dataDir: string): Promise<App> {
  const lines: string[] = []
  const made = await startApp(readConfig(['--hub-port', '0', '--log-level', 'debug'], {}), {
    dataDir,
    version: '0.0.0',
    shell: 'node',
    logSink: {
      write: (line: string) => {
        lines.push(line)
        writeFileSync(join(dataDir, 'watchfloor.log'), lines.join(''))
      },
    },
  })
  onTestFinished(() => made.close())
  return made
}

function ownDrivers(): Drivers {
  const accounts: Accounts = {
    async users() {
      return [
        { user: 'linh', role: 'viewer', connections: 1, requests: 2, lastLoginAt: null },
      ] satisfies AccountUser[]
    },
    save: async (...args) => void asked.push(['save', ...args]),
    remove: async (...args) => void asked.push(['remove', ...args]),
    revoke: async (...args) => void asked.push(['revoke', ...args]),
    rotateKey: async () => void asked.push(['rotate']),
    broadcast: (...args) => asked.push(['broadcast', ...args]),
  }
  const running: RunningLink = {
    deliver: async () => ({ is: 'refused', reason: 'no' }),
    retry() {},
    forget() {},
    async close() {
      opened.push('closed')
    },
  }
  const read = async (profile: LinkProfile, secret: SecretSlot) => {
    tested.push(await secret.read())
    await secret.write('learned while testing')
    return { ok: true, steps: [{ ok: true, text: profile.name }] }
  }
  const openEyeClient: Driver<Named<'openeye-client'>> = {
    name: 'openeye-client',
    role: 'dials',
    async open({ profile, secret }: LinkContext<Named<'openeye-client'>>) {
      opened.push(`${profile.url} ${await secret.read()}`)
      return running
    },
    test: read,
    keepCredentials: (credentials) => JSON.stringify(credentials),
  }
  const openEyeServer: Driver<Named<'openeye-server'>> = {
    name: 'openeye-server',
    role: 'listens',
    open: async () => ({ ...running, accounts }),
    test: read,
  }
  return { ...realDrivers, 'openeye-client': openEyeClient, 'openeye-server': openEyeServer }
}

function handlers() {
  const { store, live } = app
  return linkHandlers({ store, live, links, clock: systemClock } as never)
}

const session = { id: 'screen', role: 'admin', user: 'Mai' } as const
const password = (text: string) => ({ is: 'password' as const, user: 'linh', password: text })

async function told(): Promise<string[]> {
  const entries = await app.store.timeline(0, 1000)
  return entries.filter(({ type }) => type === 'account-changed').map(({ by, text }) => `${by}: ${text}`)
}

describe('credentials', () => {
  it('are kept, shown only as kept, noted without their text, and the link opens again with them', async () => {
    await links.save(client, 'Mai')
    expect(app.live.links.get(front)?.secret).toBe('none')
    await links.credentials(front, password(canary), 'Mai')
    expect(app.live.links.get(front)?.secret).toBe('file')
    expect(opened).toEqual([
      `${client.url} null`,
      'closed',
      `${client.url} ${JSON.stringify(password(canary))}`,
    ])
    await links.credentials(front, null, 'Mai')
    expect(app.live.links.get(front)?.secret).toBe('none')
    expect(await told()).toEqual([
      'Mai: Front: credentials set by Mai',
      'Mai: Front: credentials forgotten by Mai',
    ])
  })

  it('go to no other server: a new address forgets them, a test of one does not get them', async () => {
    await links.save(client, 'Mai')
    await links.credentials(front, password(canary), 'Mai')
    const kept = JSON.stringify(password(canary))
    const elsewhere = { ...client, url: 'http://127.0.0.2:9' }
    await links.test(client)
    await links.test(elsewhere)
    await links.test(elsewhere, password('typed'))
    expect(tested).toEqual([kept, null, JSON.stringify(password('typed'))])
    expect(await secrets.slot(front).read()).toBe(kept)
    await links.save({ ...client, name: 'Front door' }, 'Mai')
    expect(await secrets.slot(front).read()).toBe(kept)
    await links.save(elsewhere, 'Mai')
    expect(await secrets.slot(front).read()).toBeNull()
    expect(opened.at(-1)).toBe('http://127.0.0.2:9 null')
  })

  it('are refused where a driver has no use for them, and for a link there is not', async () => {
    await links.save(ours, 'Mai')
    await expect(links.credentials(server, password('x'), 'Mai')).rejects.toMatchObject({ code: 'bad-input' })
    await expect(links.credentials(front, password('x'), 'Mai')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('a profile', () => {
  it.each([
    ['ws://127.0.0.1:9', 'http://'],
    ['127.0.0.1', 'http://'],
    [`http://linh:${canary}@127.0.0.1`, 'Leave it out'],
    [`ftp://linh:${canary}@127.0.0.1`, 'Leave it out'],
  ])('with the address %s is refused, and the words say what to write', async (url, tip) => {
    const refused = await links.save({ ...client, url }, 'Mai').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'bad-input', tip: expect.stringContaining(tip) })
    expect(String(refused)).not.toContain(canary)
    await expect(links.test({ ...client, url })).rejects.toMatchObject({ code: 'bad-input' })
    expect(app.live.links.get(front)).toBeUndefined()
  })

  it('never changes its driver', async () => {
    await links.save(client, 'Mai')
    await expect(links.save({ ...ours, id: front }, 'Mai')).rejects.toMatchObject({ code: 'bad-input' })
    expect(app.live.links.get(front)?.driver).toBe('openeye-client')
  })

  it('removed takes its secret, cameras and people along, and leaves its events', async () => {
    await links.save(client, 'Mai')
    await links.credentials(front, password(canary), 'Mai')
    const [mine, other] = [cameraRow('door'), cameraRow('gate', { link: server })]
    await app.store.keep('camera', mine, other)
    app.live.cameras.set(mine, other)
    const person = {
      id: 'front/An',
      link: front,
    } as never
    await app.store.keep('person', person)
    app.live.people.set(person)
    await app.store.addEvent(newEvent(1))
    await links.remove(front, 'Mai')
    expect(await secrets.slot(front).read()).toBeNull()
    expect((await app.store.kept('camera')).map(({ id }) => id)).toEqual([other.id])
    expect([...app.live.cameras.snapshot()].map(({ id }) => id)).toEqual([other.id])
    expect([await app.store.kept('person'), app.live.people.size]).toEqual([[], 0])
    expect((await app.store.eventPage({}, null, 10)).rows).toHaveLength(1)
  })

  it('saved twice at once is open once', async () => {
    await Promise.all([links.save(client, 'Mai'), links.save(client, 'An'), links.save(client, 'Mai')])
    const isOpen = opened.reduce((open, word) => open + (word === 'closed' ? -1 : 1), 0)
    expect([isOpen, opened.length]).toEqual([1, 5])
  })
})

describe('accounts', () => {
  it('are asked and changed through the running server, and who did what is noted without a password', async () => {
    await links.save(ours, 'Mai')
    const api = handlers()
    const { signal } = new AbortController()
    const id = server
    expect(await api['links.users']({ id }, session, signal)).toMatchObject({ users: [{ user: 'linh' }] })
    await api['links.users.save']({ id, user: 'an', role: 'operator', password: canary }, session, signal)
    await api['links.users.save']({ id, user: 'an', role: 'viewer' }, session, signal)
    await api['links.users.revoke']({ id, user: 'an' }, session, signal)
    await api['links.users.remove']({ id, user: 'an' }, session, signal)
    await api['links.key.rotate']({ id }, session, signal)
    const sent = await api['links.broadcast']({ id, text: 'Fire drill at 10' }, session, signal)
    expect(sent).toEqual({ sockets: 6 })
    expect(asked).toEqual([
      ['save', 'an', 'operator', canary],
      ['save', 'an', 'viewer', undefined],
      ['revoke', 'an'],
      ['remove', 'an'],
      ['rotate'],
      ['broadcast', 'Fire drill at 10', 'Mai', undefined],
    ])
    const words = await told()
    expect(words).toHaveLength(6)
    expect(words[0]).toBe('Mai: Ours: an saved as operator, with a new password')
    expect(words.join()).not.toContain(canary)
  })

  it('say which links have none, and which are switched off', async () => {
    await links.save(client, 'Mai')
    await links.save({ ...ours, enabled: false }, 'Mai')
    const users = handlers()['links.users']
    const ask = async (id: LinkId) => users({ id }, session, new AbortController().signal)
    await expect(ask(front)).rejects.toMatchObject({ code: 'not-found', message: 'Front has no accounts' })
    await expect(ask(server)).rejects.toMatchObject({ code: 'link-down', message: 'Ours is switched off' })
  })
})

describe('the demo site', () => {
  it('brings what it offers as links with credentials, plans and walls, and takes all of it away again', async () => {
    const id = LinkId.parse('demo-openeye')
    const plan = { ...planFor(CameraId.parse('demo-openeye/gate')), record: true }
    const wall = { id: 'demo-wall', name: 'Demo', columns: 2, tiles: [] }
    const credentials = { is: 'password', user: 'linh', password: canary } as const
    const people = [{ name: 'Mai (demo)', photos: [{ mime: 'image/jpeg' as const, base64: 'AA==' }] }]
    const offer = {
      links: [{ profile: { ...client, id }, credentials }],
      plans: [plan],
      walls: [wall],
      people,
    }
    const changes: unknown[] = []
    const dispatch: Pick<Dispatch, 'now'> = {
      async now(order) {
        if (order.type === 'change-library') changes.push(order.change)
        return { roundTripMs: 0 }
      },
    }
    let stops = 0
    const start = async () => ({ offer, stop: async () => void stops++ })
    const demo = new DemoSite({ live: app.live, store: app.store, dispatch, log: app.log, links, start })
    await Promise.all([demo.start(), demo.start()])
    expect(app.live.links.get(id)).toMatchObject({ name: client.name, secret: 'file' })
    expect([app.live.plans.get(plan.id), app.live.walls.get(wall.id)]).toEqual([plan, wall])
    expect(changes).toMatchObject([{ do: 'add-person' }, { do: 'add-photo', photo: people[0]?.photos[0] }])
    expect(demo.running()).toBe(true)
    await demo.stop()
    expect([app.live.links.get(id), demo.running(), stops]).toEqual([undefined, false, 1])
    expect([app.live.plans.size, app.live.walls.size]).toEqual([0, 0])
    expect(await app.store.kept('plan')).toEqual([])
    expect(await secrets.slot(id).read()).toBeNull()
  })
})

describe('on the disk', () => {
  it('a secret is in secrets.json and nowhere else', async () => {
    const api = app.handlers
    const { signal } = new AbortController()
    await api['links.save']({ profile: client }, session, signal)
    await api['links.credentials']({ id: front, credentials: password(canary) }, session, signal)
    const token = { is: 'token' as const, token: `${canary}-token` }
    await api['links.test']({ profile: client, credentials: token }, session, signal)
    await api['links.credentials']({ id: front, credentials: token }, session, signal)
    const holding = () =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(canary))
        .map(({ name }) => name)
    expect(holding()).toEqual(['secrets.json'])
    await app.close()
    expect(holding()).toEqual(['secrets.json'])
  })
})
