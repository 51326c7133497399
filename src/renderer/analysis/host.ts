/**
 * Starts this page's analysis worker and hands it a pipe of its own. Every screen whose person may act has one; the app chooses
 * which of them looks. The others wait and cost a connection.
 */
import { mayAct } from '../../contract/roles.ts'
import type { Client } from '../data/client.ts'
import { signedOnAs, watchName } from '../data/site.ts'
import type { Pipe } from '../pipe.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import workerUrl from './worker.ts?worker&url'

/** Chromium's Trusted Types; not in TypeScript's own declarations of the page. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes
  }
}

/** The one policy the content security policy names. It gives out one address: that of our own worker. */
const policyName = 'watchfloor-worker'

export function startAnalysis(client: Client, pipe: Pipe): void {
  let isStarted = false
  client.onStatus((status) => {
    if (isStarted || status.is !== 'ready' || !mayAct(status.role, 'operator')) return
    isStarted = true
    start(pipe)
  })
}

function start({ second }: Pipe): void {
  const worker = new Worker(trusted(workerUrl), { type: 'module', name: 'analysis' })
  const say = (message: ToWorker, ports: MessagePort[] = []) => worker.postMessage(message, ports)
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.is === 'dial' && second.is === 'ports')
      void second.next().then((port) => say({ is: 'port' }, [port]))
  })
  const url = second.is === 'socket' ? second.url : null
  const token = second.is === 'socket' ? second.token : ''
  say({ is: 'start', url, token, name: signedOnAs() })
  watchName(() => say({ is: 'name', name: signedOnAs() }))
}

function trusted(url: string): string {
  const policy = window.trustedTypes?.createPolicy(policyName, { createScriptURL: () => url })
  return policy?.createScriptURL(url) ?? url
}
