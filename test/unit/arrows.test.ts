/** The shape of the source tree, enforced: who may import whom, no cycles, no zod in the page, no file too long, no trace of a machine. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { badArrows, cycles, zodInRenderer } from './arrows/check.ts'
import { importsOf } from './arrows/imports.ts'
import { longFiles } from './arrows/table.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** Tracked files and new ones that are not ignored, so that a file is judged before it is committed. */
function projectFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)))
}

const files = projectFiles()

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

const sources = new Map(
  files.filter((path) => path.startsWith('src/') && /\.tsx?$/.test(path)).map((path) => [path, read(path)]),
)

describe('the source tree', () => {
  test('holds sources', () => {
    expect(sources.size).toBeGreaterThan(20)
  })

  test('has only arrows the table allows', () => {
    expect(badArrows(sources)).toEqual([])
  })

  test('has no import cycles', () => {
    expect(cycles(sources)).toEqual([])
  })

  test('keeps zod out of the page', () => {
    expect(zodInRenderer(sources)).toEqual([])
  })

  test('has no file over 500 lines, and a reason for each over 300', () => {
    const code = files.filter(
      (path) =>
        /^(src|test|bench|scripts)\//.test(path) &&
        /\.(tsx?|mjs|css)$/.test(path) &&
        !path.startsWith('test/fixtures/'),
    )
    const trouble = code.flatMap((path) => {
      const lines = read(path).trimEnd().split('\n').length
      if (lines > 500) return [`${path} has ${lines} lines: split it`]
      if (lines > 300 && longFiles[path] === undefined)
        return [`${path} has ${lines} lines: split it, or list it in table.ts with the reason`]
      return []
    })
    const gone = Object.keys(longFiles).filter((path) => !files.includes(path))
    expect([...trouble, ...gone.map((path) => `${path} is listed as long but is gone`)]).toEqual([])
  })

  test('opens every source file with what it is for', () => {
    const silent = [...sources]
      .filter(([, text]) => !/^(#![^\n]*\n)?\s*(\/\*\*|\/\/)/.test(text))
      .map(([path]) => path)
    expect(silent).toEqual([])
  })

  test('names no machine, no folder beside the project, and leaves nothing to do later', () => {
    // In pieces, so that this file does not find itself.
    const beside = [
      'architecture',
      'operator',
      'protocols',
      'reliability',
      'dependencies',
      'examples',
      'design',
      'seeds',
    ]
    const patterns: readonly [RegExp, string][] = [
      [new RegExp(`(^|[\\s"'\`(=])/${'work'}/`, 'm'), 'a path of the machine it was written on'],
      [new RegExp(`\\b${'shar'}ed/(${beside.join('|')})\\b`), 'a folder that is not in the repository'],
      [new RegExp(`/(${'home'}|${'Users'})/(?!you\\b|me\\b|user\\b)[a-z][\\w.-]+/`), 'a home directory'],
      [new RegExp(`\\b(${'TO'}DO|${'FIX'}ME|${'X'}XX)\\b`), 'an unfinished piece'],
      [
        new RegExp(`\\b(test|it|describe)\\.(${'sk'}ip|${'on'}ly|${'to'}do)\\b`),
        'a test that does not run, or alone',
      ],
    ]
    const text = /\.(tsx?|mjs|cjs|js|json|md|ya?ml|html|css|sh|sql|svg|txt|toml)$|(^|\/)run$/
    const trouble: string[] = []
    for (const path of files) {
      if (!text.test(path) || path === 'package-lock.json' || path === 'test/unit/arrows.test.ts') continue
      const content = read(path)
      for (const [pattern, what] of patterns) {
        const match = pattern.exec(content)
        if (match === null) continue
        const line = content.slice(0, match.index + 1).split('\n').length
        trouble.push(`${path}:${line} "${match[0].trim()}": ${what}`)
      }
    }
    expect(trouble).toEqual([])
  })
})

describe('the check itself', () => {
  const clean = {
    'src/contract/fault.ts': 'export class Fault {}',
    'src/contract/alerts.ts': "import { z } from 'zod'\nexport const Alert = z",
    'src/main/store/store.ts':
      "import type { Alert } from '../../contract/alerts.ts'\nimport Database from 'better-sqlite3'",
    'src/main/live/live.ts': "import type { Alert } from '../../contract/alerts.ts'",
    'src/main/drivers/one/index.ts': "import { x } from './codec.ts'",
    'src/main/drivers/one/codec.ts': "import { Fault } from '../../../contract/fault.ts'",
    'src/main/drivers/two/index.ts': 'export const two = 2',
    'src/renderer/app.tsx':
      "import type { Alert } from '../contract/alerts.ts'\nimport { Fault } from '../contract/fault.ts'",
    'src/rpc/client.ts': "import type { Contract } from '../contract/kinds.ts'",
    'src/contract/kinds.ts': "import { z } from 'zod'",
  }

  function withFile(path: string, text: string): Map<string, string> {
    return new Map(Object.entries({ ...clean, [path]: text }))
  }

  test('finds nothing in a clean tree', () => {
    const tree = new Map(Object.entries(clean))
    expect([...badArrows(tree), ...cycles(tree), ...zodInRenderer(tree)]).toEqual([])
  })

  test.each([
    ['src/contract/alerts.ts', "import { Fault } from 'ws'", 'contract may not import ws'],
    [
      'src/contract/alerts.ts',
      "import type { L } from '../main/live/live.ts'",
      'contract may not import src/main/live',
    ],
    [
      'src/rpc/client.ts',
      "import type { A } from '../contract/alerts.ts'",
      'rpc may not import src/contract/alerts.ts',
    ],
    ['src/rpc/client.ts', "import { Buffer } from 'node:buffer'", 'rpc may not import node:buffer'],
    ['src/rpc/client.ts', "import { z } from 'zod'", 'rpc may not import zod'],
    [
      'src/main/drivers/one/index.ts',
      "import { two } from '../two/index.ts'",
      'driver may not import src/main/drivers/two',
    ],
    [
      'src/main/drivers/one/index.ts',
      "import type { S } from '../../store/store.ts'",
      'driver may not import src/main/store',
    ],
    [
      'src/main/drivers/one/index.ts',
      "const s = await import('../../live/live.ts')",
      'driver may not import src/main/live',
    ],
    ['src/main/drivers/one/index.ts', "import net from 'node:net'", 'driver may not import node:net'],
    [
      'src/main/live/live.ts',
      "import type { S } from '../store/store.ts'",
      'live may not import src/main/store',
    ],
    ['src/main/store/store.ts', "export { l } from '../live/live.ts'", 'store may not import src/main/live'],
    [
      'src/main/store/worker.ts',
      "import '../drivers/one/index.ts'",
      'store may not import src/main/drivers/one',
    ],
    ['src/main/ingest.ts', "import { live } from './live/live.ts'", 'ingest may import only types of'],
    ['src/main/app.ts', "import { app } from 'electron'", 'may not import electron'],
    ['src/main/app.ts', "import { createServer } from 'node:http'", 'may not import node:http'],
    ['src/main/shell/node/server.ts', "import { app } from 'electron'", 'node shell may not import electron'],
    ['src/main/shell/electron/window.ts', "import { x } from '../node/server.ts'", 'there is no'],
    ['src/preload/index.ts', "import { Fault } from '../contract/fault.ts'", 'preload may not import'],
    ['src/renderer/app.tsx', "import { readFileSync } from 'node:fs'", 'renderer may not import node:fs'],
    ['src/renderer/app.tsx', "import { z } from 'zod'", 'renderer may not import zod'],
    [
      'src/renderer/app.tsx',
      "import type { L } from '../main/live/live.ts'",
      'renderer may not import src/main/live',
    ],
    ['src/elsewhere/a.ts', 'export const a = 1', 'no rule in the table'],
  ])('rejects, in %s, %s', (path, text, why) => {
    expect(badArrows(withFile(path, text)).join('\n')).toContain(why)
  })

  test('rejects a contract value in the page when it reaches zod, also through another module', () => {
    const direct = withFile('src/renderer/app.tsx', "import { Alert } from '../contract/alerts.ts'")
    expect(zodInRenderer(direct)).toEqual(['src/renderer/app.tsx → src/contract/alerts.ts → zod'])
    const inline = withFile('src/renderer/app.tsx', "import { type Alert } from '../contract/alerts.ts'")
    expect(zodInRenderer(inline)).toHaveLength(1)
    const through = withFile(
      'src/contract/fault.ts',
      "import { Alert } from './alerts.ts'\nexport const Fault = Alert",
    )
    expect(zodInRenderer(through)).toEqual([
      'src/renderer/app.tsx → src/contract/fault.ts → src/contract/alerts.ts → zod',
    ])
  })

  test('rejects cycles, of types too', () => {
    const tree = withFile('src/contract/fault.ts', "import type { A } from './alerts.ts'")
    tree.set('src/contract/alerts.ts', "import { Fault } from './fault.ts'")
    expect(cycles(tree)).toHaveLength(1)
  })

  test('reads every form of import, and none in a comment', () => {
    const text = `
      // import { no } from 'comment'
      /* import 'block' */
      import a, { b } from 'one'
      import type { C } from 'two'
      import {
        d,
        type E,
      } from 'three'
      import 'four'
      export * from 'five'
      export type { F } from 'six'
      const g = await import('seven')
      type H = typeof import('eight')
      new Worker(new URL('./nine.ts', import.meta.url))
      const text = "// not a comment"; import 'no'
    `
    const seen = importsOf(text)
    expect(seen.map((found) => found.specifier).sort()).toEqual(
      ['./nine.ts', 'eight', 'five', 'four', 'one', 'seven', 'six', 'three', 'two'].sort(),
    )
    expect(
      seen
        .filter((found) => found.typeOnly)
        .map((found) => found.specifier)
        .sort(),
    ).toEqual(['eight', 'six', 'two'])
  })
})
