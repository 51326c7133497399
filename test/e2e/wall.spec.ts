/** The wall: cameras of files and of MJPEG, groups, layouts, windows of its own, and the way to it from an alert. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { encode } from 'jpeg-js'
import { startOpenEye } from '../sim/openeye/server.ts'
import { BadCamera, film, guarded } from '../unit/drivers/cameras/stand.ts'
import { test as base, expect } from './fixtures.ts'
import { addOpenEye, go, linkRow, sighting, tile } from './pages.ts'

const test = base.extend<{ folder: string; camera: BadCamera }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-wall-'))
    for (let at = 0; at < 8; at++) writeFileSync(join(folder, `${at}.jpg`), shade(at * 30))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  camera: async ({}, use) => {
    const camera = await BadCamera.start(guarded('SHA-256', film([shade(20), shade(120), shade(220)], 60)))
    await use(camera)
    await camera.close()
  },
})
test.describe.configure({ timeout: 90_000 })

function shade(value: number): Buffer {
  const [width, height] = [320, 240]
  return Buffer.from(encode({ data: Buffer.alloc(width * height * 4, value), width, height }, 80).data)
}

async function add(
  screen: Page,
  kind: string,
  name: string,
  fill: (dialog: Locator) => Promise<void>,
): Promise<void> {
  await go(screen, 'Links')
  await screen.getByRole('button', { name: 'Add link' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption(kind)
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await fill(dialog)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
}

function addPictures(screen: Page, name: string, folder: string, place: string): Promise<void> {
  return add(screen, 'still-camera', name, async (dialog) => {
    await dialog.getByLabel('File or folder').fill(folder)
    await dialog.getByLabel('Pictures per second').fill('8')
    await dialog.getByLabel('Place').fill(place)
  })
}

const wall = (page: Page) => page.locator('ul[data-enlarged]')
const named = (page: Page, name: string) =>
  page.getByRole('article').filter({ has: page.getByRole('button', { name: new RegExp(`^${name}: `) }) })

test('an MJPEG camera that asks for Digest, and a folder of pictures, are live side by side', {
  tag: '@node',
}, async ({ site, camera, folder }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await add(screen, 'mjpeg-camera', 'Yard', async (dialog) => {
    await dialog.getByLabel('Address of the stream').fill(camera.url)
    await dialog.getByLabel('Log in with').selectOption('password')
    await dialog.getByLabel('User name').fill('admin')
    await dialog.getByLabel('Password', { exact: true }).fill('right horse')
    await dialog.getByRole('button', { name: 'Test' }).click()
    await expect(dialog).toContainText('a picture of 320 × 240 came', { timeout: 15_000 })
  })
  await expect(linkRow(screen, 'Yard')).toContainText(/live/, { timeout: 15_000 })
  await addPictures(screen, 'Posters', folder, 'Lobby')
  await go(screen, 'Cameras')
  for (const name of ['Yard', 'Posters'])
    await expect(named(screen, name)).toHaveAttribute('data-picture', 'live', { timeout: 20_000 })

  const [download] = await Promise.all([
    screen.waitForEvent('download'),
    named(screen, 'Posters')
      .getByRole('button', { name: /^Save picture/ })
      .click({ force: true }),
  ])
  expect(download.suggestedFilename()).toMatch(/^Posters_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\+0700\.jpg$/)
})

test('layouts in one press, a filter, groups opened as walls, and a group kept under a name', {
  tag: '@node',
}, async ({ site, folder }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  for (const [name, place] of [
    ['North one', 'North'],
    ['North two', 'North'],
    ['South one', 'South'],
    ['Spare', ''],
  ] as const)
    await addPictures(screen, name, folder, place)
  await go(screen, 'Cameras')
  await expect(wall(screen).getByRole('article')).toHaveCount(4)

  await screen.getByRole('button', { name: '1 tiles', exact: true }).click()
  await expect(wall(screen).getByRole('article')).toHaveCount(1)
  await screen.getByRole('button', { name: '4 tiles', exact: true }).click()
  await expect(wall(screen).getByRole('article')).toHaveCount(4)
  await expect(screen.getByRole('button', { name: '4 tiles', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await screen.getByRole('button', { name: '16 tiles', exact: true }).click()
  expect(await wall(screen).evaluate((grid) => grid.style.gridTemplateColumns)).toContain('repeat(4')

  const list = screen.getByRole('searchbox', { name: 'Filter cameras' })
  if (!(await list.isVisible())) await screen.getByRole('button', { name: 'List', exact: true }).click()
  await list.fill('south')
  await expect(screen.getByRole('button', { name: /South one/, pressed: true }).first()).toBeVisible()
  await expect(screen.getByTitle('Take Spare off the wall')).toBeHidden()
  await list.fill('')
  await screen.getByLabel('Group cameras').selectOption('place')
  const north = screen.getByRole('region', { name: 'North' })
  await north.getByRole('button', { name: 'Open' }).click()
  await expect(wall(screen)).toHaveAccessibleName('North')
  await expect(wall(screen).getByRole('article')).toHaveCount(2)

  await screen.getByRole('button', { name: 'Save as…' }).click()
  await screen.getByRole('dialog').getByLabel('Name').fill('Night')
  await screen.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await expect(screen.getByLabel('Wall', { exact: true })).toContainText('Night')
  await screen.getByRole('button', { name: '1 tiles', exact: true }).click()
  await screen.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(screen.getByText('Changed on this screen only')).toBeHidden()
  await screen.reload()
  await expect(wall(screen)).toHaveAccessibleName('Night')
  await expect(wall(screen).getByRole('article')).toHaveCount(1)
})

test('a wall in a window of its own has no rail, its own choice, and live pictures', {
  tag: '@node',
}, async ({ site, folder, context }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addPictures(screen, 'Posters', folder, 'Lobby')
  await addPictures(screen, 'Signs', folder, 'Yard')
  await go(screen, 'Cameras')
  await screen.getByLabel('Wall', { exact: true }).selectOption('group:place:Lobby')
  await expect(wall(screen).getByRole('article')).toHaveCount(1)
  const [other] = await Promise.all([
    context.waitForEvent('page'),
    screen.getByRole('button', { name: 'Other window' }).click(),
  ])
  await expect(named(other, 'Posters')).toHaveAttribute('data-picture', 'live', { timeout: 20_000 })
  await expect(other.getByRole('navigation', { name: 'Views' })).toBeHidden()
  await expect(other.getByRole('button', { name: 'Webcam…' })).toBeHidden()
  expect(other.url()).not.toContain('token')
  await other.getByLabel('Wall', { exact: true }).selectOption('all')
  await expect(wall(other).getByRole('article')).toHaveCount(2)
  await screen.reload()
  await expect(wall(screen)).toHaveAccessibleName('Lobby')
})

test('with fingers only, the buttons of a tile are there without hovering, and large enough', {
  tag: '@node',
}, async ({ site, folder, browser }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addPictures(screen, 'Posters', folder, 'Lobby')
  const context = await browser.newContext({
    hasTouch: true,
    isMobile: true,
    viewport: { width: 1280, height: 800 },
  })
  const tablet = await context.newPage()
  const token = await screen.evaluate(() => sessionStorage.getItem('watchfloor.token'))
  await tablet.goto(`${new URL(screen.url()).origin}/#token=${token}`)
  await tablet.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Cameras' }).tap()
  const enlarge = named(tablet, 'Posters').getByRole('button', { name: /^Enlarge/ })
  await expect(enlarge).toBeVisible()
  expect(await enlarge.evaluate((button) => getComputedStyle(button.parentElement ?? button).opacity)).toBe(
    '1',
  )
  expect((await enlarge.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await enlarge.tap()
  await expect(wall(tablet)).toHaveAttribute('data-enlarged', 'true')
  await context.close()
})

test('a camera in a small window goes on being shown while the operator works elsewhere', {
  tag: '@node',
}, async ({ site, folder }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addPictures(screen, 'Posters', folder, 'Lobby')
  await go(screen, 'Cameras')
  await expect(named(screen, 'Posters')).toHaveAttribute('data-picture', 'live', { timeout: 20_000 })
  const button = named(screen, 'Posters').getByRole('button', { name: /mall window/ })
  await button.click({ force: true })
  await expect(button).toHaveText('Close small window')
  const small = () =>
    screen.evaluate(() => {
      const { window: inner } = Reflect.get(window, 'documentPictureInPicture') as { window: Window | null }
      const video = inner?.document.querySelector('video')
      return { title: inner?.document.title, frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0 }
    })
  await go(screen, 'History')
  await expect.poll(async () => (await small()).frames, { timeout: 15_000 }).toBeGreaterThan(3)
  expect((await small()).title).toBe('Posters')
  await go(screen, 'Cameras')
  await button.click({ force: true })
  await expect(button).toHaveText('Small window')
})

test('a sighting leads to its camera, enlarged; an alert of a known camera shows its live picture', {
  tag: '@node',
}, async ({ site }) => {
  const openEye = await startOpenEye({ statisticsMs: 1000, framesPerSecond: 10 })
  try {
    await site.camera('Gate camera')
    const screen = await site.screen()
    await addOpenEye(screen, 'Gatehouse', openEye)
    await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
    await go(screen, 'Rules')
    await screen.getByRole('button', { name: /Unknown face anywhere/ }).click()
    await screen.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await expect(screen.getByRole('dialog')).toBeHidden()
    openEye.see('lobby', null)
    await go(screen, 'Overview')
    const incident = screen.getByRole('button', { name: 'Camera', exact: true })
    await screen
      .getByRole('article')
      .filter({ hasText: 'Unknown face anywhere' })
      .first()
      .click({ timeout: 20_000 })
    await incident.click()
    await expect(screen.locator('[data-camera$="/lobby"][data-picture="live"]').first()).toBeVisible({
      timeout: 15_000,
    })
    // A wall of one's own, changed and not saved, without that camera: it is lent, not taken.
    await go(screen, 'Cameras')
    const lobby = tile(screen, 'lobby')
    await lobby.hover()
    await lobby.getByRole('button', { name: /Take off/ }).click()
    await expect(lobby).toBeHidden()
    await go(screen, 'Overview')
    await screen.getByRole('button', { name: 'Show in Cameras' }).first().click()
    await expect(wall(screen)).toHaveAttribute('data-enlarged', 'true')
    await expect(lobby.getByRole('button', { name: /Back to the wall/ })).toBeVisible()
    await expect(lobby).toHaveAttribute('data-picture', 'live', { timeout: 15_000 })
    await screen.getByRole('button', { name: 'Back to my wall' }).click()
    await expect(lobby).toBeHidden()
    await expect(screen.getByText('Changed on this screen only, not saved')).toBeVisible()
    await expect(screen.getByRole('button', { name: 'Back to my wall' })).toBeHidden()

    await go(screen, 'Faces')
    await sighting(screen, 'Unknown').click()
    await screen.getByRole('button', { name: 'Show in Cameras' }).click()
    await expect(tile(screen, 'lobby').getByRole('button', { name: /Back to the wall/ })).toBeVisible()
  } finally {
    await openEye.close()
  }
})
