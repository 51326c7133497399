/** Where the keyboard is when a dialog has closed: where it was before, never nowhere; and no dialog opens unseen behind a full screen. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'jpeg-js'
import { test as base, expect } from './fixtures.ts'
import { go } from './pages.ts'

const test = base.extend<{ picture: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing
  picture: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-focus-'))
    const file = join(folder, 'yard.jpg')
    const [width, height] = [320, 240]
    writeFileSync(file, encode({ data: Buffer.alloc(width * height * 4, 90), width, height }, 80).data)
    await use(file)
    rmSync(folder, { recursive: true, force: true })
  },
})
test.describe.configure({ timeout: 90_000 })

test('a dialog gives the keyboard back; from a full screen it is seen', async ({ site, picture }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await go(screen, 'Links')
  const add = screen.getByRole('button', { name: 'Add link' })
  await add.focus()
  await screen.keyboard.press('Enter')
  const dialog = screen.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await screen.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(add).toBeFocused()

  await screen.keyboard.press('Enter')
  await dialog.getByLabel('Kind').selectOption('still-camera')
  await dialog.getByLabel('Name', { exact: true }).fill('Posters')
  await dialog.getByLabel('File or folder').fill(picture)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(add).toBeFocused()

  // A person who clicks elsewhere keeps the keyboard there.
  await go(screen, 'Cameras')
  const tile = screen.getByRole('article').filter({ hasText: 'Posters' })
  await expect(tile).toHaveAttribute('data-picture', 'live', { timeout: 20_000 })
  await tile.getByRole('button', { name: /^Posters: / }).focus()
  await screen.keyboard.press('Enter')
  await screen.keyboard.press('f')
  const isFull = () => screen.evaluate(() => document.fullscreenElement !== null)
  await expect.poll(isFull).toBe(true)
  const plan = tile.getByRole('button', { name: 'Plan…' })
  await plan.focus()
  await screen.keyboard.press('Enter')
  await expect(dialog).toBeVisible()
  await expect.poll(isFull).toBe(false)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await expect(plan).toBeFocused()
})
