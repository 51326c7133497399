/** One try at an MJPEG stream: opened, its pictures given out as they become whole, ended with a reason in words. Trying again is its owner's. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from './clock.ts'
import type { HttpClient } from './http-client.ts'
import { boundaryOf, type MjpegFrame, MjpegParser } from './mjpeg.ts'
import { jpegSize } from './picture.ts'

const openWithinMs = 8000
const stallMs = 5000
/** Bytes may come and never make a picture. */
const frameWithinMs = 10_000

export interface MjpegPicture {
  readonly bytes: Buffer
  readonly widthPx: number
  readonly heightPx: number
  /** Our clock, epoch ms, of its first byte. */
  readonly receivedAt: number
}

export interface MjpegParts {
  readonly clock: Clock
  readonly http: HttpClient
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface MjpegDoors {
  /** What is wrong with the answer, in words; empty when it is to be read. Then a body that is no stream still ends it. */
  answered(status: number, headers: IncomingHttpHeaders): string
  /** Bytes of a part that is no JPEG, or damaged: how many there were in this chunk. */
  bad?(count: number): void
  frame(picture: MjpegPicture): void
  /** Once, unless it was closed before. */
  ended(reason: string): void
}

/** Returns its undo; nothing is called afterwards. */
export function openMjpeg({ clock, http, url, headers }: MjpegParts, doors: MjpegDoors): () => void {
  let parser: MjpegParser | null = null
  let isOver = false
  let bad = 0
  let frameMono = clock.monotonic()
  let hangUp: () => void = () => {}
  const close = () => {
    isOver = true
    stopWatching()
    hangUp()
  }
  const end = (reason: string) => {
    if (isOver) return
    close()
    doors.ended(reason)
  }
  const stopWatching = clock.every(frameWithinMs / 2, () => {
    if (clock.monotonic() - frameMono >= frameWithinMs) end('what comes is no picture')
  })
  const take = ({ bytes, firstByteAt }: MjpegFrame) => {
    const size = jpegSize(bytes)
    if (size === null) return
    frameMono = clock.monotonic()
    doors.frame({ bytes, ...size, receivedAt: firstByteAt })
  }
  hangUp = http.openStream(
    { url, headers, openWithinMs, stallMs },
    {
      opened(status, answered) {
        const reason = doors.answered(status, answered)
        const boundary = boundaryOf(answered['content-type'])
        if (reason !== '') end(reason)
        else if (boundary === null) end(notAStream(answered['content-type']))
        else parser = new MjpegParser(boundary)
        return parser !== null
      },
      chunk(bytes) {
        if (parser === null) return
        for (const frame of parser.push(bytes, clock.now())) {
          take(frame)
          if (isOver) return
        }
        const { counters } = parser
        const badNow = counters.bad + counters.oversize
        if (badNow > bad) doors.bad?.(badNow - bad)
        bad = badNow
      },
      ended: end,
    },
  )
  return close
}

function notAStream(contentType: string | undefined): string {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'image/jpeg') return 'the address gives one picture and no stream of pictures'
  if (type === 'text/html') return 'the address gives a web page and no stream of pictures'
  return 'the answer of the server is no stream of pictures'
}
