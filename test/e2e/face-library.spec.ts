/** The library of this installation as a person tends it, with a face server whose sightings carry the same names. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Api } from '../../src/contract/api.ts'
import { LinkId } from '../../src/contract/links.ts'
import { apiVersion } from '../../src/contract/version.ts'
import { createClient } from '../../src/rpc/client.ts'
import { webSocketWire } from '../../src/rpc/web-socket-wire.ts'
import { startOpenEye } from '../sim/openeye/server.ts'
import { expect, test } from './fixtures.ts'
import { addOpenEye, go, linkRow, sighting } from './pages.ts'

const engine = LinkId.parse('device-faces')
const photo = {
  mime: 'image/jpeg',
  base64: readFileSync(join(import.meta.dirname, '../assets/faces/collins.jpg')).toString('base64'),
} as const

test.describe.configure({ timeout: 90_000 })

test('two people who are one: a dialog names both, then photos and sightings are one person’s', {
  tag: '@node',
}, async ({ site }) => {
  const openEye = await startOpenEye({ framesPerSecond: 5 })
  const { url, token } = await site.app.ready
  const client = createClient<Api>(
    () => webSocketWire(new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/rpc`)),
    { version: apiVersion, token },
  )
  try {
    await expect.poll(() => client.status.is).toBe('ready')
    for (const name of ['Ann Le', 'Le Thi An']) {
      await client.call('people.add', { link: engine, name })
      await client.call('people.photos.add', { id: `${engine}/${name}`, photo })
    }
    await site.camera('Gate camera')
    const screen = await site.screen()
    await addOpenEye(screen, 'Gatehouse', openEye)
    await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
    openEye.see('front_door', 'Ann Le')
    await go(screen, 'Faces')
    await expect(sighting(screen, 'Ann Le')).toBeVisible({ timeout: 15_000 })

    await screen.getByRole('tab', { name: 'People' }).click()
    const own = screen
      .getByRole('region', { name: 'People by face server' })
      .locator('section')
      .filter({ hasText: 'Le Thi An' })
    await own.getByRole('button', { name: /^Ann Le/ }).click()
    const person = screen.getByRole('region', { name: 'Person', exact: true })
    await person.getByRole('button', { name: 'Merge…' }).click()
    const dialog = screen.getByRole('dialog', { name: 'Merge Ann Le into somebody else' })
    await expect(dialog.getByRole('button', { name: 'Merge for good' })).toBeDisabled()
    await dialog.getByRole('combobox', { name: 'Who they are' }).click()
    await screen.getByRole('option', { name: 'Le Thi An' }).click()
    await expect(dialog).toContainText('Ann Le and Le Thi An become one person, Le Thi An')
    await expect(dialog).toContainText('who then has 2 photos')
    await expect(dialog).toContainText('This cannot be undone')
    await dialog.getByRole('button', { name: 'Merge for good' }).click()
    await expect(dialog).toBeHidden()
    await expect(person.getByRole('heading', { name: 'Le Thi An' })).toBeVisible()
    await expect(own.getByRole('button', { name: /^Le Thi An\s*2 photos/ })).toBeVisible()
    await expect(own.getByRole('button', { name: /^Ann Le/ })).toHaveCount(0)

    await screen.getByRole('tab', { name: 'Sightings' }).click()
    await expect(sighting(screen, 'Le Thi An')).toBeVisible()
    await expect(sighting(screen, 'Ann Le')).toHaveCount(0)
  } finally {
    client.close()
    await openEye.close()
  }
})

test('a face nobody knows is dismissed: off the queue, in the history with who and when', {
  tag: '@node',
}, async ({ site }) => {
  const openEye = await startOpenEye({ framesPerSecond: 5 })
  try {
    await site.camera('Gate camera')
    const screen = await site.screen()
    await addOpenEye(screen, 'Gatehouse', openEye)
    await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
    openEye.see('front_door', null)
    await go(screen, 'Faces')
    const who = screen.getByRole('combobox', { name: 'Known or not' })
    await who.selectOption('unknown')
    await sighting(screen, 'Unknown').click({ timeout: 15_000 })
    const detail = screen.getByRole('region', { name: 'Sighting', exact: true })
    await detail.getByRole('button', { name: 'Dismiss' }).click()
    await expect(sighting(screen, 'Unknown')).toHaveCount(0)
    await expect(detail.getByRole('button', { name: 'Dismiss' })).toHaveCount(0)
    await expect(detail).toContainText(/Dismissed\s*by .+\d\d:\d\d/)
    await who.selectOption('all')
    await sighting(screen, 'Unknown').click()
    await expect(detail).toContainText(/Dismissed\s*by /)
  } finally {
    await openEye.close()
  }
})
