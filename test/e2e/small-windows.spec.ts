/** Small windows, and large ones zoomed to 150 %: what must be seen is seen, and what has no room is left out whole. */
import type { Page } from '@playwright/test'
import { startOpenEye } from '../sim/openeye/server.ts'
import { addOpenEye, addVehicle, go, linkRow } from './pages.ts'
import { expect, test } from './vehicles.ts'

test.describe.configure({ timeout: 120_000 })

const inVietnamese = async (screen: Page) => {
  await go(screen, 'Settings')
  await screen.getByLabel('Language', { exact: true }).selectOption('vi')
  await expect(screen.locator('html')).toHaveAttribute('lang', 'vi')
}

/** The last is 1280×800 at 150 %. */
const sizes = [
  { width: 1280, height: 800 },
  { width: 1024, height: 700 },
  { width: 853, height: 533 },
]

test('STOP REQUEST and the other buttons of the top bar are whole in both languages', async ({
  site,
  yard,
}) => {
  const camera = await site.camera('Yard')
  const sim = await yard.network({ state: 'IDLE' })
  const screen = await site.screen()
  await addVehicle(screen, {
    name: 'Vehicle',
    vehicle: 'OHT-50-001',
    httpUrl: sim.httpUrl,
    socketUrl: sim.socketUrl,
  })
  // Something sounds: its button is the widest there is.
  await camera.alert()
  const buttons = screen.getByRole('banner').locator(':scope > :first-child > button')
  const judge = async (stop: string) => {
    for (const size of sizes) {
      await screen.setViewportSize(size)
      await expect(screen.getByRole('button', { name: stop })).toBeInViewport({ ratio: 1 })
      for (const button of await buttons.all()) await expect(button).toBeInViewport({ ratio: 1 })
    }
  }
  await judge('STOP REQUEST')
  await screen.setViewportSize({ width: 1280, height: 800 })
  await inVietnamese(screen)
  await judge('YÊU CẦU DỪNG')
})

test('a figure of a tile is whole or not there: half of one would be another', { tag: '@node' }, async ({
  site,
}) => {
  const cameras = ['north', 'east', 'south', 'west'].map((side) => ({
    camera: `ambulance_yard_${side}_gate`,
  }))
  const openEye = await startOpenEye({ statisticsMs: 1000, framesPerSecond: 5, cameras })
  try {
    await site.camera('Gate camera')
    const screen = await site.screen()
    await addOpenEye(screen, 'Gatehouse', openEye)
    await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
    await go(screen, 'Cameras')
    await screen.setViewportSize({ width: 1280, height: 800 })
    await screen.getByRole('button', { name: '9 tiles', exact: true }).click()
    await inVietnamese(screen)
    await screen.keyboard.press('2')
    const heads = screen.locator('[data-picture="live"] header')
    await expect.poll(() => heads.count(), { timeout: 20_000 }).toBeGreaterThanOrEqual(4)
    await expect(heads.first()).toContainText(/hình\/giây/)
    const halves = () =>
      heads.evaluateAll((all) =>
        all.flatMap((head) =>
          [...head.querySelectorAll('span > span')].flatMap((figure) => {
            const [inner, outer] = [figure, figure.parentElement ?? figure].map((one) =>
              one.getBoundingClientRect(),
            )
            if (inner === undefined || outer === undefined || inner.width === 0) return []
            const isOut = inner.top >= outer.bottom
            const isWhole = inner.left >= outer.left - 1 && inner.right <= outer.right + 1
            return isOut || isWhole ? [] : [figure.textContent]
          }),
        ),
      )
    expect(await halves()).toEqual([])
  } finally {
    await openEye.close()
  }
})

test('a tile enlarged on a wall that is scrolled fills the wall', { tag: '@node' }, async ({ site }) => {
  const openEye = await startOpenEye({ statisticsMs: 1000, framesPerSecond: 2, cameras: 16 })
  try {
    await site.camera('Gate camera')
    const screen = await site.screen()
    await screen.setViewportSize({ width: 1280, height: 800 })
    await addOpenEye(screen, 'Gatehouse', openEye)
    await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
    await go(screen, 'Cameras')
    await screen.getByRole('button', { name: '16 tiles', exact: true }).click()
    const wall = screen.locator('ul[data-enlarged]')
    await expect(wall.getByRole('article')).toHaveCount(16)
    const place = await wall.boundingBox()
    const last = wall.getByRole('article').last()
    await last.getByRole('button').first().focus()
    const scrolled = await wall.evaluate((element) => element.scrollTop)
    expect(scrolled).toBeGreaterThan(0)
    await screen.keyboard.press('Enter')
    await expect(wall).toHaveAttribute('data-enlarged', 'true')
    expect(await last.boundingBox()).toEqual(place)
    await screen.keyboard.press('Escape')
    await expect(wall).toHaveAttribute('data-enlarged', 'false')
    expect(await wall.evaluate((element) => element.scrollTop)).toBe(scrolled)
  } finally {
    await openEye.close()
  }
})

test('History on a low window: the detail can be scrolled to, and no button lies on the list', async ({
  site,
}) => {
  const camera = await site.camera('Yard')
  const screen = await site.screen()
  await screen.setViewportSize({ width: 740, height: 533 })
  await inVietnamese(screen)
  await camera.alert()
  await screen.keyboard.press('6')
  const first = screen.getByRole('listbox').getByRole('option').first()
  await first.click()
  const heading = screen.getByRole('main').getByRole('heading', { level: 2 }).first()
  await heading.scrollIntoViewIfNeeded()
  await expect(heading).toBeInViewport()
  // What is newer is offered beside the other buttons, which take a second line.
  await camera.alert()
  await expect(screen.getByRole('button', { name: /cảnh báo mới hơn/ })).toBeAttached()
  const overlap = await screen.evaluate(() => {
    const button = [...document.querySelectorAll('main button')].find((one) => one.textContent === 'Xuất')
    const list = document.querySelector('main [role="listbox"]')
    const bottom = button?.getBoundingClientRect().bottom ?? Number.NaN
    return bottom > (list?.getBoundingClientRect().top ?? Number.NaN)
  })
  expect(overlap).toBe(false)
})
