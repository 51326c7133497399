/** End-to-end tests: the same specs on every shell. `electron` exists only where the test command found a real Electron binary. */
import { defineConfig } from '@playwright/test'

const asRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results/e2e',
  timeout: 45_000,
  expect: { timeout: 10_000 },
  // Every test has its own app and its own folder, so they may run beside each other.
  fullyParallel: true,
  workers: 2,
  // A second try, for a machine that was busy for a moment: one browser that was late would hold up everything else.
  // No pardon: `npm test` names each spec that needed it, with what the first try said, and that is a fault to be mended.
  retries: 1,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: 'dark',
    trace: 'retain-on-failure',
    acceptDownloads: true,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        // Chromium refuses its own sandbox as root; the pages are ours and local.
        ...(asRoot ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
  projects: [
    { name: 'node-shell' },
    ...(process.env.ELECTRON_BINARY === undefined
      ? []
      : [{ name: 'electron', grepInvert: /@node/, workers: 1 }]),
  ],
})
