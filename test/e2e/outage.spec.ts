/** When something is gone: the app, the devices, everything. The screen must say so, and never show old values as new. @node */
import { expect, test } from './fixtures.ts'
import { card, go, row } from './pages.ts'

test('the app is killed: the screen says the link is lost and how old everything is; a restart heals it', {
  tag: '@node',
}, async ({ site }) => {
  site.expectTrouble(/WebSocket connection|ERR_CONNECTION_(REFUSED|RESET)/)
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await camera.alertReceived()
  await expect(card(screen, 'Gate camera')).toBeVisible()
  await site.app.kill()
  const lost = screen.getByRole('alert').filter({ hasText: /core is lost|stopped answering/ })
  await expect(lost).toBeVisible()
  await expect(lost).toContainText(/last heard .* ago/)
  // What was there stays, and says what it is.
  await expect(card(screen, 'Gate camera')).toBeVisible()
  await site.restart()
  await expect(lost).toBeHidden({ timeout: 20_000 })
  await expect(card(screen, 'Gate camera')).toBeVisible()
  await camera.closed()
  await camera.connect(site.hub)
  const id = await camera.alertReceived({ intensity: 0.99 })
  expect(id).toBeTruthy()
  await expect(card(screen, 'Gate camera')).toHaveCount(2)
})

test.describe('a device that falls silent', () => {
  test.use({ flags: ['--heartbeat-ms', '1000'] })

  test('raises one alert that clears by itself when it is heard again', async ({ site }) => {
    const camera = await site.camera('Yard camera')
    const other = await site.camera('Gate camera')
    const beating = setInterval(() => other.heartbeat(), 300)
    try {
      const screen = await site.screen()
      const silent = card(screen, 'Yard camera', /Device silent/)
      await expect(silent).toHaveCount(1, { timeout: 15_000 })
      await expect(card(screen, 'Gate camera', /Device silent/)).toHaveCount(0)
      const backTo = setInterval(() => camera.heartbeat(), 300)
      await expect(card(screen, 'Yard camera', /returned to normal, not yet seen/)).toBeVisible({
        timeout: 15_000,
      })
      clearInterval(backTo)
    } finally {
      clearInterval(beating)
    }
  })

  test('with all the others is one alert for the link, not one per device', async ({ site }) => {
    const cameras = await Promise.all(
      ['One', 'Two', 'Three', 'Four', 'Five'].map((name) => site.camera(`${name} camera`)),
    )
    // Heard of until the end: a screen that takes its time to open must not make them silent once before.
    const beating = setInterval(() => {
      for (const camera of cameras) camera.heartbeat()
    }, 300)
    const screen = await site.screen()
    clearInterval(beating)
    await Promise.all(cameras.map((camera) => camera.close()))
    const link = screen.getByRole('article', { name: /Link silent|Device silent/ })
    await expect(link.first()).toBeVisible({ timeout: 15_000 })
    await expect(screen.getByRole('article', { name: /Link silent/ })).toHaveCount(1, { timeout: 15_000 })
    await expect(screen.getByRole('article', { name: /Device silent.*active/ })).toHaveCount(0)
  })
})

test('with every device and the app restarted, History still filters, searches, opens and exports', {
  tag: '@node',
}, async ({ site }) => {
  const camera = await site.camera('Gate camera', { location: 'north gate' })
  const other = await site.camera('Yard camera', { location: 'south yard' })
  for (let n = 0; n < 5; n += 1) await camera.alertReceived({ intensity: 0.5 + n / 10 })
  await other.alertReceived()
  await camera.close()
  await other.close()
  await site.app.stop()
  await site.restart()

  const screen = await site.screen()
  await go(screen, 'History')
  await expect(row(screen, 'Gate camera')).toHaveCount(5)
  await expect(row(screen, 'Yard camera')).toHaveCount(1)

  const search = screen.getByRole('searchbox', { name: /Search/ })
  await search.fill('south')
  await expect(row(screen, 'Gate camera')).toHaveCount(0)
  await expect(row(screen, 'Yard camera')).toHaveCount(1)
  await search.fill('')
  await expect(row(screen, 'Gate camera')).toHaveCount(5)

  await screen.getByRole('button', { name: /^Device/ }).click()
  await screen.getByRole('checkbox', { name: 'Gate camera' }).check()
  await screen.keyboard.press('Escape')
  await expect(row(screen, 'Yard camera')).toHaveCount(0)

  await row(screen, 'Gate camera').first().click()
  const detail = screen.getByRole('region', { name: 'Alert', exact: true })
  await expect(detail.getByRole('listitem').filter({ hasText: 'raised' })).toBeVisible()
  await expect(detail.getByText('Message as it arrived')).toBeVisible()

  await screen.getByRole('button', { name: 'Export' }).click()
  const downloading = screen.waitForEvent('download')
  await screen.getByRole('button', { name: /CSV/ }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/\.csv$/)
  const lines = (await textOf(download))
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')
  expect(lines[0]).toMatch(/^seq,source,sourceId,kind,priority,state,raisedAt/)
  expect(lines).toHaveLength(6)
  expect(lines.slice(1).every((line) => line.includes('Gate camera'))).toBe(true)
})

async function textOf(download: { createReadStream(): Promise<NodeJS.ReadableStream> }): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of await download.createReadStream()) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString('utf8')
}
