/** The flight recorder as a person meets it: an alert of a recorded camera shows what was before it, also when the camera is gone. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Download, Locator, Page } from '@playwright/test'
import { type OpenEyeSim, startOpenEye } from '../sim/openeye/server.ts'
import { test as base, expect } from './fixtures.ts'
import { addOpenEye, go, linkRow, row, tile } from './pages.ts'

const test = base.extend<{ openEye: OpenEyeSim }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing
  openEye: async ({}, use) => {
    const sim = await startOpenEye({ statisticsMs: 1000, framesPerSecond: 10 })
    await use(sim)
    await sim.close()
  },
})

// Four screens' worth of steps, and a link that has to be missed: a busy machine takes its time.
test.describe.configure({ timeout: 180_000 })

/** What the player shows, small enough to compare; empty while nothing is drawn. */
function fingerprint(part: Locator): Promise<string> {
  return part.locator('canvas').evaluate((canvas) => {
    const small = document.createElement('canvas')
    small.width = 64
    small.height = 48
    const context = small.getContext('2d')
    context?.drawImage(canvas as HTMLCanvasElement, 0, 0, 64, 48)
    const pixels = [...(context?.getImageData(0, 0, 64, 48).data ?? [])]
    return pixels.some((value, place) => place % 4 !== 3 && value !== 0) ? pixels.join() : ''
  })
}

async function shownAt(part: Locator): Promise<number> {
  return Number(await part.locator('[data-shown-at]').getAttribute('data-shown-at'))
}

async function alertOf(screen: Page, camera: string): Promise<void> {
  await go(screen, 'Overview')
  const alert = screen.getByRole('article').filter({ hasText: camera }).first()
  await expect(alert).toBeVisible({ timeout: 20_000 })
  await alert.getByRole('button').first().click()
}

const hasFfprobe = spawnSync('ffprobe', ['-version']).status === 0

/** How many pictures ffmpeg decodes of it; what it complains of fails the test. */
function pictures(video: string): number {
  const args = [
    '-v',
    'error',
    '-count_frames',
    '-show_entries',
    'stream=nb_read_frames',
    '-of',
    'csv=p=0',
    video,
  ]
  const { stdout, stderr } = spawnSync('ffprobe', args)
  expect(stderr.toString()).toBe('')
  return Number.parseInt(stdout.toString(), 10)
}

/** Exports what the incident pane shows. The video, then its paper, each where the browser saved it. */
async function exportEvidence(screen: Page): Promise<[string, string]> {
  const saved: Download[] = []
  screen.on('download', (download) => saved.push(download))
  await screen
    .getByRole('region', { name: 'Recording', exact: true })
    .getByRole('button', { name: 'Export video…' })
    .click()
  const dialog = screen.getByRole('dialog')
  await expect(dialog).toContainText('30 s before and after')
  await expect(dialog.getByLabel('Camera', { exact: true })).toHaveValue(/\/lobby$/)
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(screen.getByText(/^Exported .*lobby.*\.mp4, .* pictures\./)).toBeVisible({ timeout: 20_000 })
  await expect.poll(() => saved.length).toBe(2)
  const names = saved.map((download) => download.suggestedFilename())
  expect(names[0]).toMatch(/lobby_\d{4}-\d\d-\d\dT.*\.mp4$/)
  expect(names[1]).toBe(`${names[0]}.json`)
  await screen.getByRole('button', { name: 'Close', exact: true }).click()
  const [video, paper] = await Promise.all(saved.map((download) => download.path()))
  return [video ?? '', paper ?? '']
}

/** Opens the player; its picture is that of the alert's moment. */
async function open(screen: Page): Promise<Locator> {
  const part = screen.getByRole('region', { name: 'Recording', exact: true })
  await part.getByRole('button', { name: 'Show recording' }).click()
  await expect.poll(() => shownAt(part), { timeout: 15_000 }).toBeGreaterThan(0)
  return part
}

test('an alert has the half minute before it, plays it, and still does when its camera is gone', async ({
  site,
  openEye,
}) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
  await go(screen, 'Rules')
  await screen.getByRole('button', { name: /Unknown face anywhere/ }).click()
  await screen.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await expect(screen.getByRole('dialog')).toBeHidden()

  // Of a camera that is not recorded it is said so, with the way to its plan.
  openEye.see('front_door', null)
  await alertOf(screen, 'front_door')
  const nothing = screen.getByRole('region', { name: 'Recording', exact: true })
  await expect(nothing).toContainText(/No recording: .*front_door was not recorded then/)
  await nothing.getByRole('button', { name: 'Open the camera’s plan' }).click()
  await expect(screen.getByRole('dialog')).toContainText('Record the last 30 seconds')
  await screen.keyboard.press('Escape')
  await expect(screen.getByRole('dialog')).toBeHidden()

  await go(screen, 'Cameras')
  const lobby = tile(screen, 'lobby')
  await lobby.hover()
  await lobby.getByRole('button', { name: /What Watchfloor does with|^Plan/ }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByRole('switch', { name: 'Record the last 30 seconds' }).click()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  await go(screen, 'Settings')
  // Some seconds of it, however slow the machine is: what is before the alert is looked at below.
  await expect(screen.getByText(/(?:[4-9]|\d\d+)\.\d MB of 20\.0 GB; 0 B kept by 0 alerts/)).toBeVisible({
    timeout: 30_000,
  })

  openEye.see('lobby', null)
  await alertOf(screen, 'lobby')
  const part = await open(screen)
  const moment = await shownAt(part)
  await expect.poll(() => fingerprint(part)).not.toBe('')
  const atMoment = await fingerprint(part)

  await part.getByRole('slider', { name: 'Position in the recording' }).press('Home')
  await expect(part.locator('[data-shown-at]')).toContainText(/s before the alert/)
  await expect.poll(() => fingerprint(part)).not.toBe(atMoment)
  const first = await shownAt(part)
  expect(moment - first).toBeGreaterThan(1000)
  await part.getByRole('button', { name: 'One frame on' }).click()
  await expect.poll(() => shownAt(part)).toBeGreaterThan(first)
  await part.getByLabel('Speed').selectOption('2')
  const before = await fingerprint(part)
  await part.getByRole('button', { name: 'Play', exact: true }).click()
  await expect.poll(() => shownAt(part)).toBeGreaterThan(first + 1000)
  await expect.poll(() => fingerprint(part)).not.toBe(before)

  // The evidence as files: the video, written by the browser as it comes, and its paper.
  const [video, paper] = await exportEvidence(screen)
  const { exportedBy, alert, video: told, gaps } = JSON.parse(readFileSync(paper, 'utf8'))
  expect(exportedBy).toBe('admin')
  expect(alert.text).toContain('Unknown face anywhere')
  expect(told.sha256).toBe(createHash('sha256').update(readFileSync(video)).digest('hex'))
  expect(Array.isArray(gaps)).toBe(true)
  if (hasFfprobe) expect(pictures(video)).toBe(told.frames)
  await go(screen, 'Cameras')
  await screen.getByRole('button', { name: 'Export video…' }).click()
  const form = screen.getByRole('dialog')
  await form.getByLabel('From').fill('2026-02-31 10:00:00')
  await expect(form.getByRole('button', { name: 'Export', exact: true })).toBeDisabled()
  await form.getByLabel('From').fill('2020-01-01 10:00:00')
  await form.getByLabel('To', { exact: true }).fill('2020-01-01 10:01:00')
  await form.getByRole('button', { name: 'Export', exact: true }).click()
  const refused = screen.getByRole('alert').filter({ hasText: 'was recorded in that time' })
  await expect(refused).toContainText('Its recordings are between')
  await refused.getByRole('button', { name: 'Close' }).click()
  await expect(refused).toBeHidden()

  // An alert found again in History has its recording there, too.
  await go(screen, 'History')
  await row(screen, 'lobby').first().click()
  const past = screen.getByRole('region', { name: 'Recording', exact: true })
  await expect(past.getByRole('button', { name: 'Export video…' })).toBeVisible()
  await past.getByRole('button', { name: 'Show recording' }).click()
  await expect.poll(() => shownAt(past), { timeout: 15_000 }).toBeGreaterThan(first)

  await openEye.refuse()
  await go(screen, 'Links')
  await expect(linkRow(screen, 'Gatehouse')).not.toContainText(/live/, { timeout: 15_000 })
  await screen.reload()
  await alertOf(screen, 'lobby')
  const again = await open(screen)
  await again.getByRole('slider', { name: 'Position in the recording' }).press('Home')
  await expect.poll(() => shownAt(again)).toBe(first)
  await expect.poll(() => fingerprint(again)).not.toBe('')
})

test('an admin removes a recording, and it is said by whom', { tag: '@node' }, async ({ site, openEye }) => {
  await site.camera('Gate camera')
  const screen = await site.screen()
  await addOpenEye(screen, 'Gatehouse', openEye)
  await expect(linkRow(screen, 'Gatehouse')).toContainText(/live/, { timeout: 15_000 })
  await go(screen, 'Rules')
  await screen.getByRole('button', { name: /Unknown face anywhere/ }).click()
  await screen.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await go(screen, 'Cameras')
  const lobby = tile(screen, 'lobby')
  await lobby.hover()
  await lobby.getByRole('button', { name: /What Watchfloor does with|^Plan/ }).click()
  const dialog = screen.getByRole('dialog')
  await dialog.getByRole('switch', { name: 'Record the last 30 seconds' }).click()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
  await go(screen, 'Settings')
  await expect(screen.getByText(/\d\.\d MB of 20\.0 GB/)).toBeVisible({ timeout: 30_000 })
  openEye.see('lobby', null)
  await alertOf(screen, 'lobby')
  const part = screen.getByRole('region', { name: 'Recording', exact: true })
  await part.getByRole('button', { name: 'Remove recording' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(part).toContainText(/The recording was removed by/)
})
