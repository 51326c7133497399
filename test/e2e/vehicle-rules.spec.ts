/** The rules of vehicles: shown in words, changed by an administrator, and what they say is what is alerted. */
import { addVehicle, go, reading, vehicleAlert } from './pages.ts'
import { expect, test } from './vehicles.ts'

test('an administrator raises the battery’s threshold, and the alert comes', async ({ site, yard }) => {
  const sim = await yard.network({ state: 'IDLE' })
  sim.set({ batteryPercent: 60 })
  const screen = await site.screen()
  await addVehicle(screen, { name: 'Firmware', vehicle: 'OHT-50-001', httpUrl: sim.httpUrl })
  await go(screen, 'Vehicles')
  await expect(reading(screen, 'Battery')).toContainText('60')
  await go(screen, 'Rules')
  const rule = screen
    .getByRole('list', { name: 'Vehicles' })
    .getByRole('listitem')
    .filter({ hasText: 'Battery low' })
  await expect(rule).toContainText('Below 20 %, over at 22 %. Raised after 5 s, cleared after 5 s.')
  await rule.getByRole('button', { name: 'Edit “Battery low”' }).click()
  const dialog = screen.getByRole('dialog')
  const save = dialog.getByRole('button', { name: 'Save', exact: true })
  await dialog.getByLabel('Below (%)').fill('101')
  await expect(dialog.getByText('A number from 0 to 100.')).toBeVisible()
  await expect(save).toBeDisabled()
  await dialog.getByLabel('Below (%)').fill('70')
  await dialog.getByLabel('Raise after (s)').fill('0')
  await dialog.getByLabel('Level').selectOption('emergency')
  await save.click()
  await expect(dialog).toBeHidden()
  await expect(rule).toContainText('Below 70 %, over at 72 %. Raised after 0 s, cleared after 5 s.')
  await go(screen, 'Overview')
  await expect(vehicleAlert(screen, /battery 60(\.\d)? %, below 70 %/)).toHaveAccessibleName(/^critical/i)
})

test('a viewer sees the rules and changes none', { tag: '@node' }, async ({ site, yard }) => {
  const sim = await yard.network()
  await addVehicle(await site.screen(), { name: 'Firmware', vehicle: 'OHT-50-001', httpUrl: sim.httpUrl })
  const viewer = await site.screen('viewer')
  await go(viewer, 'Rules')
  const rules = viewer.getByRole('list', { name: 'Vehicles' })
  await expect(rules.getByRole('listitem')).toHaveCount(12)
  await expect(rules.getByRole('button', { name: 'Edit “Battery low”' })).toBeDisabled()
  await expect(rules.getByRole('switch', { name: '“Battery low” in force' })).toBeDisabled()
})
