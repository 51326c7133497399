/** What the desktop shell serves to its page, and everything it refuses the page. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { contentSecurityPolicy } from '../../src/main/shell/policy.ts'
import { ensureBuilt, play } from './play.ts'

ensureBuilt()
const out = fileURLToPath(new URL('../../out/', import.meta.url))

describe('app://control', () => {
  const manifest = JSON.parse(readFileSync(join(out, 'renderer/manifest.json'), 'utf8')) as Record<
    string,
    { file: string; type: string }
  >
  interface Answer {
    readonly url: string
    readonly method: string
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly sizeBytes: number
  }

  async function ask(asked: readonly { url: string; method?: string }[]): Promise<Answer[]> {
    const urls = asked.map(({ url, method = 'GET' }) => ({ url, method }))
    const run = await play<{ answers: Answer[] }>('protocol', {
      env: { SCENARIO_URLS: JSON.stringify(urls) },
    })
    return run.answers
  }

  test('serves every file of the manifest with its type and the policy', async () => {
    const answers = await ask(Object.keys(manifest).map((path) => ({ url: `app://control${path}` })))
    for (const { url, status, headers, sizeBytes } of answers) {
      const entry = manifest[url.slice('app://control'.length)]
      expect({ url, status, type: headers['content-type'], sizeBytes }).toEqual({
        url,
        status: 200,
        type: entry?.type,
        sizeBytes: statSync(join(out, 'renderer', entry?.file ?? '')).size,
      })
      expect(headers).toMatchObject({
        'content-security-policy': contentSecurityPolicy([]),
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })

  test('the policy allows nothing inline, no eval and no other place', () => {
    // Compiling WebAssembly is allowed by a word of its own; nothing else that is unsafe may be.
    const policy = contentSecurityPolicy([]).replace(
      "script-src 'self' 'wasm-unsafe-eval';",
      "script-src 'self';",
    )
    expect(policy).not.toMatch(/unsafe|data:|https?:|wss?:|\*/)
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
      expect(policy).toContain(rule)
    expect(contentSecurityPolicy(['ws://127.0.0.1:1'])).toContain("connect-src 'self' ws://127.0.0.1:1;")
  })

  test('refuses every other method', async () => {
    const methods = ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']
    const answers = await ask(methods.map((method) => ({ url: 'app://control/', method })))
    expect(answers.map(({ status, sizeBytes }) => ({ status, sizeBytes }))).toEqual(
      methods.map(() => ({ status: 405, sizeBytes: 0 })),
    )
  })

  test('HEAD has the headers and no body', async () => {
    const [answer] = await ask([{ url: 'app://control/', method: 'HEAD' }])
    expect(answer).toMatchObject({ status: 200, sizeBytes: 0 })
  })

  test('does not know any other path or host', async () => {
    const paths = [
      '/index.html',
      '/manifest.json',
      '/../main/index.js',
      '/..%2fmain/index.js',
      '/%2e%2e/main/index.js',
      '/..\\main\\index.js',
      '/assets/../../main/index.js',
      '/assets/..%5c..%5cmain/index.js',
      '//etc/passwd',
      '/etc/passwd',
      '/./',
      '/%2f',
      '/%00',
      '/assets/%00.js',
      '/assets',
      '/assets/',
      '/package.json',
      '/__proto__',
      '/constructor',
      '/toString',
      '/file:///etc/passwd',
      '/assets/x.js',
      '/C:/windows/win.ini',
      '/〱',
    ].map((path) => `app://control${path}`)
    const hosts = ['app://other/', 'app://control.evil/', 'app://control:80/', 'app://CONTROL/', 'app:///']
    const answers = await ask([...paths, ...hosts].map((url) => ({ url })))
    const found = answers.filter(({ status }) => status !== 404).map(({ url, status }) => ({ url, status }))
    // A dot segment is resolved by the URL itself and leaves the front page.
    expect(found).toEqual([{ url: 'app://control/./', status: 200 }])
  })
})

describe('guards', () => {
  const foreign = [
    'https://evil.example/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'about:blank',
    'data:text/html,hi',
    'javascript:alert(1)',
    'app://control.evil.example/',
    'app://other/',
    'app://control@evil.example/',
    'app://user@control/',
    'app:control',
    'apps://control/',
    'blob:https://evil.example/1',
    'ws://127.0.0.1:1/',
    'not a url',
  ]

  interface PerSession {
    readonly refused: readonly boolean[][]
    readonly device: boolean
    readonly spelling: boolean
    readonly loads: Readonly<Record<string, boolean>>
  }

  test('no window, no navigation, no permission, no device, no network, no download but an export', async () => {
    const ours = ['app://control/', 'app://control/assets/x.js']
    const run = await play<{
      open: object
      walls: Record<string, { action: string; overrideBrowserWindowOptions?: { webPreferences: object } }>
      navigations: Record<string, boolean[]>
      ui: PerSession
      usual: PerSession
      downloads: Record<string, { prevented: boolean; options: object | null }>
    }>('guards', { env: { SCENARIO_URLS: JSON.stringify([...foreign, ...ours, 'blob:app://control/1']) } })
    expect(run.open).toEqual({ action: 'deny' })
    const [wall, ...others] = Object.values(run.walls)
    expect(wall).toMatchObject({
      action: 'allow',
      overrideBrowserWindowOptions: {
        webPreferences: {
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          preload: expect.stringMatching(/out.preload.index\.cjs$/),
          partition: 'persist:ui',
        },
      },
    })
    expect(others).toHaveLength(8)
    for (const other of others) expect(other).toEqual({ action: 'deny' })
    for (const url of foreign)
      expect({ url, is: run.navigations[url] }).toEqual({ url, is: [true, true, true] })
    for (const url of ours)
      expect({ url, is: run.navigations[url] }).toEqual({ url, is: [false, false, false] })
    expect(run).toMatchObject({
      inFrame: true,
      webview: true,
      bluetooth: true,
      serial: true,
      hid: true,
      usb: true,
      certificate: true,
      trusted: false,
    })
    for (const session of [run.ui, run.usual]) {
      expect(session).toMatchObject({
        copying: [true, true],
        copyingElsewhere: [false, false, false, false],
        looking: [true, true],
        lookingElsewhere: [false, false, false, false, false, false],
        device: false,
        spelling: false,
      })
      expect(session.refused.flat()).not.toContain(true)
      expect(session.refused.flat()).not.toContain(null)
      for (const url of foreign) expect({ url, loads: session.loads[url] }).toEqual({ url, loads: false })
      for (const url of [...ours, 'blob:app://control/1'])
        expect({ url, loads: session.loads[url] }).toEqual({ url, loads: true })
    }
    expect(run.downloads).toEqual({
      export: { prevented: false, options: { defaultPath: 'alerts.csv' } },
      path: { prevented: false, options: { defaultPath: 'alerts.csv' } },
      program: { prevented: true, options: null },
      web: { prevented: true, options: null },
      otherBlob: { prevented: true, options: null },
      page: { prevented: true, options: null },
      film: { prevented: false, options: { defaultPath: 'Gate.mp4' } },
      noFilm: { prevented: true, options: null },
      otherFilm: { prevented: true, options: null },
    })
  })
})
