/** Frames whose bytes tell which they are, so that a test knows each one again after it was read from disk. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AlertId } from '../../../../src/contract/alerts.ts'
import type { CameraId } from '../../../../src/contract/cameras.ts'
import { silentLog } from '../../../../src/main/log.ts'
import { framesOf } from '../../../../src/main/recorder/play.ts'
import type { RecordedFrame } from '../../../../src/main/recorder/record.ts'
import { Ring, type RingParts } from '../../../../src/main/recorder/ring.ts'
import type { Pin } from '../../../../src/main/recorder/shelf.ts'
import { HandClock } from '../../drivers/blue-light/hand-clock.ts'
import { cameraId } from '../detections.ts'

export const door = cameraId('door')
export const yard = cameraId('yard')

/** `n` is in the first four bytes; the rest follows from it. */
export function jpegFrame(n: number, receivedAt: number, size = 64): RecordedFrame {
  const bytes = Buffer.alloc(Math.max(4, size), n & 0xff)
  bytes.writeUInt32LE(n)
  return { receivedAt, capturedAt: null, video: null, widthPx: 640, heightPx: 480, bytes }
}

export function videoFrame(n: number, receivedAt: number, isKey: boolean, size = 64): RecordedFrame {
  const video = { codec: 'avc1.42E01F', isKey }
  return { ...jpegFrame(n, receivedAt, size), capturedAt: receivedAt - 20, video }
}

export function numberOf(frame: { readonly bytes: Uint8Array }): number {
  return Buffer.from(frame.bytes).readUInt32LE()
}

/** Throws when the bytes are not those that were written. */
export function checked(frame: { readonly bytes: Uint8Array }): number {
  const n = numberOf(frame)
  if (!frame.bytes.subarray(4).every((byte) => byte === (n & 0xff)))
    throw new Error(`frame ${n} is not itself`)
  return n
}

export async function read(ring: Ring, camera: CameraId, fromAt: number, toAt: number): Promise<number[]> {
  const numbers: number[] = []
  for await (const frame of framesOf(ring.shelf, { camera, fromAt, toAt })) numbers.push(checked(frame))
  return numbers
}

export function pinOf(id: string, camera: CameraId, at: number, aroundMs = 30_000): Pin {
  const alert = AlertId.parse(id)
  return { alert, camera, at, fromAt: at - aroundMs, toAt: at + aroundMs, isOpen: true, gone: null }
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'watchfloor-recorder-'))
}

export function discard(dir: string): void {
  rmSync(dir, { recursive: true, force: true })
}

export function ringIn(dir: string, more: Partial<RingParts> = {}): Promise<Ring> {
  return Ring.open({
    dir,
    clock: new HandClock(),
    log: silentLog,
    budgetBytes: () => 1e9,
    freeBytes: async () => 1e12,
    ...more,
  })
}

/** The folder as a kill at this moment leaves it, with no segment ended in order. */
export async function killed(ring: Ring, dir: string, left: string): Promise<string> {
  cpSync(dir, left, { recursive: true })
  await ring.close()
  return left
}
