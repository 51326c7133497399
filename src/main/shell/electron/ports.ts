/** Gives the page of our window, and no other, its pipes to the app: fresh ports for every document it loads. */
import { type BrowserWindow, MessageChannelMain } from 'electron'
import { apiVersion } from '../../../contract/version.ts'
import { greet } from '../../../rpc/greet.ts'
import { portWire } from '../../../rpc/port-wire.ts'
import type { Wire } from '../../../rpc/wire.ts'
import type { App } from '../../app.ts'
import { isOurs, parseUrl } from './origin.ts'
import { safePath } from './safe-page.ts'

/** The preload listens for this and for nothing else. */
export const portChannel = 'watchfloor:port'
/** A pipe that broke while its page stayed is replaced after this pause, as a browser would dial again. */
const againAfterMs = 1_000
/** Generous: the page is ours and may still be loading its words. */
const helloTimeoutMs = 30_000
/** One for the page, one for its worker that looks at pictures. They are alike: who dials first takes the first. */
const portsPerPage = 2

export function handOverPorts(window: BrowserWindow, serving: Promise<App['serve']>, user: string): void {
  const { webContents } = window
  const wires = new Set<Wire>()
  let isNewDocument = false

  function drop(): void {
    for (const wire of wires) wire.close(1000, 'the page was loaded again')
    wires.clear()
  }

  // A changed fragment also finishes "loading" but keeps its document, and so its port.
  webContents.on('did-navigate', () => {
    isNewDocument = true
    drop()
  })
  webContents.on('render-process-gone', drop)
  window.on('closed', drop)
  webContents.on('did-finish-load', () => {
    if (!isNewDocument || !isPage(webContents.getURL())) return
    isNewDocument = false
    // No process of ours fails silently here: a start that failed has already been reported and ends the app.
    void serving.then(giveAll, () => {})
  })

  function giveAll(serve: App['serve']): void {
    drop()
    for (let given = 0; given < portsPerPage; given++) give(serve)
  }

  function give(serve: App['serve']): void {
    if (window.isDestroyed() || !isPage(webContents.getURL())) return
    const { port1, port2 } = new MessageChannelMain()
    const pipe = portWire(port1)
    const given: Wire = {
      ...pipe,
      onClose: (listener) =>
        pipe.onClose((close) => {
          listener(close)
          setTimeout(() => {
            if (wires.delete(given)) give(serve)
          }, againAfterMs)
        }),
    }
    wires.add(given)
    void greet(given, {
      version: apiVersion,
      // Whoever holds this port is our own page, which only the person at this machine can see.
      authenticate: () => ({ role: 'admin', user }),
      timeoutMs: helloTimeoutMs,
    }).then((session) => session !== null && serve(given, session))
    webContents.postMessage(portChannel, null, [port2])
  }
}

function isPage(url: string): boolean {
  return isOurs(url) && parseUrl(url)?.pathname !== safePath
}
