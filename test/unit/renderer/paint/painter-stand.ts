/** A painter with a feed, a surface, a decoder and a clock by hand. */
import type { Fault } from '../../../../src/contract/fault.ts'
import { Painter } from '../../../../src/renderer/paint/painter.ts'
import type { DecoderEvents } from '../../../../src/renderer/paint/unit-decoder.ts'

export const header = (frame: number, more: object = {}) => ({
  frame,
  receivedAt: 1000 + frame,
  capturedAt: null,
  video: null,
  widthPx: 640,
  heightPx: 480,
  dropped: 0,
  fps: 30,
  trouble: '',
  ...more,
})
export const jpeg = (frame: number) => new Uint8Array([frame])

/** A picture whose place on the canvas a newer one takes. */
export const neverShown = 99

interface HandDecoder {
  readonly on: DecoderEvents<number>
  readonly given: { readonly timestamp: number; readonly picture: number }[]
  /** Units it has not begun with, as it says itself. */
  waiting: number
  isClosed: boolean
}

export function bench({ canDecode = true } = {}) {
  const decoders: HandDecoder[] = []
  const waiting: { bytes: Uint8Array; done: () => void; fail: () => void }[] = []
  const shown: number[] = []
  const dropped: number[] = []
  const timers = new Map<object, { at: number; call: () => void }>()
  let now = 1000
  const feeds: {
    frame: (...args: Parameters<Parameters<ConstructorParameters<typeof Painter>[0]>[0]>) => Promise<void>
    fault: (fault: Fault) => void
    isClosed: boolean
  }[] = []
  const painter = new Painter<number>(
    (frame, fault) => {
      const feed = { frame, fault, isClosed: false }
      feeds.push(feed)
      return () => {
        feed.isClosed = true
      }
    },
    {
      decode: (bytes) =>
        new Promise((resolve, reject) =>
          waiting.push({
            bytes,
            done: () => resolve(bytes[0] ?? 0),
            fail: () => reject(new Error('not a picture')),
          }),
        ),
      decoder: canDecode
        ? (_codec, on) => {
            const decoder: HandDecoder = { on, given: [], waiting: 0, isClosed: false }
            decoders.push(decoder)
            return {
              decode: ({ timestamp, bytes }) => decoder.given.push({ timestamp, picture: bytes[0] ?? 0 }),
              get waiting() {
                return decoder.waiting
              },
              close: () => {
                decoder.isClosed = true
              },
            }
          }
        : null,
      show: (picture, onCanvas) => {
        if (picture === neverShown) return
        shown.push(picture)
        onCanvas()
      },
      drop: (picture) => dropped.push(picture),
    },
    {
      now: () => now,
      after: (ms, call) => {
        const key = {}
        timers.set(key, { at: now + ms, call })
        return () => timers.delete(key)
      },
    },
  )
  const pass = (ms: number) => {
    const until = now + ms
    for (;;) {
      const next = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
      if (next === undefined) break
      timers.delete(next[0])
      now = next[1].at
      next[1].call()
    }
    now = until
  }
  /** Every unit the newest decoder was given comes out as a picture. */
  const decode = () => {
    const decoder = decoders.at(-1)
    for (const { picture, timestamp } of decoder?.given.splice(0) ?? [])
      decoder?.on.picture(picture, timestamp)
  }
  return { painter, feeds, waiting, shown, dropped, timers, pass, decoders, decode, last: () => feeds.at(-1) }
}

/** Until everything that was waiting for an answer has had its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
