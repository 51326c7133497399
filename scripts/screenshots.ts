/** `npm run shots [-- --to DIR]`: starts the app with the demo site and takes a picture of every screen, both themes, two sizes. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium } from '@playwright/test'
import { startHeadless } from '../test/fakes/headless.ts'

const { values } = parseArgs({ options: { to: { type: 'string', default: 'out/pictures' } } })
const views = ['overview', 'blue-alerts', 'history', 'links', 'settings'] as const
const sizes = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 },
]
/** The demo raises its first alert within 3 s; three make a picture worth looking at. */
const enoughAlerts = /^Active\s*([3-9]|\d\d+)/

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-pictures-'))
const app = await startHeadless({ dataDir })
const { url, hub } = await app.ready
const demo = spawn(process.execPath, ['out/main/demo-site.js', '--hub', hub], {
  stdio: ['pipe', 'ignore', 'inherit'],
})
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
})
try {
  mkdirSync(values.to, { recursive: true })
  for (const colorScheme of ['dark', 'light'] as const)
    for (const viewport of sizes) await takeAll(browser, colorScheme, viewport)
  console.log(`pictures in ${values.to}`)
} finally {
  await browser.close()
  demo.kill()
  await app.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function takeAll(
  from: Browser,
  colorScheme: 'dark' | 'light',
  viewport: (typeof sizes)[number],
): Promise<void> {
  const context = await from.newContext({ viewport, colorScheme })
  const page = await context.newPage()
  await page.goto(url)
  if (colorScheme === 'light') await page.getByRole('button', { name: 'Light theme' }).click()
  await page.getByText(enoughAlerts).first().waitFor({ timeout: 120_000 })
  for (const [at, view] of views.entries()) {
    await page.keyboard.press(String(at + 1))
    await page.waitForLoadState('networkidle')
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
    await page.screenshot({ path: join(values.to, `${view}-${colorScheme}-${viewport.width}.png`) })
  }
  await context.close()
}
