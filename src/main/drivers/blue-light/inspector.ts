/** Decoded blue-light messages for the inspector, pictures left out. */
import { tap, type Watched } from '../../tap.ts'
import { type Decoded, textOf } from './codec.ts'

const longestText = 4096

export function tapIn(context: Watched, peer: string, decoded: Decoded, sizeBytes: number): void {
  if (!context.inspected()) return
  const { message } = decoded
  const unknown = message.is === 'unknown' ? `unknown type ${message.type}` : ''
  const trouble = message.is === 'bad' ? message.message : unknown
  tap(context, 'in', peer, sizeBytes, textOf(decoded, longestText), trouble)
}

export function tapOut(context: Watched, peer: string, text: string): void {
  if (context.inspected()) tap(context, 'out', peer, Buffer.byteLength(text), text)
}
