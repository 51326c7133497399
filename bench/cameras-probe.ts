/** In the page: which frame is shown when, read off the picture's own pixels while nobody is attached to the browser. */
import type { Page } from '@playwright/test'
import type { Sent } from './cameras-sim.ts'

/** The number painted into the frame; when it was given to the screen to be composed, and when the page was drawn with it; epoch ms. */
export type Shown = readonly (readonly [number: number, at: number, drawnAt: number])[]

declare global {
  interface Window {
    watchfloorShown?: [number, number, number][]
    watchfloorRates?: number[]
  }
}

/** Begins after `afterMs` with the first video that `selector` finds, for `forMs`. One only, as reading costs. */
export async function probe(page: Page, selector: string, afterMs: number, forMs: number): Promise<void> {
  await page
    .locator(selector)
    .first()
    .evaluate(
      (video, [after, during]) => {
        if (!(video instanceof HTMLVideoElement)) throw new Error('no video')
        const strip = Object.assign(document.createElement('canvas'), { width: 160, height: 8 })
        const context = strip.getContext('2d', { willReadFrequently: true })
        const shown: [number, number, number][] = []
        let until = 0
        const look = (_now: number, frame: VideoFrameCallbackMetadata) => {
          context?.drawImage(video, 0, 0, 640, 32, 0, 0, 160, 8)
          const { data } = context?.getImageData(0, 0, 160, 8) ?? { data: [] }
          let number = 0
          // 16 blocks, the highest bit first; the middle of each.
          for (let bit = 0; bit < 16; bit += 1)
            number = number * 2 + ((data[(4 * 160 + bit * 10 + 5) * 4] ?? 0) > 127 ? 1 : 0)
          if (number !== shown.at(-1)?.[0]) {
            // By the clock that all processes share, as in `faces-paint.ts`.
            const now = Date.now()
            shown.push([number, now - performance.now() + frame.presentationTime, now])
          }
          if (performance.now() < until) video.requestVideoFrameCallback(look)
          else window.watchfloorShown = shown
        }
        setTimeout(() => {
          until = performance.now() + during
          video.requestVideoFrameCallback(look)
        }, after)
      },
      [afterMs, forMs] as const,
    )
}

/** Frames a second each video presents, from `afterMs` on for `forMs`. */
export async function countPresented(page: Page, selector: string, afterMs: number, forMs: number) {
  await page.locator(selector).evaluateAll(
    (videos, [after, during]) => {
      const presented = () =>
        videos.map((video) => {
          if (!(video instanceof HTMLVideoElement)) throw new Error('no video')
          const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality()
          return totalVideoFrames - droppedVideoFrames
        })
      setTimeout(() => {
        const before = presented()
        setTimeout(() => {
          window.watchfloorRates = presented().map((count, n) => ((count - (before[n] ?? 0)) * 1000) / during)
        }, during)
      }, after)
    },
    [afterMs, forMs] as const,
  )
}

/** From a frame's first byte leaving the camera to its being given to the screen, and to the page's being drawn with it. */
export function latencies(sent: Sent, shown: Shown): { given: number[]; drawn: number[] } {
  const both = shown.flatMap(([number, givenAt, drawnAt]) => {
    const from = sent.findLast(([candidate, sentAt]) => candidate === number && sentAt <= givenAt)
    return from === undefined ? [] : [[givenAt - from[1], drawnAt - from[1]] as const]
  })
  return { given: both.map(([given]) => given), drawn: both.map(([, drawn]) => drawn) }
}
