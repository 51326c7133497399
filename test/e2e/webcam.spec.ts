/** A screen's own webcam as a camera of the site: chosen, seen by another screen, taken over, stopped, refused. Chromium's made-up webcam stands in. */
import type { Locator, Page } from '@playwright/test'
import { test as base, expect, type NodeSite } from './fixtures.ts'
import { go, tile } from './pages.ts'

const asRoot = process.getuid?.() === 0
const browserFlags = [
  ...(asRoot ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
]

const test = base.extend({})
test.use({
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...browserFlags, '--use-fake-ui-for-media-stream'],
  },
})
// Two pages on two cores.
test.describe.configure({ timeout: 90_000 })

async function addWebcam(screen: Page, name: string): Promise<void> {
  await go(screen, 'Links')
  await screen.getByRole('button', { name: 'Add link' }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption('webcam')
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByLabel('Place').fill('Gatehouse')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
}

async function turnOn(screen: Page): Promise<void> {
  await go(screen, 'Cameras')
  await screen.getByRole('button', { name: 'Webcam…' }).click()
  const dialog = screen.getByRole('dialog')
  await expect(dialog).toContainText('only while somebody looks')
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await expect(dialog).toBeHidden()
}

/** That its pixels change between two looks is what "live" means. */
async function moves(camera: Locator): Promise<void> {
  await expect(camera).toHaveAttribute('data-picture', 'live', { timeout: 20_000 })
  const look = () =>
    camera.locator('[data-live-picture]').evaluate((element) => {
      const small = document.createElement('canvas')
      small.width = 64
      small.height = 48
      const context = small.getContext('2d')
      context?.drawImage(element as HTMLVideoElement, 0, 0, 64, 48)
      return [...(context?.getImageData(0, 0, 64, 48).data ?? [])].join()
    })
  const first = await look()
  await expect.poll(look, { timeout: 15_000 }).not.toBe(first)
}

async function ready(site: NodeSite): Promise<Page> {
  await site.camera('Gate camera')
  return site.screen()
}

const mark = (screen: Page) => screen.getByRole('status').filter({ hasText: 'This screen’s webcam' })

test('is seen on another screen, says on every view that it is on, and ends with one press', {
  tag: '@node',
}, async ({ site }) => {
  const screen = await ready(site)
  await addWebcam(screen, 'Desk')
  await go(screen, 'Cameras')
  await expect(tile(screen, 'main')).toContainText('no screen sends this webcam')

  await turnOn(screen)
  await moves(tile(screen, 'main'))
  await expect(mark(screen)).toContainText('is being sent as “Desk”')

  const other = await site.screen('viewer')
  await go(other, 'Cameras')
  await moves(tile(other, 'main'))
  await expect(tile(other, 'main')).toContainText('640×480')
  await expect(other.getByRole('button', { name: 'Webcam…' })).toBeDisabled()

  // Nobody looks: nothing is sent, although it stays on.
  await go(other, 'History')
  await go(screen, 'History')
  await expect(mark(screen)).toContainText('Nobody looks: nothing is sent.', { timeout: 15_000 })
  await go(other, 'Cameras')
  await moves(tile(other, 'main'))
  await expect(mark(screen)).toContainText('is being sent')

  await mark(screen).getByRole('button', { name: 'Stop' }).click()
  await expect(mark(screen)).toBeHidden()
  await expect(tile(other, 'main')).toContainText('no screen sends this webcam', { timeout: 15_000 })
  await expect(tile(other, 'main')).toHaveAttribute('data-picture', 'lost')
  await screen.reload()
  await expect(screen.getByRole('navigation', { name: 'Views' })).toBeVisible()
  await expect(mark(screen)).toBeHidden()
})

test('the newest screen is the camera, and the one before is told', { tag: '@node' }, async ({ site }) => {
  const first = await ready(site)
  await addWebcam(first, 'Desk')
  await turnOn(first)
  await moves(tile(first, 'main'))

  const second = await site.screen('operator')
  await turnOn(second)
  await expect(mark(first)).toContainText('Another screen', { timeout: 15_000 })
  await expect(mark(first)).toContainText('is off')
  await moves(tile(second, 'main'))
  await mark(first).getByRole('button', { name: 'Try again' }).click()
  await expect(mark(second)).toContainText('Another screen', { timeout: 15_000 })
})

test('a reload goes on sending, where the browser need not ask', { tag: '@node' }, async ({
  site,
  context,
}) => {
  const screen = await ready(site)
  await context.grantPermissions(['camera'])
  await addWebcam(screen, 'Desk')
  await turnOn(screen)
  await moves(tile(screen, 'main'))
  await screen.reload()
  await moves(tile(screen, 'main'))
  await expect(mark(screen)).toContainText('is being sent as “Desk”')
})

test('without MediaStreamTrackProcessor, as in other browsers, frames come from a video', {
  tag: '@node',
}, async ({ site }) => {
  const screen = await ready(site)
  await screen.addInitScript(() => Reflect.deleteProperty(window, 'MediaStreamTrackProcessor'))
  await screen.reload()
  await addWebcam(screen, 'Desk')
  await turnOn(screen)
  await moves(tile(screen, 'main'))
})

test('goes on by itself when the app was away for a moment', { tag: '@node' }, async ({ site }) => {
  site.expectTrouble(/WebSocket connection|ERR_CONNECTION_(REFUSED|RESET)/)
  const screen = await ready(site)
  await addWebcam(screen, 'Desk')
  await turnOn(screen)
  await moves(tile(screen, 'main'))
  await site.app.kill()
  await expect(tile(screen, 'main')).toHaveAttribute('data-picture', /late|lost/, { timeout: 15_000 })
  await site.restart()
  await moves(tile(screen, 'main'))
  await expect(mark(screen)).toContainText('is being sent as “Desk”')
})

test('each refusal of the browser says what to do', { tag: '@node' }, async ({ site }) => {
  const screen = await ready(site)
  await addWebcam(screen, 'Desk')
  const cases = [
    ['NotAllowedError', 'Allow the camera for this page'],
    ['NotFoundError', 'Plug it in, or choose another'],
    ['NotReadableError', 'Another program uses it'],
    ['TypeError', 'The browser said: made up'],
  ] as const
  for (const [name, words] of cases) {
    await screen.evaluate((named) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('made up', named))
    }, name)
    await turnOn(screen)
    await expect(mark(screen)).toContainText(words)
    await mark(screen).getByRole('button', { name: 'Close' }).click()
    await expect(mark(screen)).toBeHidden()
  }
})
