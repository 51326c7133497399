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
  // A test that passes only the second time is a fault, not noise.
  retries: 0,
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
