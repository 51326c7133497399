/** The desktop shell's pure rules: which address is ours, which switch is refused, which argument is an option of ours. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { ownOptions } from '../../../src/main/shell/electron/options.ts'
import { isOurs } from '../../../src/main/shell/electron/origin.ts'
import { refusedSwitch } from '../../../src/main/shell/electron/switches.ts'
import { loadWindowState } from '../../../src/main/shell/electron/window-state.ts'
import { loadManifest } from '../../../src/main/shell/manifest.ts'

test('an address is ours by its parsed scheme and host, for any text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.string(),
        fc.string().map((path) => `app://control${path}`),
      ),
      (text) => {
        const url = URL.parse(text)
        const expected =
          url !== null &&
          url.protocol === 'app:' &&
          url.host === 'control' &&
          url.username === '' &&
          url.password === ''
        expect(isOurs(text)).toBe(expected)
      },
    ),
  )
  expect(isOurs('app://control/')).toBe(true)
  expect(isOurs('app://control.evil/')).toBe(false)
})

test('dangerous switches are found in any case, ordinary arguments are not', () => {
  expect(refusedSwitch(['watchfloor', '--INSPECT-brk'])).toBe('--INSPECT-brk')
  expect(refusedSwitch(['watchfloor', '--proxy-server=x'])).toBe('--proxy-server=x')
  expect(refusedSwitch(['watchfloor', '--host-resolver-rules=MAP * x'])).toBeDefined()
  expect(
    refusedSwitch(['watchfloor', '--hub-port', '1', '--data-dir=/tmp', '--original-process-start-time=1']),
  ).toBeUndefined()
})

test('our options are picked out of what Chromium and Electron add', () => {
  const argv = [
    'electron',
    '.',
    '--no-sandbox',
    '--hub-port',
    '0',
    '--data-dir=/a=b',
    '--type=x',
    '--site-name',
    '--odd',
  ]
  expect(ownOptions(argv)).toEqual(['--hub-port=0', '--data-dir=/a=b', '--site-name=--odd'])
})

test('a window is put back only where a person can take hold of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-window-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1040 },
    { x: 1920, y: -200, width: 1280, height: 1024 },
  ]
  const at = (x: number, y: number) => {
    const state = { x, y, width: 1000, height: 700, maximized: false, fullScreen: false }
    writeFileSync(join(folder, 'window.json'), JSON.stringify(state))
    return loadWindowState(folder, screens)
  }
  expect(at(10, 10)).toMatchObject({ x: 10, y: 10 })
  expect(at(-800, 10)).toMatchObject({ x: -800 })
  expect(at(2000, -100)).toMatchObject({ x: 2000, y: -100 })
  for (const [x, y] of [
    [-950, 10],
    [10, -300],
    [10, 1030],
    [4000, 0],
    [10, 5000],
  ] as const)
    expect(at(x, y), `${x},${y}`).not.toHaveProperty('x')
})

test('a manifest that names a file outside its folder is not accepted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-manifest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const load = (file: string) => {
    const entry = { file, type: 'text/html', sha256: '0'.repeat(64) }
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ '/': entry }))
    return loadManifest(folder)
  }
  expect(load('assets/index-abc.js').find('/')?.file).toBe('assets/index-abc.js')
  expect(load('index.html').find('/__proto__')).toBeUndefined()
  for (const file of ['../main/index.js', '/etc/passwd', 'a/../../b', '.env', 'a//b', 'a\\b'])
    expect(() => load(file), file).toThrow()
})
