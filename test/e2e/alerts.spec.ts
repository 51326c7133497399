/** The main job: an alert appears, a person acts on it, the camera learns of it, and every act is what it says and nothing more. */
import { expect, test } from './fixtures.ts'
import { act, card, focus } from './pages.ts'

test('an alert appears on the screen after it is on disk, with its measures', async ({ site }) => {
  const camera = await site.camera('Gate camera', { location: 'north gate' })
  const screen = await site.screen()
  const id = camera.alert({ intensity: 0.85, duration: 2.5, confidence: 0.92 })
  const alert = card(screen, 'Gate camera')
  await expect(alert).toHaveAccessibleName(/active, not acknowledged/)
  await expect(alert).toContainText('0.85')
  await expect(alert).toContainText('stored')
  await camera.ack(id, 'received')
})

test('a bare client that only registers and alerts is heard', async ({ site }) => {
  const camera = await site.camera('Bare camera')
  const screen = await site.screen()
  camera.say('blueAlert', { intensity: 0.7 })
  await expect(card(screen, 'Bare camera')).toBeVisible()
})

test('A acknowledges the alert in focus, by keyboard; the camera is told and the card says so', async ({
  site,
}) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  const id = await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await focus(alert)
  await screen.keyboard.press('a')
  await expect(alert).toHaveAccessibleName(/acknowledged by/)
  expect(await camera.ack(id, 'acknowledged')).toMatchObject({ messageId: id, status: 'acknowledged' })
  await expect(alert).toContainText('camera told')
  // Acknowledged and still active: it must not vanish.
  await expect(alert).toBeVisible()
})

test('A without focus acknowledges nothing', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await expect(alert).toBeVisible()
  await screen.locator('body').press('a')
  await screen.locator('body').press('?')
  await expect(screen.getByRole('dialog')).toBeVisible()
  await screen.keyboard.press('Escape')
  await expect(alert).toHaveAccessibleName(/active, not acknowledged/)
})

test('an acknowledgement for a camera that is away waits, says so, and arrives when the camera returns', async ({
  site,
}) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  const id = await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await expect(alert).toBeVisible()
  await camera.close()
  await focus(alert)
  await screen.keyboard.press('a')
  await expect(alert).toContainText('waiting to tell camera')
  await camera.connect(site.hub)
  await camera.ack(id, 'acknowledged')
  await expect(alert).toContainText('camera told')
})

test('silence is not acknowledge', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await focus(alert)
  await screen.keyboard.press('s')
  await expect(alert).toContainText('silenced')
  await expect(alert).toHaveAccessibleName(/active, not acknowledged/)
  expect(camera.acks.filter((ack) => ack.status !== 'received')).toEqual([])
})

test('shelving asks for a reason, takes the alert aside, and it can be brought back', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await focus(alert)
  await screen.keyboard.press('h')
  const dialog = screen.getByRole('dialog')
  const submit = dialog.getByRole('button', { name: 'Shelve', exact: true })
  await expect(submit).toBeDisabled()
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('lamp being repaired')
  await submit.click()
  await expect(dialog).toBeHidden()
  await screen
    .getByRole('tab', { name: /Shelved/ })
    .or(screen.getByRole('radio', { name: /Shelved/ }))
    .first()
    .click()
  const shelved = card(screen, 'Gate camera', /shelved until/)
  await expect(shelved).toBeVisible()
  await focus(shelved)
  await act(shelved, 'Unshelve').click()
  await expect(shelved).toBeHidden()
  await screen
    .getByRole('tab', { name: /Active/ })
    .or(screen.getByRole('radio', { name: /Active/ }))
    .first()
    .click()
  await expect(card(screen, 'Gate camera', /active, not acknowledged/)).toBeVisible()
})

test('closing needs an acknowledgement first and a word on what it was', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await focus(alert)
  await expect(act(alert, 'Close')).toHaveCount(0)
  await screen.keyboard.press('a')
  await expect(alert).toHaveAccessibleName(/acknowledged by/)
  await screen.keyboard.press('c')
  const dialog = screen.getByRole('dialog')
  await dialog.getByText('False alarm').click()
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(alert).toBeHidden()
})

test('a note is kept with the alert', { tag: '@node' }, async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await focus(alert)
  await screen.keyboard.press('n')
  const dialog = screen.getByRole('dialog')
  await dialog.getByRole('textbox', { name: /Note/ }).fill('guard sent')
  await dialog
    .getByRole('button', { name: /Save|Note/ })
    .last()
    .click()
  await expect(dialog).toBeHidden()
  await expect(alert).toHaveAccessibleName(/active, not acknowledged/)
  const answer = await site.get('/api/alerts?q=guard')
  expect(await answer.json()).toMatchObject({ alerts: [{ note: 'guard sent' }] })
})

test('two screens see the same: what one acknowledges, the other shows', { tag: '@node' }, async ({
  site,
}) => {
  const camera = await site.camera('Gate camera')
  const first = await site.screen()
  const second = await site.screen('operator')
  await camera.alertReceived()
  await expect(card(second, 'Gate camera')).toBeVisible()
  await focus(card(first, 'Gate camera'))
  await first.keyboard.press('a')
  await expect(card(second, 'Gate camera', /acknowledged by/)).toBeVisible()
})

test('a viewer sees the alert and can do nothing to it', { tag: '@node' }, async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen('viewer')
  await camera.alertReceived()
  const alert = card(screen, 'Gate camera')
  await focus(alert)
  await expect(act(alert, 'Acknowledge')).toHaveCount(0)
  await screen.keyboard.press('a')
  await screen.keyboard.press('?')
  await screen.keyboard.press('Escape')
  await expect(alert).toHaveAccessibleName(/active, not acknowledged/)
})

test('a repeat of the same alert is one card, a recurrence is a second one', async ({ site }) => {
  const camera = await site.camera('Gate camera')
  const screen = await site.screen()
  const id = camera.alert()
  camera.again(id)
  await camera.ack(id, 'received')
  await expect(card(screen, 'Gate camera')).toHaveCount(1)
  await camera.alertReceived()
  await expect(card(screen, 'Gate camera')).toHaveCount(2)
})

test('names with markup stay text', async ({ site }) => {
  const name = '<img src=x onerror=alert(1)>'
  const camera = await site.camera('evil', { deviceName: name, location: '"><script>alert(1)</script>' })
  const screen = await site.screen()
  await camera.alertReceived()
  await expect(card(screen, name)).toBeVisible()
  expect(await screen.locator('img[src="x"]').count()).toBe(0)
})
