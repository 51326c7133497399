/** Recorded H.264 in the real browser: stills in any order, stepping and running, each the picture of its own unit. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { build, type Rollup } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

type Open = (address: string) => Promise<{
  units: number
  keys: number
  painted: { index: number; number: number }[]
  show(index: number, isStill: boolean): Promise<void>
}>

test('each still and each frame that plays is the picture of its own unit', { tag: '@node' }, async ({
  page,
}) => {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: here('../fakes/playback-page.ts'), formats: ['es'], fileName: 'page' },
    },
  })) as Rollup.RollupOutput[]
  const script = built[0]?.output[0].code ?? ''
  const clip = readFileSync(here('../assets/counter.h264'))
  const server = createServer((request, response) => {
    if (request.url === '/clip') response.end(clip)
    else if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else response.setHeader('content-type', 'text/html').end('<script type="module" src="/page.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await page.goto(`http://127.0.0.1:${address.port}/`)
  await page.waitForFunction(() => 'openClip' in globalThis)
  const found = await page.evaluate(async () => {
    const { units, keys, painted, show } = await (globalThis as unknown as { openClip: Open }).openClip(
      '/clip',
    )
    // Any order, back and forth over key frames, then frame by frame, then running.
    for (const index of [0, 150, 29, 30, 31, 299, 1, 88, 87]) await show(index, true)
    for (let index = 88; index < 95; index++) await show(index, true)
    for (let index = 95; index < 200; index++) await show(index, false)
    await show(200, true)
    return { units, keys, painted }
  })
  server.close()
  expect([found.units, found.keys]).toEqual([300, 10])
  expect(found.painted.length).toBeGreaterThanOrEqual(9 + 7 + 105 + 1)
  expect(found.painted.filter(({ index, number }) => index !== number)).toEqual([])
})
