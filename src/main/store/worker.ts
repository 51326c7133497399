/** Entry of both store threads: the writer and the reader. What they do is in writer.ts and reader.ts. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Fault } from '../../contract/fault.ts'
import { isCorrupt, openForReading } from './database-file.ts'
import type { FromWorker, Request, ToWorker, WorkerSetup } from './messages.ts'
import { Reader } from './reader.ts'
import { bugText, faultReply, Writer } from './writer.ts'

const port = parentPort
if (port === null) throw new Error('the store’s worker was started without a parent')
const { part, dir }: WorkerSetup = workerData
if (part === 'writer') write(port, dir)
else if (part === 'reader') read(port, dir)
else check(port, dir)

/** Under load only, and inside the 5 ms that a group commit may gather. */
const gatherMs = 3

type Port = NonNullable<typeof parentPort>

function write(port: Port, dir: string): void {
  const post = (message: FromWorker) => port.postMessage(message)
  let stopping = false
  function* more(): Generator<Request> {
    for (
      let received = receiveMessageOnPort(port);
      received !== undefined;
      received = receiveMessageOnPort(port)
    ) {
      const message: ToWorker = received.message
      if ('stop' in message) stopping = true
      else if ('fail' in message) process.exit(1)
      else if ('requests' in message) yield* message.requests
    }
  }
  const writer = new Writer(dir, post, more)
  const timer = setInterval(() => writer.tick(), 1000)
  let gathering: NodeJS.Timeout | null = null
  const work = () => {
    if (gathering !== null) clearTimeout(gathering)
    gathering = null
    writer.work()
    if (!stopping) return
    clearInterval(timer)
    writer.close()
    port.close()
  }
  port.on('message', (message: ToWorker) => {
    if ('stop' in message) stopping = true
    else if ('fail' in message) process.exit(1)
    else if ('requests' in message) writer.take(message.requests)
    if (stopping || !writer.maySoonHaveMore()) work()
    else gathering ??= setTimeout(work, gatherMs)
  })
}

function read(port: Port, dir: string): void {
  const reader = new Reader(dir)
  const post = (message: FromWorker) => port.postMessage(message)
  const long: { readonly id: number; readonly answer: Generator<void, never> }[] = []
  post({ replies: [], ready: true })

  const guard = (id: number, run: () => void) => {
    try {
      run()
    } catch (error) {
      post({ replies: [error instanceof Fault ? faultReply(id, error) : { id, bug: bugText(error) }] })
    }
  }
  const goOn = () => {
    const next = long.shift()
    if (next === undefined) return
    guard(next.id, () => {
      const piece = next.answer.next()
      if (piece.done) post({ replies: [{ id: next.id, value: piece.value }] })
      else long.push(next)
    })
    if (long.length > 0) setImmediate(goOn)
  }
  port.on('message', (message: ToWorker) => {
    if ('stop' in message) {
      reader.close()
      port.close()
      return
    }
    if ('fail' in message) process.exit(1)
    if ('reopen' in message) {
      reader.close()
      return
    }
    for (const request of message.requests) {
      guard(request.id, () => {
        const answer = reader.ask(request)
        if (isGenerator(answer)) {
          long.push({ id: request.id, answer })
          if (long.length === 1) setImmediate(goOn)
        } else post({ replies: [{ id: request.id, value: answer as never }] })
      })
    }
  })
}

function isGenerator(answer: unknown): answer is Generator<void, never> {
  return typeof answer === 'object' && answer !== null && Symbol.iterator in answer && 'throw' in answer
}

/** Reads every page once. It has a thread of its own because on a large file that takes seconds. */
function check(port: Port, dir: string): void {
  let verdict: string
  try {
    const db = openForReading(dir)
    verdict = String(db.pragma('quick_check(1)', { simple: true }))
    db.close()
  } catch (error) {
    verdict = isCorrupt(error) ? String(error) : 'ok'
  }
  port.postMessage(verdict)
}
