/** How fast an alert becomes pixels, and a million alerts a first page, in a real browser on the real app. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { Camera } from '../test/fakes/camera.ts'
import { ensureBuilt, type Headless, startHeadless } from '../test/fakes/headless.ts'
import { type Area, percentile } from './report.ts'
import { seedAlerts } from './seed.ts'

const samples = 200
const million = 1_000_000

/** The probe in the page: it looks at every change of the document and tells when the frame that shows it was presented. */
declare global {
  interface Window {
    probe: { until(text: string): Promise<number> }
  }
}

function installProbe(): void {
  window.probe = {
    until: (text) =>
      new Promise((resolve) => {
        const shown = () => document.body.textContent?.includes(text) === true
        const presented = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())))
        if (shown()) return presented()
        const observer = new MutationObserver(() => {
          if (!shown()) return
          observer.disconnect()
          // The next frame paints the change; the one after it begins when that frame is out.
          presented()
        })
        observer.observe(document.body, {
          subtree: true,
          childList: true,
          characterData: true,
          attributes: true,
        })
      }),
  }
}

async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
    ],
  })
}

async function openScreen(browser: Browser, app: Headless): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  await page.addInitScript(installProbe)
  await page.goto((await app.ready).url)
  return page
}

/** Both sides read the same clock of the same machine, to the millisecond. */
async function socketToPixels(browser: Browser): Promise<number[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const app = await startHeadless({
    dataDir,
    flags: ['--alerts-per-minute', '1000000', '--log-level', 'warn'],
  })
  try {
    const camera = new Camera({ deviceId: 'bench-camera' })
    await camera.connect((await app.ready).hub)
    const page = await openScreen(browser, app)
    const tookMs: number[] = []
    for (let n = -20; n < samples; n += 1) {
      const name = `Spot ${n + 1000}.`
      const seen = page.evaluate((text) => window.probe.until(text), name)
      // The probe must be in place first: an answer to anything after it proves that.
      await page.evaluate(() => true)
      const sentAt = Date.now()
      camera.alert({ intensity: 0.9 }, { deviceName: name })
      const shownAt = await seen
      if (n >= 0) tookMs.push(shownAt - sentAt)
    }
    camera.cut()
    await page.close()
    return tookMs
  } finally {
    await app.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Each step narrows or widens the list in another way; together they touch every kind of filter. */
async function firstPages(page: Page): Promise<number[]> {
  const list = page.getByRole('listbox', { name: 'Alerts, newest first' })
  await list.getByRole('option').first().waitFor()
  const tookMs: number[] = []
  const priorities = ['critical', 'high', 'medium', 'low']
  for (let round = 0; round < 25; round += 1) {
    for (const priority of priorities) {
      await page.getByRole('button', { name: /^Priority/ }).click()
      const box = page.getByRole('checkbox', { name: priority })
      await box.waitFor()
      tookMs.push(await toggled(page, priority))
      await page.keyboard.press('Escape')
    }
  }
  return tookMs
}

/** Clicks inside the page, so that no time of the driver is counted, and waits until the list is whole again and painted. */
function toggled(page: Page, label: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const label = [...document.querySelectorAll('label')].find((each) => each.textContent?.trim() === wanted)
    const box = label?.querySelector('input')
    if (!box) throw new Error(`no filter ${wanted}`)
    // Asked for anew each time: an empty answer shows words in place of the list.
    const busy = () => {
      const list = document.querySelector('[data-history-list]')
      return list?.getAttribute('aria-busy') === 'true' || list?.hasAttribute('data-stale') === true
    }
    const from = performance.now()
    box.click()
    await new Promise<void>((resolve) => {
      let started = busy()
      const look = () => {
        started ||= busy()
        if (!started || busy()) return
        observer.disconnect()
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
      }
      const observer = new MutationObserver(look)
      observer.observe(document.body, { subtree: true, childList: true, attributes: true })
      look()
    })
    return performance.now() - from
  }, label)
}

export const run: Area = async (row) => {
  ensureBuilt()
  const browser = await launch()
  try {
    const tookMs = await socketToPixels(browser)
    row({
      name: 'alert: socket in to pixels changed, p99',
      value: percentile(tookMs, 99),
      unit: 'ms',
      target: '<= 100',
      baseline: null,
    })

    const dataDir = join(tmpdir(), 'watchfloor-bench-million')
    rmSync(dataDir, { recursive: true, force: true })
    mkdirSync(dataDir, { recursive: true })
    await seedAlerts(dataDir, million)
    const flags = ['--log-level', 'warn']
    await (await startHeadless({ dataDir, flags })).stop()
    const startedAt = performance.now()
    const app = await startHeadless({ dataDir, flags })
    row({
      name: 'ready after start with 1,000,000 alerts on disk',
      value: (performance.now() - startedAt) / 1000,
      unit: 's',
      target: '<= 2',
      baseline: null,
    })
    try {
      const page = await openScreen(browser, app)
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'History' }).click()
      row({
        name: 'first page of any filter over 1,000,000 alerts, on screen, p99',
        value: percentile(await firstPages(page), 99),
        unit: 'ms',
        target: '<= 200',
        baseline: null,
      })
      await page.close()
    } finally {
      await app.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  } finally {
    await browser.close()
  }
}
