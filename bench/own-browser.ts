/** A Chromium of our own that goes on without anybody attached to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from '@playwright/test'

export interface OwnBrowser {
  readonly pid: number
  /** Its one page. */
  attach(): Promise<Page>
  /** The page stays as it is and goes on. */
  detach(): Promise<void>
  close(): Promise<void>
}

export async function openBrowser(size: { width: number; height: number }): Promise<OwnBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'watchfloor-browser-'))
  const child = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      `--window-size=${size.width},${size.height}`,
      '--lang=en-GB',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  if (child.pid === undefined) throw new Error('the browser did not start')
  const endpoint = await new Promise<string>((resolve, reject) => {
    // Read to the end: a browser that cannot say what it has to say stops.
    createInterface(child.stderr).on('line', (line) => {
      const [, found] = /DevTools listening on (\S+)/.exec(line) ?? []
      if (found !== undefined) resolve(found)
    })
    child.on('exit', () => reject(new Error('the browser ended at once')))
  })
  let attached: Browser | null = null
  const detach = async () => {
    await attached?.close()
    attached = null
  }
  return {
    pid: child.pid,
    async attach() {
      attached ??= await chromium.connectOverCDP(endpoint)
      const [page] = attached.contexts().flatMap((context) => context.pages())
      if (page === undefined) throw new Error('the browser has no page')
      return page
    },
    detach,
    async close() {
      await detach()
      const exited = once(child, 'exit')
      child.kill()
      await exited
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
