/** The checks that read the sources and run nothing: types of every part, lint and format, dead code. */

const parts = ['src/contract', 'src/rpc', 'src/main', 'src/preload', 'src/renderer', 'test']

export const staticChecks = [
  ...parts.map((part) => ({
    name: `types ${part}`,
    command: 'tsc',
    args: ['-p', part, '--pretty', 'false'],
  })),
  { name: 'lint and format', command: 'biome', args: ['check', '--error-on-warnings', '--colors=off'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress', '--no-config-hints'] },
]
