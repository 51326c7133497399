/** One document of the stand-in's window: runs the really built preload in a context of its own, as Electron's sandbox does. */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import type { MessagePort } from 'node:worker_threads'

export interface Posted {
  readonly message: unknown
  readonly origin: string
  readonly ports: readonly MessagePort[]
}

export class Page {
  readonly url: string
  /** What the preload passed to the page with window.postMessage. */
  readonly posted: Posted[] = []
  /** Every module the preload asked for. */
  readonly required: string[] = []
  readonly #ipc = new EventEmitter()
  readonly #arrivals = new EventEmitter()

  /** `isFramed` puts the document inside another, where the preload must keep the port to itself. */
  constructor(preload: string, url: string, isFramed = false) {
    this.url = url
    const { protocol, host } = new URL(url)
    const window: Record<string, unknown> = {
      postMessage: (message: unknown, origin: string, ports: readonly MessagePort[] = []) => {
        this.posted.push({ message, origin, ports })
        this.#arrivals.emit('posted')
      },
      addEventListener() {},
    }
    window.top = isFramed ? {} : window
    const module = { exports: {} }
    const context = createContext({
      window,
      location: { origin: `${protocol}//${host}` },
      document: { readyState: 'complete' },
      module,
      exports: module.exports,
      require: (name: string) => {
        this.required.push(name)
        if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`)
        return { ipcRenderer: this.#ipc }
      },
    })
    runInContext(readFileSync(preload, 'utf8'), context, { filename: preload })
  }

  /** Electron's webContents.postMessage, as it arrives in the preload. Returns how many listened. */
  deliver(channel: string, message: unknown, ports: readonly MessagePort[]): number {
    const listeners = this.#ipc.listenerCount(channel)
    this.#ipc.emit(channel, { ports }, message)
    return listeners
  }

  channels(): readonly (string | symbol)[] {
    return this.#ipc.eventNames()
  }

  firstPosted(): Promise<Posted> {
    return this.postedAt(0)
  }

  async postedAt(index: number): Promise<Posted> {
    for (;;) {
      const posted = this.posted[index]
      if (posted !== undefined) return posted
      await new Promise((resolve) => this.#arrivals.once('posted', resolve))
    }
  }
}
