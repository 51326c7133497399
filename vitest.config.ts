/** Which tests there are: `unit` is part of every check; the others start the built app or open many sockets, and run in `npm test`. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

function group(name: string, testTimeout: number) {
  return {
    extends: true as const,
    test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], testTimeout, hookTimeout: testTimeout },
  }
}

export default defineConfig({
  plugins: [react()],
  test: {
    environment: 'node',
    // A test that passes only the second time is a fault, not noise.
    retry: 0,
    pool: 'forks',
    projects: [
      group('unit', 20_000),
      group('integration', 60_000),
      group('electron', 60_000),
      group('bad-input', 60_000),
    ],
  },
})
