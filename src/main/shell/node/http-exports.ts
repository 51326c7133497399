/** `GET /exports/<ticket>`: a film a screen has just asked for. The ticket came to it over its own session and is good once. */
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { App } from '../../app.ts'

/** False when the ticket stands for nothing. Else resolves when the answer has ended, in whatever way. */
export async function answerExport(
  { exports }: Pick<App, 'exports'>,
  ticket: string,
  response: ServerResponse,
): Promise<boolean> {
  const download = await exports.take(ticket)
  if (download === null) return false
  response.setHeader('content-type', 'video/mp4')
  response.setHeader('content-length', download.bytes)
  response.setHeader('content-disposition', attachment(download.name))
  response.setHeader('cache-control', 'no-store')
  try {
    // An answer shorter than it said it would be is a failed download at the other end, too.
    await pipeline(download.stream, response)
    download.done(null)
  } catch (error) {
    download.done(error)
  }
  return true
}

/** RFC 6266: a plain name for old programs, and the real one. */
export function attachment(name: string): string {
  const plain = name.replaceAll(/[^\w.+-]+/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
