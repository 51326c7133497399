/** Everything around the alerts: first steps, links, settings, roles, language, theme, and the keyboard alone. */
import { once } from 'node:events'
import { WebSocketServer } from 'ws'
import { expect, test } from './fixtures.ts'
import { act, card, focus, go } from './pages.ts'

test('the first run offers three ways to begin, and the demo brings live devices', { tag: '@node' }, async ({
  site,
}) => {
  const screen = await site.screen()
  for (const choice of [/Use the demo site/, /Connect to a server/, /Plug in hardware/])
    await expect(screen.getByRole('button', { name: choice })).toBeVisible()
  await screen.getByRole('button', { name: /Use the demo site/ }).click()
  const start = screen.getByRole('button', { name: 'Start the demo site' })
  await start.click()
  await expect(screen.getByText('DEMO', { exact: true })).toBeVisible()
  await go(screen, 'Overview')
  await expect(screen.getByRole('article').first()).toBeVisible({ timeout: 20_000 })
  await screen.getByRole('button', { name: 'Stop demo' }).click()
  await expect(screen.getByText('DEMO', { exact: true })).toBeHidden()
})

test.describe('links', () => {
  test('show what the hub is doing, and every message that crosses it', async ({ site }) => {
    const camera = await site.camera('Gate camera')
    const screen = await site.screen()
    await go(screen, 'Links')
    await expect(screen.getByText(site.hub).first()).toBeVisible()
    await expect(screen.getByText(/^live/).first()).toBeVisible()
    await expect(screen.getByText('Messages crossing this link')).toBeVisible()
    camera.say('heartbeat', { status: 'active', batteryLevel: 0.125 })
    await expect(screen.getByText(/0\.125/).first()).toBeVisible()
    await screen.getByLabel('Filter messages').fill('nothing like this')
    await expect(screen.getByText(/None of the/)).toBeVisible()
  })

  test('are added, tested, edited and removed; a server that is away is a state with a next try', async ({
    site,
  }) => {
    await site.camera('Gate camera')
    const relay = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(relay, 'listening')
    const address = relay.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const screen = await site.screen()
    await go(screen, 'Links')
    await screen.getByRole('button', { name: 'Add link' }).click()
    const dialog = screen.getByRole('dialog')
    await dialog.getByLabel('Kind').selectOption('blue-light-client')
    await dialog.getByLabel('Name', { exact: true }).fill('Relay of the port')
    await dialog.getByLabel('Server address').fill(`http://127.0.0.1:${port}`)
    await expect(dialog.getByText(/Use ws:\/\//)).toBeVisible()
    await dialog.getByLabel('Server address').fill(`ws://127.0.0.1:${port}`)
    await dialog.getByRole('button', { name: 'Test', exact: true }).click()
    await expect(dialog.getByText('The test passed.')).toBeVisible({ timeout: 15_000 })
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(dialog).toBeHidden()
    await expect(screen.getByText('Relay of the port').first()).toBeVisible()
    for (const client of relay.clients) client.terminate()
    relay.close()
    await expect(screen.getByText(/waiting, next try|opening, attempt/).first()).toBeVisible({
      timeout: 20_000,
    })
    await screen.getByText('Relay of the port').first().click()
    await screen.getByRole('button', { name: 'Retry now' }).click()
    await screen.getByRole('button', { name: 'Remove' }).click()
    await screen.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(screen.getByText('Relay of the port')).toHaveCount(0)
  })
})

test.describe('settings', () => {
  test('refuse what does not fit, keep what does, over a restart', { tag: '@node' }, async ({ site }) => {
    await site.camera('Gate camera')
    site.expectTrouble(/WebSocket connection|ERR_CONNECTION_(REFUSED|RESET)/)
    const screen = await site.screen()
    await go(screen, 'Settings')
    await screen
      .getByRole('button', { name: /Storage and log/ })
      .or(screen.getByRole('link', { name: /Storage and log/ }))
      .first()
      .click()
    const days = screen.getByLabel('Keep ended alerts (days)')
    await days.fill('0')
    await expect(screen.getByText(/From 1 to/)).toBeVisible()
    await days.fill('30')
    await days.press('Enter')
    await expect(screen.getByText('Saved', { exact: true }).first()).toBeVisible()
    await site.app.stop()
    await site.restart()
    const again = await site.screen()
    await go(again, 'Settings')
    await again
      .getByRole('button', { name: /Storage and log/ })
      .or(again.getByRole('link', { name: /Storage and log/ }))
      .first()
      .click()
    await expect(again.getByLabel('Keep ended alerts (days)')).toHaveValue('30')
  })

  test('fixed at start are shown as fixed', { tag: '@node' }, async ({ site }) => {
    await site.camera('Gate camera')
    const screen = await site.screen()
    await go(screen, 'Settings')
    await expect(screen.getByText(/fixed by --/).first()).toBeVisible()
  })

  test('a viewer changes none of them', { tag: '@node' }, async ({ site }) => {
    await site.camera('Gate camera')
    const screen = await site.screen('viewer')
    await go(screen, 'Settings')
    await expect(screen.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0)
    await expect(screen.getByText(/Only administrators|needs “administrator”/).first()).toBeVisible()
  })
})

test.describe('in Vietnamese', () => {
  test.use({ locale: 'vi-VN' })

  test('the screen speaks Vietnamese, alerts and keys included', async ({ site }) => {
    const camera = await site.camera('Camera cổng')
    const screen = await site.screen()
    await camera.alertReceived()
    const alert = card(screen, 'Camera cổng')
    await expect(alert).toHaveAccessibleName(/đang xảy ra, chưa xác nhận/)
    await focus(alert)
    await expect(act(alert, 'Xác nhận')).toBeVisible()
    await screen.keyboard.press('a')
    await expect(alert).toHaveAccessibleName(/đã xác nhận/)
    await expect(screen.locator('html')).toHaveAttribute('lang', 'vi')
  })
})

test('light and dark: the choice stays over a reload', async ({ site }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  const scheme = () => screen.locator('html').getAttribute('data-mantine-color-scheme')
  expect(await scheme()).toBe('dark')
  const dark = await screen.evaluate(() => getComputedStyle(document.body).backgroundColor)
  await screen.getByRole('button', { name: 'Light theme' }).click()
  await expect.poll(scheme).toBe('light')
  expect(await screen.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(dark)
  await screen.reload()
  await expect.poll(scheme).toBe('light')
})

test('the keyboard alone: views, alerts, acknowledgement, search, help and back', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await camera.alertReceived()
  await camera.alertReceived()
  await expect(card(screen, 'Gate camera')).toHaveCount(2)
  await screen.keyboard.press('j')
  const current = screen.locator('article[aria-current="true"]')
  await expect(current).toHaveCount(1)
  await screen.keyboard.press('a')
  await expect(current).toHaveAccessibleName(/acknowledged by/)
  await screen.keyboard.press('/')
  await expect(screen.getByRole('searchbox', { name: /Search/ }).first()).toBeFocused()
  await screen.keyboard.press('Escape')
  for (const [key, view] of [
    ['7', 'Links'],
    ['9', 'Settings'],
    ['6', 'History'],
    ['5', 'Vehicles'],
    ['2', 'Cameras'],
    ['3', 'Faces'],
    ['8', 'Rules'],
    ['1', 'Overview'],
  ] as const) {
    await screen.keyboard.press(key)
    await expect(
      screen.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }),
    ).toHaveAttribute('aria-current', /page|true/)
  }
  await screen.keyboard.press('?')
  await expect(screen.getByRole('dialog')).toContainText('There is no way to acknowledge everything at once')
  await screen.keyboard.press('Escape')
  await expect(screen.getByRole('dialog')).toHaveCount(0)
})

test('nothing comes from anywhere but the app itself', { tag: '@node' }, async ({ site }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  const asked: string[] = []
  screen.on('request', (request) => asked.push(request.url()))
  await screen.reload()
  for (const view of ['Blue alerts', 'History', 'Links', 'Settings', 'Overview'] as const)
    await go(screen, view)
  const { origin } = new URL(screen.url())
  expect(asked.filter((url) => !url.startsWith(origin) && !url.startsWith('blob:'))).toEqual([])
  expect(screen.url()).not.toContain('token')
})
