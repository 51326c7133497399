/** The face engine in a real browser's worker, under the product's content policy, with nothing but files of its own origin. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { likeness } from '../../src/main/drivers/device-faces/matching.ts'
import type { BlazeFace } from '../../src/renderer/analysis/blazeface/faces.ts'
import type { Change, Question, Told } from '../fakes/face-page/worker.ts'
import { serveFacePage } from '../fakes/face-page.ts'

const asset = (name: string) =>
  readFileSync(join(import.meta.dirname, '../assets/faces', name)).toString('base64')
const portrait = asset('collins.jpg')
const scene = asset('collins-640.jpg')

// Loading and running models on a machine that is busy takes its time.
test.describe.configure({ timeout: 180_000 })

function ask(page: Page, question: Question): Promise<Told> {
  return page.evaluate(
    (one) => (globalThis as unknown as { ask(q: typeof one): Promise<never> }).ask(one),
    question,
  )
}

async function open(
  page: Page,
  namer = true,
): Promise<{ outside: string[]; inside: string[]; complaints: string[]; close(): Promise<void> }> {
  const served = await serveFacePage(namer)
  const outside: string[] = []
  const inside: string[] = []
  const complaints: string[] = []
  page.context().on('request', (request) => {
    if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(served.url))
      outside.push(request.url())
    else inside.push(request.url())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/content security|trusted ?types/i.test(message.text())) complaints.push(message.text())
  })
  await page.goto(served.url)
  return { outside, inside, complaints, close: served.close }
}

/** What the engine loads beside its script: models, and nothing of the library they come with. */
function fromModels(urls: readonly string[]): string[] {
  const names = urls.flatMap((url) => /\/models\/(.+)$/.exec(url)?.[1] ?? [])
  return [...new Set(names)].sort()
}

test('learns a face from one photo and finds it again turned, smaller, darker and brighter', {
  tag: '@node',
}, async ({ page }) => {
  const { outside, inside, complaints, close } = await open(page)
  const learned = await ask(page, { do: 'learn', base64: portrait })
  expect(learned.reason).toBeUndefined()
  expect(learned.embedding).toHaveLength(1024)
  const face = Float32Array.from(learned.embedding ?? [])

  const changes: Change[] = [
    {},
    { turned: 15 },
    { turned: -20 },
    { scaled: 0.5 },
    { scaled: 0.3 },
    { light: 0.6 },
    { light: 1.4 },
    { turned: 8, scaled: 0.6, light: 1.2 },
  ]
  for (const change of changes) {
    const { error, faces = [] } = await ask(page, { do: 'look', base64: scene, change, closely: true })
    expect(error, JSON.stringify(change)).toBeUndefined()
    expect(faces, JSON.stringify(change)).toHaveLength(1)
    const [found] = faces
    expect(
      likeness(Float32Array.from(found?.embedding ?? []), face),
      JSON.stringify(change),
    ).toBeGreaterThanOrEqual(0.7)
  }
  expect(outside).toEqual([])
  expect(fromModels(inside)).toEqual(['blazeface.bin', 'blazeface.json', 'faceres.bin', 'faceres.json'])
  expect(complaints).toEqual([])
  await close()
})

test('says where faces are in the picture, and finds none on a wall', { tag: '@node' }, async ({ page }) => {
  const { close } = await open(page)
  const { faces = [] } = await ask(page, { do: 'look', base64: scene, closely: false })
  const [face] = faces
  // Where the face is in this picture was measured by eye: from brow to chin 33 to 56 % across, 12 to 38 % down.
  expect(face?.box.x).toBeGreaterThan(0.25)
  expect((face?.box.x ?? 1) + (face?.box.width ?? 1)).toBeLessThan(0.65)
  expect(face?.box.y).toBeGreaterThan(0.05)
  expect((face?.box.y ?? 1) + (face?.box.height ?? 1)).toBeLessThan(0.45)
  expect(face?.embedding).toBeNull()
  const two = await ask(page, { do: 'look', base64: scene, change: { times: 2 }, closely: false })
  expect(two.faces?.map(({ box }) => Math.floor((box.x + box.width / 2) * 2)).sort()).toEqual([0, 1])
  expect(
    (await ask(page, { do: 'look', base64: scene, change: { empty: true }, closely: true })).faces,
  ).toEqual([])
  await close()
})

test('says in words why a photo cannot be learned', { tag: '@node' }, async ({ page }) => {
  const { close } = await open(page)
  const reasonOf = async (change: Change) =>
    (await ask(page, { do: 'learn', base64: portrait, change })).reason
  expect(await reasonOf({ empty: true })).toBe('no face was found in it')
  expect(await reasonOf({ times: 2 })).toMatch(/^2 faces are in it/)
  expect(await reasonOf({ scaled: 0.15 })).toMatch(/^the face is too small: \d+ pixels/)
  await close()
})

test('finds what the library finds with the same model, to a ten-thousandth', { tag: '@node' }, async ({
  page,
}) => {
  const { outside, complaints, close } = await open(page)
  const one: Change[] = [
    {},
    ...[15, -20, 40, 90, 180].map((turned) => ({ turned })),
    ...[0.5, 0.25, 0.1].map((scaled) => ({ scaled })),
    ...[0.3, 2.2].map((light) => ({ light })),
    ...[20, 80, 160].map((noise) => ({ noise })),
  ]
  const several: Change[] = [
    { times: 2 },
    { times: 3, rows: 2, turned: 10 },
    ...[3, 4, 5, 6].map((side) => ({ times: side, rows: side })),
    { times: 4, rows: 4, noise: 40, light: 0.7, turned: -8 },
    { empty: true },
    { empty: true, noise: 255 },
  ]
  const asked = [
    ...one.map((change) => ({ base64: scene, change })),
    ...[...one, ...several].map((change) => ({ base64: portrait, change })),
  ]
  const counts = new Set<number>()
  for (const { base64, change } of asked) {
    const words = JSON.stringify(change)
    const { error, facesCompared } = await ask(page, { do: 'compare-faces', base64, change })
    expect(error, words).toBeUndefined()
    if (facesCompared === undefined) throw new Error('nothing was compared')
    const { library, ...ours } = facesCompared
    counts.add(library.length)
    for (const [way, faces] of Object.entries(ours)) {
      const far = faces.flatMap((face, at) => {
        const theirs = numbersOf(library[at])
        return numbersOf(face).map((value, n) => Math.abs(value - (theirs[n] ?? Number.POSITIVE_INFINITY)))
      })
      expect(faces.length, `${way} ${words}`).toBe(library.length)
      expect(Math.max(0, ...far), `${way} ${words}`).toBeLessThan(1e-4)
    }
  }
  // None, one, several, and more than are asked for were among them.
  expect([0, 1, 2, 6, 9, 20].filter((many) => !counts.has(many))).toEqual([])
  expect(outside).toEqual([])
  expect(complaints).toEqual([])
  await close()
})

function numbersOf(face: BlazeFace | undefined): number[] {
  return face === undefined ? [] : [face.score, face.x, face.y, face.side, ...face.eyes.flat()]
}

test('makes the numbers of a face that the library makes with the same model', { tag: '@node' }, async ({
  page,
}) => {
  const { outside, complaints, close } = await open(page)
  const changes: Change[] = [
    {},
    ...[15, -40, 180].map((turned) => ({ turned })),
    { scaled: 0.5 },
    ...[0.3, 2.2].map((light) => ({ light })),
    ...[20, 160].map((noise) => ({ noise })),
    { times: 3, rows: 2 },
    { empty: true },
    { empty: true, noise: 255 },
  ]
  const asked = [portrait, scene].flatMap((base64) => changes.map((change) => ({ base64, change })))
  for (const { base64, change } of asked) {
    const words = JSON.stringify(change)
    const { error, compared } = await ask(page, { do: 'compare', base64, change })
    expect(error, words).toBeUndefined()
    if (compared === undefined) throw new Error('nothing was compared')
    const { library, ...ours } = compared
    // Of a face up to 5; of an empty wall a twentieth.
    expect(Math.max(...library), words).toBeGreaterThan(0.01)
    for (const [way, numbers] of Object.entries(ours)) {
      expect(numbers, `${way} ${words}`).toHaveLength(1024)
      const farthest = Math.max(...numbers.map((value, at) => Math.abs(value - (library[at] ?? Number.NaN))))
      // Rounding, and no more: single precision has seven digits, and 27 layers lose some of them.
      expect(farthest, `${way} ${words}`).toBeLessThan(5e-5)
      expect(1 - cosine(numbers, library), `${way} ${words}`).toBeLessThan(1e-6)
    }
  }
  expect(outside).toEqual([])
  expect(complaints).toEqual([])
  await close()
})

function cosine(one: readonly number[], other: readonly number[]): number {
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? Number.NaN), 0)
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other))
}

test('without the model that tells faces apart it finds them, names nobody and says what is missing', {
  tag: '@node',
}, async ({ page }) => {
  const { inside, close } = await open(page, false)
  const { canTellApart, faces = [] } = await ask(page, { do: 'look', base64: scene, closely: true })
  expect(canTellApart).toBe(false)
  expect(faces.map(({ embedding }) => embedding)).toEqual([null])
  expect((await ask(page, { do: 'learn', base64: portrait })).reason).toMatch(
    /model that tells faces apart is not there/,
  )
  // It was asked for, and was not there.
  expect(fromModels(inside)).toEqual(['blazeface.bin', 'blazeface.json', 'faceres.json'])
  await close()
})
