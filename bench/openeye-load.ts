/** The dashboards for `openeye-server.ts`, in a process of their own: sockets that listen and say when the last of them heard of a change. */
import { WebSocket } from 'ws'

export type Task =
  | { readonly do: 'connect'; readonly urls: readonly string[] }
  | { readonly do: 'report' }
  | { readonly do: 'hang-up' }

/** When the last socket heard of the figure, by figure, epoch ms with fractions; only figures every socket heard of. */
export type Heard = readonly (readonly [figure: number, lastAt: number])[]

let sockets: WebSocket[] = []
const heard = new Map<number, { sockets: number; lastAt: number }>()

/** One machine, one clock: comparable with the same sum in another process. */
function now(): number {
  return performance.timeOrigin + performance.now()
}

function note(text: string): void {
  const message = JSON.parse(text)
  if (message.type !== 'statistics_update') return
  const figure = message.data?.face_recognition?.recognitions_today
  if (typeof figure !== 'number') return
  const entry = heard.get(figure) ?? { sockets: 0, lastAt: 0 }
  // The regular figures say it again; what counts is when the last one heard it for the first time.
  if (entry.sockets >= sockets.length) return
  heard.set(figure, { sockets: entry.sockets + 1, lastAt: now() })
}

function open(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
    socket.on('message', (text) => note(String(text)))
  })
}

process.on('message', (task: Task) => {
  void perform(task).then((answer) => process.send?.(answer))
})

async function perform(task: Task): Promise<Heard> {
  switch (task.do) {
    case 'connect':
      sockets = await Promise.all(task.urls.map(open))
      return []
    case 'report': {
      const complete = [...heard].filter(([, { sockets: count }]) => count >= sockets.length)
      heard.clear()
      return complete.map(([figure, { lastAt }]) => [figure, lastAt] as const)
    }
    case 'hang-up':
      for (const socket of sockets) socket.close()
      sockets = []
      return []
  }
}
