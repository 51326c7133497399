/** A port that is taken: the app says so, ends, and leaves its folder free for the next start. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, test } from 'vitest'
import { Headless } from '../fakes/headless.ts'

test('a taken port is named, and neither the process nor its lock is left behind', async ({ expect }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-port-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const bound = other.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')

  const refused = new Headless({ dataDir, port: bound.port })
  onTestFinished(() => refused.kill())
  expect(await refused.exited).toEqual({ code: 2, signal: null })
  expect(refused.output).toContain(`Port ${bound.port} on 127.0.0.1 is taken`)
  expect(refused.output).toContain('--port')

  const next = new Headless({ dataDir })
  onTestFinished(() => next.kill())
  await next.ready
  expect(await next.stop()).toBe(0)
})
