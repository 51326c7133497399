/** The Vehicles screen in Vietnamese: no English of ours left over, and nothing cut off on a small screen. */
import type { Page } from '@playwright/test'
import { stopRequestWords } from '../../src/renderer/features/stop-request/words.ts'
import { vehiclesWords } from '../../src/renderer/features/vehicles/words.ts'
import { commonWords } from '../../src/renderer/words/common.ts'
import { addBus, addLidar, addVehicle, go, moduleCard } from './pages.ts'
import { expect, needsCables, test } from './vehicles.ts'

test.describe.configure({ timeout: 150_000 })
needsCables()
test.use({ viewport: { width: 1280, height: 800 } })

const vehicle = 'OHT-50-001'

/** English sentences and words of ours that Vietnamese says otherwise; what stands between values, as a pattern. */
const english = [vehiclesWords, stopRequestWords, commonWords].flatMap(({ en, vi }) =>
  Object.entries(en as Record<string, string>)
    .filter(([key, text]) => (vi as Record<string, string>)[key] !== text && /[a-z]{3}/i.test(text))
    .map(([, text]) =>
      text
        .split(/\{\{\w+\}\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.+'),
    )
    // A word between two values fits too much.
    .filter((pattern) => !/^\.\+.{0,6}\.\+$/.test(pattern)),
)

/** Texts of ours on the screen that are English. What modules, maps and links are called is theirs: it is left out. */
function leftOver(screen: Page, theirs: readonly string[]): Promise<string[]> {
  return screen.evaluate(
    ({ patterns, data }) => {
      const ours = patterns.map((pattern) => new RegExp(`^${pattern}$`))
      const found: string[] = []
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        const text = node.textContent?.trim() ?? ''
        if (text === '' || data.includes(text)) continue
        if (ours.some((one) => one.test(text))) found.push(text)
      }
      for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
        for (const name of ['aria-label', 'title', 'placeholder']) {
          const text = element.getAttribute(name) ?? ''
          if (text !== '' && !data.includes(text) && ours.some((one) => one.test(text))) found.push(text)
        }
      return found
    },
    { patterns: english, data: [...theirs] },
  )
}

/** Texts of the view and the top bar that do not fit their box, and whether the view scrolls sideways. */
function cutOff(screen: Page): Promise<string[]> {
  return screen.evaluate(() => {
    const found: string[] = []
    for (const root of document.querySelectorAll('main, header[role="banner"], [role="banner"]')) {
      if (root.scrollWidth > root.clientWidth + 1) found.push(`sideways: ${root.tagName}`)
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        const hasText = [...element.childNodes].some(
          (node) => node.nodeType === 3 && node.textContent?.trim() !== '',
        )
        if (!hasText || element.clientWidth === 0 || element.closest('code, [aria-hidden="true"]') !== null)
          continue
        const { overflowX, textOverflow } = getComputedStyle(element)
        const clips = textOverflow === 'ellipsis' || overflowX === 'hidden' || overflowX === 'clip'
        if (clips && element.scrollWidth > element.clientWidth + 1) found.push(element.textContent ?? '')
        const right = element.getBoundingClientRect().right
        if (right > root.getBoundingClientRect().right + 1) found.push(`beyond: ${element.textContent}`)
      }
    }
    return found
  })
}

test('in Vietnamese nothing of ours is English, and at 1280×800 nothing is cut off', async ({
  site,
  yard,
}) => {
  const [bus, lidar] = [await yard.bus(), await yard.lidar()]
  const sim = await yard.network({ state: 'IDLE' })
  const screen = await site.screen()
  await addBus(screen, { name: 'Bus xe', vehicle, port: bus.port, writable: true })
  await addLidar(screen, { name: 'Mắt trước', vehicle, port: lidar.port })
  await addVehicle(screen, { name: 'Mạng xe', vehicle, httpUrl: sim.httpUrl, socketUrl: sim.socketUrl })
  await go(screen, 'Vehicles')
  await expect(moduleCard(screen, 'Travel motor').first()).toBeVisible({ timeout: 15_000 })
  const maps = await screen.getByRole('region', { name: 'Modules' }).getByRole('button').allTextContents()
  expect(maps.length).toBeGreaterThan(4)

  // What finds English finds it while the screen is English.
  expect((await leftOver(screen, [])).length).toBeGreaterThan(10)

  await go(screen, 'Settings')
  await screen.getByLabel('Language', { exact: true }).selectOption('vi')
  await expect(screen.locator('html')).toHaveAttribute('lang', 'vi')
  await screen.keyboard.press('Escape')
  await screen
    .getByRole('navigation', { name: 'Màn hình' })
    .getByRole('button', { name: 'Xe', exact: false })
    .first()
    .click()
  const modules = screen.getByRole('region', { name: 'Mô-đun', exact: true })
  await expect(modules).toBeVisible()
  /** What the modules' maps and the vehicle's own words call things. */
  const theirs = async () => {
    const inCards = await modules.locator('small, strong').allTextContents()
    const inTables = await screen.locator('td').allTextContents()
    return [...inCards, ...inTables, 'Power', 'Safety', 'Dock', 'Travel motor', 'LiDAR', 'IDLE'].map((text) =>
      text.trim(),
    )
  }
  const judge = async (where: string) => {
    expect(await leftOver(screen, await theirs()), where).toEqual([])
    expect(await cutOff(screen), where).toEqual([])
  }
  await judge('the view')
  await modules.getByRole('button').filter({ hasText: 'Travel motor' }).first().click()
  const detail = screen.getByRole('region', { name: 'Travel motor' })
  await expect(detail.getByRole('table')).toBeVisible()
  await detail.getByRole('button', { name: 'Biểu đồ' }).first().click()
  await expect(detail.getByRole('figure')).toBeVisible()
  await judge('a module')
  await screen.keyboard.press('F12')
  await expect(screen.getByText(/báo ESTOP/).first()).toBeVisible()
  await judge('a stop that is confirmed')
})
