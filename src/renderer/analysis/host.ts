/**
 * Starts this page's analysis worker and hands it a pipe of its own. Every screen whose person may act has one; the app chooses
 * which of them looks. The others wait and cost a connection.
 */
import { mayAct } from '../../contract/roles.ts'
import type { Client } from '../data/client.ts'
import { signedOnAs, watchName } from '../data/site.ts'
import type { Pipe } from '../pipe.ts'
import { ownWorker } from '../trusted-worker.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import workerUrl from './worker.ts?worker&url'

export function startAnalysis(client: Client, pipe: Pipe): void {
  let isStarted = false
  client.onStatus((status) => {
    if (isStarted || status.is !== 'ready' || !mayAct(status.role, 'operator')) return
    isStarted = true
    start(pipe)
  })
}

function start({ second }: Pipe): void {
  const worker = ownWorker(workerUrl, 'analysis')
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
