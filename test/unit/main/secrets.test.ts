/** The file of secrets on a real disk: its mode, its damage, its encryption, and that its text is nowhere else. */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { LinkId } from '../../../src/contract/links.ts'
import { createLog, type Log } from '../../../src/main/log.ts'
import { openSecrets, type Protect } from '../../../src/main/secrets.ts'

const front = LinkId.parse('front')
const back = LinkId.parse('back')
let dir: string
let file: string
let written: string
let log: Log

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-secrets-'))
  file = join(dir, 'secrets.json')
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  written = ''
  const write = (line: string) => {
    written += line
  }
  log = createLog({ write }, 'debug')
})

/** Encrypts with a pad of its own, as a system does with a key of its own: another one cannot read it. */
function keyring(backend = 'gnome_libsecret', state = { isStale: false, isLocked: false }): Protect {
  const pad = randomBytes(256)
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => byte ^ (pad[at % pad.length] ?? 0)))
  const mark = randomBytes(8)
  const check = () => {
    if (state.isLocked) throw new Error('the keyring is locked')
  }
  return {
    backend,
    async encrypt(text) {
      check()
      return Buffer.concat([mark, turn(Buffer.from(text))]).toString('base64')
    },
    async decrypt(text) {
      check()
      const bytes = Buffer.from(text, 'base64')
      if (!bytes.subarray(0, 8).equals(mark)) throw new Error('another key')
      return { text: turn(bytes.subarray(8)).toString(), isStale: state.isStale }
    },
  }
}

const text = () => readFileSync(file, 'utf8')
const mode = (path: string) => statSync(path).mode & 0o777

describe('without protection', () => {
  it('keeps a value over a restart, for this account only, says so once, and forgets it', async () => {
    const secrets = await openSecrets(dir, undefined, log)
    expect(secrets.kept(front)).toBe('none')
    await secrets.slot(front).write('s3cret')
    await secrets.slot(back).write('other')
    expect(mode(file)).toBe(0o600)
    const again = await openSecrets(dir, undefined, log)
    expect(await again.slot(front).read()).toBe('s3cret')
    expect(again.kept(front)).toBe('file')
    await again.forget(front)
    expect(await again.slot(front).read()).toBeNull()
    expect(text()).not.toContain('s3cret')
    expect(await (await openSecrets(dir, undefined, log)).slot(back).read()).toBe('other')
    // Once by the first start, once by each of the two that found it so.
    expect(written.match(/secrets-in-plain-file/g)).toHaveLength(3)
    expect(written).not.toContain('s3cret')
  })

  it('treats a keyring with a key that everybody knows as none', async () => {
    const secrets = await openSecrets(dir, keyring('basic_text'), log)
    await secrets.slot(front).write('s3cret')
    expect(secrets.kept(front)).toBe('file')
    expect(JSON.parse(text()).secrets.front).toEqual({ kept: 'file', backend: 'basic_text', value: 's3cret' })
    expect(written).toContain('secrets-in-plain-file')
  })

  it('makes the folder private, and narrows a file and a leftover that came with wider rights', async () => {
    const inner = join(dir, 'new')
    const secrets = await openSecrets(inner, undefined, log)
    expect(mode(inner)).toBe(0o700)
    const leftover = join(inner, 'secrets.json.new')
    writeFileSync(leftover, 'half', { mode: 0o644 })
    await secrets.slot(front).write('s3cret')
    expect(mode(join(inner, 'secrets.json'))).toBe(0o600)
    expect(existsSync(leftover)).toBe(false)
    chmodSync(join(inner, 'secrets.json'), 0o644)
    await openSecrets(inner, undefined, log)
    expect(mode(join(inner, 'secrets.json'))).toBe(0o600)
  })

  it('loses none of many writes at once, and ends with the last of each', async () => {
    const secrets = await openSecrets(dir, undefined, log)
    const ids = Array.from({ length: 20 }, (_, n) => LinkId.parse(`link-${n}`))
    await Promise.all(ids.flatMap((id) => [1, 2, 3].map((n) => secrets.slot(id).write(`${id}:${n}`))))
    const again = await openSecrets(dir, undefined, log)
    expect(await Promise.all(ids.map((id) => again.slot(id).read()))).toEqual(ids.map((id) => `${id}:3`))
  })

  it('says that it could not be kept, and what was kept before stays', async () => {
    const secrets = await openSecrets(dir, undefined, log)
    await secrets.slot(front).write('first')
    mkdirSync(`${file}.new`) // whatever the reason: the new file cannot be written
    await expect(secrets.slot(front).write('second')).rejects.toMatchObject({ code: 'storage' })
    expect(await secrets.slot(front).read()).toBe('first')
    rmSync(`${file}.new`, { recursive: true })
    await secrets.slot(front).write('third')
    expect(await secrets.slot(front).read()).toBe('third')
  })
})

describe('a damaged file', () => {
  it.each([
    '{"version":1,"secrets":{"front":{"kept":"file","backend":"none","value":"s3cret"',
    '',
    '[]',
    '{"version":2}',
  ])('is put aside whole and spoken of without its text: %j', async (damaged) => {
    writeFileSync(file, damaged)
    const secrets = await openSecrets(dir, undefined, log)
    expect(secrets.trouble).toContain('put aside')
    expect(secrets.trouble).not.toContain('s3cret')
    expect(written).toContain('secrets-unreadable')
    expect(written).not.toContain('s3cret')
    expect(await secrets.slot(front).read()).toBeNull()
    await secrets.slot(front).write('new')
    const aside = readdirSync(dir).find((name) => name.startsWith('secrets.json.damaged-'))
    expect(readFileSync(join(dir, aside ?? ''), 'utf8')).toBe(damaged)
    expect((await openSecrets(dir, undefined, log)).trouble).toBeNull()
  })
})

describe('with protection', () => {
  it('keeps nothing readable, and tells listeners how well it is kept', async () => {
    const secrets = await openSecrets(dir, keyring(), log)
    const told: string[] = []
    secrets.onChange((link) => told.push(`${link} ${secrets.kept(link)}`))
    await secrets.slot(front).write('s3cret')
    expect(text()).not.toContain('s3cret')
    expect(await secrets.slot(front).read()).toBe('s3cret')
    await secrets.forget(front)
    expect(told).toEqual(['front os', 'front none'])
    expect(written).toBe('')
  })

  it('reads what another account or machine encrypted as nothing, says to enter it again, and takes it', async () => {
    const mine = await openSecrets(dir, keyring(), log)
    await mine.slot(front).write('s3cret')
    const other = await openSecrets(dir, keyring(), log)
    expect(await other.slot(front).read()).toBeNull()
    expect(await other.slot(front).read()).toBeNull()
    expect(other.kept(front)).toBe('none')
    expect(written.match(/secret-unreadable/g)).toHaveLength(1)
    expect(written).toContain('enter it again')
    await other.slot(front).write('again')
    expect([await other.slot(front).read(), other.kept(front)]).toEqual(['again', 'os'])
  })

  it('reads it again once a locked keyring is open', async () => {
    const state = { isStale: false, isLocked: false }
    const secrets = await openSecrets(dir, keyring('kwallet6', state), log)
    await secrets.slot(front).write('s3cret')
    state.isLocked = true
    expect(await secrets.slot(front).read()).toBeNull()
    await expect(secrets.slot(back).write('x')).rejects.toMatchObject({ code: 'storage' })
    state.isLocked = false
    expect(await secrets.slot(front).read()).toBe('s3cret')
    expect(secrets.kept(front)).toBe('os')
  })

  it('encrypts again what the system calls stale, and what lay in the file before', async () => {
    await (await openSecrets(dir, undefined, log)).slot(front).write('s3cret')
    const state = { isStale: false, isLocked: false }
    const secrets = await openSecrets(dir, keyring('kwallet6', state), log)
    expect(await secrets.slot(front).read()).toBe('s3cret')
    expect([secrets.kept(front), text().includes('s3cret')]).toEqual(['os', false])
    state.isStale = true
    const before = statSync(file).ino
    expect(await secrets.slot(front).read()).toBe('s3cret')
    expect(statSync(file).ino).not.toBe(before)
  })

  it('opened by a start without it stays on the disk for the next one that has it', async () => {
    const ring = keyring()
    await (await openSecrets(dir, ring, log)).slot(front).write('s3cret')
    const plain = await openSecrets(dir, undefined, log)
    expect([plain.kept(front), await plain.slot(front).read()]).toEqual(['none', null])
    await plain.slot(back).write('other')
    expect(await (await openSecrets(dir, ring, log)).slot(front).read()).toBe('s3cret')
  })
})
