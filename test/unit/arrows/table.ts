/** The arrows as data: which folder may import which, and why. The first rule whose `of` fits a file is the file's rule. */

export interface Rule {
  readonly of: string
  readonly name: string
  /** Folders (ending in `/`) or files it may import, beside its own folder. */
  readonly may: readonly string[]
  /** May be imported too, but only with `import type`. */
  readonly mayTypes?: readonly string[]
  /** Packages: names, or `node:` for all of Node. Or everything but the ones named. */
  readonly packages: readonly string[] | { readonly allBut: readonly string[] }
  /** Packages allowed with `import type` only. */
  readonly packageTypes?: readonly string[]
}

/** What every part of main is given by app.ts and may therefore name: the clock's and the log's types. */
const given = ['src/main/io/clock.ts', 'src/main/log.ts']

export const rules: readonly Rule[] = [
  { of: 'src/contract/', name: 'contract', may: [], packages: ['zod'] },
  {
    of: 'src/rpc/',
    name: 'rpc',
    may: ['src/contract/kinds.ts', 'src/contract/fault.ts'],
    packages: [],
    // Checking is done with the schemas of the contract it is given; only their type is named.
    packageTypes: ['zod'],
  },
  {
    of: 'src/main/drivers/index.ts',
    name: 'drivers/index',
    may: ['src/main/drivers/', 'src/main/link.ts', 'src/contract/'],
    packages: [],
  },
  {
    of: 'src/main/drivers/*/',
    name: 'driver',
    may: [
      'src/contract/',
      'src/main/io/',
      'src/main/fact.ts',
      'src/main/order.ts',
      'src/main/link.ts',
      'src/main/link-book.ts',
      'src/main/tap.ts',
      'src/main/keep-listening.ts',
      'src/main/accounts/',
      ...given,
    ],
    // Sockets and ports are opened by io; a driver has no way to a socket of its own.
    packages: ['node:crypto', 'node:buffer', 'node:os', 'zod', 'jose'],
    packageTypes: ['ws', 'node:http'],
  },
  {
    of: 'src/main/accounts/',
    name: 'accounts of our servers',
    may: ['src/contract/', 'src/main/io/json.ts', 'src/main/link-book.ts', ...given],
    mayTypes: ['src/main/link.ts', 'src/main/order.ts'],
    packages: ['node:crypto', 'zod', 'jose'],
    packageTypes: ['node:http'],
  },
  {
    of: 'src/main/io/',
    name: 'io',
    may: ['src/contract/links.ts', 'src/contract/fault.ts'],
    mayTypes: ['src/main/log.ts', 'src/contract/'],
    packages: ['node:', 'ws', 'serialport'],
  },
  {
    of: 'src/main/live/',
    name: 'live',
    may: ['src/contract/'],
    mayTypes: ['src/main/fact.ts', 'src/main/order.ts', 'src/main/link.ts', 'src/rpc/handlers.ts', ...given],
    packages: [],
  },
  {
    of: 'src/main/store/',
    name: 'store',
    may: ['src/contract/', ...given],
    packages: ['node:', 'better-sqlite3', 'zod'],
  },
  {
    of: 'src/main/api/',
    name: 'api',
    may: ['src/contract/', 'src/main/fact.ts', 'src/main/order.ts', 'src/main/export.ts'],
    mayTypes: [
      'src/rpc/handlers.ts',
      'src/main/live/',
      'src/main/analyst/analyst.ts',
      'src/main/store/store.ts',
      'src/main/dispatch.ts',
      'src/main/link.ts',
      'src/main/recorder/',
      'src/main/vehicles/desk.ts',
      ...given,
    ],
    packages: ['node:crypto'],
  },
  {
    of: 'src/main/recorder/',
    name: 'recorder',
    may: [
      'src/contract/',
      'src/main/live/live-table.ts',
      // An export reads the units it was given.
      'src/main/io/annex-b.ts',
      'src/main/io/bits.ts',
      ...given,
    ],
    mayTypes: [
      'src/main/fact.ts',
      'src/main/link.ts',
      'src/main/live/',
      'src/main/store/store.ts',
      'src/rpc/handlers.ts',
    ],
    packages: ['node:', 'zod'],
  },
  {
    of: 'src/main/vehicles/',
    name: 'vehicles',
    may: ['src/contract/', 'src/main/live/live-table.ts', ...given],
    mayTypes: [
      'src/main/fact.ts',
      'src/main/order.ts',
      'src/main/link.ts',
      'src/main/links.ts',
      'src/main/ingest.ts',
      'src/main/dispatch.ts',
      'src/main/live/',
      'src/main/store/store.ts',
    ],
    packages: ['node:', 'zod'],
  },
  {
    of: 'src/main/ingest.ts',
    name: 'ingest',
    may: ['src/contract/', 'src/main/fact.ts'],
    mayTypes: ['src/main/order.ts', 'src/main/live/', 'src/main/store/', 'src/main/link.ts', ...given],
    packages: ['node:crypto'],
  },
  {
    of: 'src/main/inside.ts',
    name: 'inside',
    may: ['src/main/io/driver-calls.ts', 'src/main/store/start-thread.ts'],
    packages: [],
  },
  {
    of: 'src/main/dispatch.ts',
    name: 'dispatch',
    may: ['src/contract/', 'src/main/fact.ts', 'src/main/order.ts'],
    mayTypes: ['src/main/live/', 'src/main/store/', 'src/main/link.ts', ...given],
    packages: ['node:crypto'],
  },
  {
    of: 'src/main/shell/electron/',
    name: 'electron shell',
    may: [
      'src/main/app.ts',
      'src/main/shell/*.ts',
      'src/main/config.ts',
      'src/main/demo-offer.ts',
      'src/main/log.ts',
      'src/rpc/',
      'src/contract/',
    ],
    mayTypes: [
      'src/main/store/store.ts',
      'src/main/io/clock.ts',
      // What a host offers the app.
      'src/main/demo.ts',
      'src/main/secrets.ts',
    ],
    packages: ['node:', 'electron', 'pino', 'zod'],
  },
  {
    of: 'src/main/shell/node/',
    name: 'node shell',
    may: [
      'src/main/app.ts',
      'src/main/shell/*.ts',
      'src/main/config.ts',
      // The limits every socket of the product has.
      'src/main/io/peer.ts',
      'src/main/links.ts',
      'src/main/export.ts',
      'src/main/log.ts',
      'src/rpc/',
      'src/contract/',
    ],
    mayTypes: ['src/main/io/clock.ts', 'src/main/store/store.ts', 'src/main/demo.ts'],
    packages: ['node:', 'ws', 'prom-client', 'pino', 'zod'],
  },
  {
    of: 'src/main/shell/*.ts',
    name: 'shells, in common',
    may: [
      'src/main/links.ts',
      'src/main/log.ts',
      'src/main/config.ts',
      'src/main/demo-offer.ts',
      'src/main/inside.ts',
      'src/contract/',
    ],
    mayTypes: ['src/main/app.ts', 'src/main/demo.ts'],
    packages: ['node:', 'zod'],
  },
  {
    of: 'src/main/index.ts',
    name: 'electron entry',
    may: [
      'src/main/app.ts',
      'src/main/config.ts',
      'src/main/log.ts',
      'src/main/shell/electron/',
      'src/main/shell/*.ts',
      'src/contract/',
    ],
    packages: ['node:', 'electron'],
  },
  {
    of: 'src/main/headless.ts',
    name: 'node entry',
    may: [
      'src/main/app.ts',
      'src/main/config.ts',
      'src/main/log.ts',
      'src/main/shell/node/',
      'src/main/shell/*.ts',
      'src/contract/',
    ],
    packages: ['node:'],
  },
  { of: 'src/main/log.ts', name: 'log', may: ['src/contract/fault.ts'], packages: ['pino'] },
  {
    of: 'src/main/fact.ts',
    name: 'fact and order',
    may: [],
    mayTypes: ['src/contract/'],
    packages: [],
  },
  {
    of: 'src/main/order.ts',
    name: 'fact and order',
    may: [],
    mayTypes: ['src/contract/'],
    packages: [],
  },
  {
    of: 'src/main/link.ts',
    name: 'link',
    may: [],
    mayTypes: ['src/contract/', 'src/main/fact.ts', 'src/main/order.ts', ...given],
    packages: [],
  },
  {
    of: 'src/main/link-book.ts',
    name: 'what every driver reports with',
    may: ['src/contract/'],
    mayTypes: ['src/main/link.ts', 'src/main/fact.ts', ...given],
    packages: [],
  },
  {
    of: 'src/main/keep-listening.ts',
    name: 'what every driver that listens keeps its port open with',
    may: ['src/main/io/'],
    mayTypes: ['src/main/link.ts', 'src/main/link-book.ts', ...given],
    packages: [],
  },
  {
    of: 'src/main/tap.ts',
    name: 'what every driver reports with',
    may: [],
    mayTypes: ['src/main/link.ts', ...given],
    packages: [],
  },
  {
    of: 'src/main/config.ts',
    name: 'config',
    may: ['src/contract/'],
    packages: ['node:util'],
  },
  {
    of: 'src/main/export.ts',
    name: 'export',
    may: ['src/contract/'],
    mayTypes: ['src/main/store/store.ts'],
    packages: [],
  },
  {
    of: 'src/main/',
    name: 'app and its parts',
    may: ['src/main/', 'src/rpc/', 'src/contract/'],
    packages: [
      'node:crypto',
      'node:path',
      'node:fs',
      'node:fs/promises',
      'node:url',
      'node:child_process',
      'node:os',
      'zod',
    ],
    packageTypes: ['pino'],
  },
  { of: 'src/preload/', name: 'preload', may: [], packages: ['electron'] },
  {
    of: 'src/renderer/',
    name: 'renderer',
    // The rest of rpc serves. Contract modules that never reach zod may be used at run time; see `zodFree` in the check.
    may: [
      'src/rpc/client.ts',
      'src/rpc/wire.ts',
      'src/rpc/port-wire.ts',
      'src/rpc/web-socket-wire.ts',
      'src/rpc/web-socket-wire.ts',
      'src/contract/',
    ],
    mayTypes: ['src/rpc/handlers.ts', 'src/rpc/frame.ts'],
    // Models of @vladmandic/human are run by kernels of our own; that library is only what tests compare them with.
    packages: {
      allBut: [
        'zod',
        'electron',
        'node:',
        'ws',
        'better-sqlite3',
        'pino',
        'prom-client',
        'serialport',
        '@vladmandic/human',
      ],
    },
  },
]

/** Files above 300 lines, each with the reason it is one piece. Above 500 there is no reason. */
export const longFiles: Readonly<Record<string, string>> = {
  'src/contract/api.ts': 'everything a screen can ask, in one table on purpose',
  'src/contract/links.ts': 'one union: what every kind of link needs to be told',
  'test/unit/arrows/table.ts': 'the arrows of the whole tree, in one table on purpose',
  'src/main/store/open-store.ts': 'every method of the store is one line here',
  'src/renderer/features/faces/words.ts':
    'both languages of one view, side by side so that neither is forgotten',
  'src/main/store/alert-pages.ts': 'one algorithm: pages as a merge of streams, each a seek',
  'src/main/store/alert-writes.ts': 'every statement that changes an alert, in one place on purpose',
  'src/renderer/features/alerts/alerts.module.css': 'one style sheet for one view',
  'src/renderer/features/vehicles/words.ts':
    'both languages of one view, side by side so that neither is forgotten',
  'src/renderer/features/vehicles/vehicles.module.css': 'one style sheet for one view',
  'test/unit/main/cameras-api.test.ts':
    'one desk, set up once: what a screen asks of cameras and of libraries',
  'src/renderer/features/settings/words.ts':
    'both languages of one view, side by side so that neither is forgotten',
  'test/electron/scenarios.ts': 'a list: what each run of the stand-in does, one after the other',
  'test/unit/main/faces-app.test.ts': 'what a person does to faces and people, all of it on one started app',
  'test/unit/main/links.test.ts': 'one stand with hand-made drivers, and everything Links promises on it',
  'src/renderer/features/history/history.module.css': 'one style sheet for one view',
  'src/renderer/features/links/words.ts':
    'both languages of one view, side by side so that neither is forgotten',
  'src/renderer/features/links/links.module.css': 'one style sheet for one view',
}
