/** `npm run shots [-- --to DIR]`: starts the app with the demo site and takes a picture of every screen, both themes, two sizes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import { ensureBuilt, startHeadless } from '../test/fakes/headless.ts'

const { values } = parseArgs({ options: { to: { type: 'string', default: 'out/pictures' } } })
/** In the order of their keys. */
const views = [
  'overview',
  'cameras',
  'faces',
  'blue-alerts',
  'vehicles',
  'history',
  'links',
  'rules',
  'settings',
] as const
const sizes = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 },
]
/** The demo raises its first alert within 3 s; three make a picture worth looking at. */
const enoughAlerts = /^Active\s*([3-9]|\d\d+)/

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-pictures-'))
ensureBuilt()
const app = await startHeadless({ dataDir })
const { url } = await app.ready
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
  await startDemo(browser)
  for (const colorScheme of ['dark', 'light'] as const)
    for (const viewport of sizes) await takeAll(browser, colorScheme, viewport)
  console.log(`pictures in ${values.to}`)
} finally {
  await browser.close()
  await app.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

/** As a person does, so that the demo's OpenEye server gets its link too. */
async function startDemo(from: Browser): Promise<void> {
  const page = await from.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: /Use the demo site/ }).click()
  await page.getByRole('button', { name: 'Start the demo site' }).click()
  await page.getByText('DEMO', { exact: true }).waitFor()
  await page.close()
}

/** What comes by itself is waited for, so that no picture is of an empty screen. */
async function settled(page: Page, view: (typeof views)[number]): Promise<void> {
  if (view === 'cameras') {
    await page.waitForFunction(() => document.querySelectorAll('[data-picture="live"]').length >= 5)
  } else if (view === 'faces') {
    const rows = page.getByRole('listbox', { name: 'Sightings, newest first' }).getByRole('option')
    await rows.nth(2).waitFor({ timeout: 60_000 })
    await rows.first().click()
  } else if (view === 'vehicles') {
    await page.waitForFunction(() => document.querySelector('canvas[data-revolution]') !== null)
    const modules = page.getByRole('region', { name: 'Modules' }).getByRole('button')
    await modules.filter({ hasText: 'Travel motor' }).first().waitFor()
    await modules.filter({ hasText: 'Power' }).first().waitFor()
  }
  await page.waitForLoadState('networkidle')
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
    await settled(page, view)
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
    await page.screenshot({ path: join(values.to, `${view}-${colorScheme}-${viewport.width}.png`) })
  }
  await context.close()
}
