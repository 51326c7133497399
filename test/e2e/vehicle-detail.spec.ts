/** What a click in Vehicles opens comes into view on a small screen, and takes the keyboard only from somebody who used it. */
import type { Locator, Page } from '@playwright/test'
import { addBus, go, moduleCard } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 90_000 })
needsCables()
test.use({ viewport: { width: 1280, height: 800 } })

async function vehicles(screen: Page, port: string): Promise<void> {
  await addBus(screen, { name: 'Vehicle bus', vehicle: 'OHT-50-001', port })
  await go(screen, 'Vehicles')
  await expect(moduleCard(screen, 'Travel motor')).toBeVisible({ timeout: 15_000 })
}

/** How often the view scrolled, from now on. */
function countScrolls(screen: Page): Promise<void> {
  return screen.evaluate(() => {
    document.body.dataset.scrolls = '0'
    const count = () => {
      document.body.dataset.scrolls = String(Number(document.body.dataset.scrolls) + 1)
    }
    document.querySelector('[data-scroller]')?.addEventListener('scroll', count)
  })
}

const heading = (detail: Locator) => detail.getByRole('heading').first()
const scrollTop = (screen: Page) => screen.locator('[data-scroller]').evaluate((view) => view.scrollTop)

test('the detail of a clicked module comes into view; the focus stays on its card', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await vehicles(screen, bus.port)
  const card = moduleCard(screen, 'Travel motor')
  const detail = screen.getByRole('region', { name: 'Travel motor' })
  await card.click()
  await expect(heading(detail)).toBeInViewport({ ratio: 1 })
  await expect(detail.getByRole('row').nth(3)).toBeInViewport({ ratio: 1 })
  await expect(card).toBeFocused()
  // The frame around the page has not moved.
  expect(await screen.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0)
  // Coming back to the view later moves nothing, though the module is still open.
  await go(screen, 'Overview')
  await go(screen, 'Vehicles')
  await expect(heading(detail)).toBeAttached()
  expect(await scrollTop(screen)).toBe(0)
  // Chosen once more from the rail, it is brought again.
  await screen
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: /^Travel motor/ })
    .click()
  await expect(heading(detail)).toBeInViewport({ ratio: 1 })
})

test('opened by keyboard it has the focus, and moves at once where motion is not wanted', async ({
  site,
  yard,
}) => {
  const bus = await yard.bus()
  const screen = await site.screen()
  await screen.emulateMedia({ reducedMotion: 'reduce' })
  await vehicles(screen, bus.port)
  await countScrolls(screen)
  await moduleCard(screen, 'Travel motor').focus()
  const before = await scrollTop(screen)
  await screen.keyboard.press('Enter')
  const detail = screen.getByRole('region', { name: 'Travel motor' })
  await expect(detail).toBeFocused()
  await expect(heading(detail)).toBeInViewport({ ratio: 1 })
  expect(await scrollTop(screen)).toBeGreaterThan(before)
  const monitor = screen.getByRole('button', { name: 'Bus monitor' })
  await monitor.click()
  await expect(screen.getByRole('region', { name: 'Bus monitor' })).toBeInViewport()
  await expect(monitor).toBeFocused()
})
