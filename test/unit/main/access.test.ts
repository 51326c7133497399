import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataDir } from '../../../src/main/shell/data-dir.ts'
import { Access } from '../../../src/main/shell/node/access.ts'
import { isOwnOrigin, ownNames } from '../../../src/main/shell/node/names.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('access', () => {
  it('knows a role by its secret, keeps it over a restart, in a file only the owner reads', () => {
    const first = new Access(dir)
    const again = new Access(dir)
    for (const role of ['viewer', 'operator', 'admin'] as const)
      expect(again.roleOf(first.token(role))).toBe(role)
    expect(again.roleOf('')).toBeNull()
    expect(again.roleOf(`${first.token('admin')}x`)).toBeNull()
    expect(statSync(join(dir, 'access.json')).mode & 0o077).toBe(0)
  })

  it('ends the old secret of a role when it is rotated, and only that one', () => {
    const access = new Access(dir)
    const before = { viewer: access.token('viewer'), admin: access.token('admin') }
    const rotated: string[] = []
    access.onRotate((role) => rotated.push(role))
    access.rotate('viewer')
    expect(access.roleOf(before.viewer)).toBeNull()
    expect(access.roleOf(before.admin)).toBe('admin')
    expect(rotated).toEqual(['viewer'])
    expect(new Access(dir).roleOf(access.token('viewer'))).toBe('viewer')
  })
})

describe('the names of the server', () => {
  it.each([
    ['127.0.0.1:8080', true],
    ['localhost:8080', true],
    ['[::1]:8080', true],
    ['127.0.0.1:8081', false],
    ['attacker.example:8080', false],
    ['127.0.0.1.attacker.example:8080', false],
    ['', false],
  ])('%s is known: %s', (name, known) => {
    expect(ownNames('127.0.0.1', 8080).has(name)).toBe(known)
  })

  it.each([
    [undefined, true],
    ['http://127.0.0.1:8080', true],
    ['http://localhost:8080', true],
    ['https://127.0.0.1:8080', false],
    ['http://127.0.0.1:9999', false],
    ['http://attacker.example', false],
    ['null', false],
    ['', false],
  ])('a page from %s may connect: %s', (origin, may) => {
    expect(isOwnOrigin(origin, ownNames('127.0.0.1', 8080))).toBe(may)
  })
})

describe('the data folder', () => {
  it('is used by one Watchfloor at a time, and taken over from one that is gone', async () => {
    const { spawn } = await import('node:child_process')
    const holder = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { lockDataDir } from ${JSON.stringify(new URL('../../../src/main/shell/data-dir.ts', import.meta.url).href)}; lockDataDir(${JSON.stringify(dir)}); console.log('held'); process.stdin.resume()`,
    ])
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    expect(() => lockDataDir(dir)).toThrow(/Another Watchfloor/)
    const gone = new Promise((resolve) => holder.once('exit', resolve))
    holder.kill('SIGKILL')
    await gone
    lockDataDir(dir)()
  })
})
