/** Which tests there are: `unit` is part of every check; the others start the built app or open many sockets, and run in `npm test`. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Mirrors of src that start processes, fill disks or count fsyncs for many seconds: too slow for a check before every commit. */
const slowUnits = [
  'test/unit/store/{crash,trouble,file}.test.ts',
  'test/unit/main/{app,http,dispatch,export}.test.ts',
  'test/unit/drivers/blue-light/{hostile,hub}.test.ts',
]

function group(name: string, testTimeout: number, more: { include?: string[]; exclude?: string[] } = {}) {
  const include = [`test/${name}/**/*.test.{ts,tsx}`, ...(more.include ?? [])]
  const exclude = more.exclude ?? []
  return { extends: true as const, test: { name, include, exclude, testTimeout, hookTimeout: testTimeout } }
}

export default defineConfig({
  plugins: [react()],
  test: {
    environment: 'node',
    // A test that passes only the second time is a fault, not noise.
    retry: 0,
    pool: 'forks',
    projects: [
      group('unit', 20_000, { exclude: slowUnits }),
      group('integration', 60_000, { include: slowUnits }),
      group('electron', 60_000),
      group('bad-input', 60_000),
    ],
  },
})
