/** A page that does nothing but run the face engine in a worker, for tests and the bench to ask. */
import type { Asked, Question, Told } from './worker.ts'

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, (told: Told) => void>()
let last = 0

worker.addEventListener('message', ({ data }: MessageEvent<{ id: number; told: Told }>) => {
  waiting.get(data.id)?.(data.told)
  waiting.delete(data.id)
})

function ask(question: Question): Promise<Told> {
  last += 1
  const asked: Asked = { ...question, id: last }
  return new Promise((resolve) => {
    waiting.set(asked.id, resolve)
    worker.postMessage(asked)
  })
}

Object.assign(globalThis, { ask })
