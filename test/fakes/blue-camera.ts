/** A camera that is watched for blue light, and what its detector says. */
import type { BlueReading } from '../../src/contract/analysis.ts'
import { type Camera, CameraId } from '../../src/contract/cameras.ts'
import { LinkId } from '../../src/contract/links.ts'
import { encodePng } from '../sim/blue-light/picture.ts'

export const yard: Camera = {
  id: CameraId.parse('nvr/yard'),
  link: LinkId.parse('nvr'),
  camera: 'yard',
  name: 'Yard',
  location: 'Gate 2',
  kind: 'rtsp',
  can: ['stream'],
  isActive: true,
  isRunning: true,
  isRecording: null,
  findsFaces: null,
  fps: 25,
  lastFrameAt: null,
  trouble: '',
  heardAt: 0,
  budgetMs: 10_000,
}

export const dark: BlueReading = {
  isBlue: false,
  isReady: true,
  intensity: 0,
  confidence: 0,
  durationMs: 0,
  box: null,
  areaPx: 0,
}
export const blue: BlueReading = {
  isBlue: true,
  isReady: true,
  intensity: 0.95,
  confidence: 0.8,
  durationMs: 400,
  box: { x: 0.25, y: 0.5, width: 0.1, height: 0.2 },
  areaPx: 420,
}

export const side = 40
export const picture = {
  base64: encodePng(side, side, Buffer.alloc(side * (1 + side * 3))).toString('base64'),
  widthPx: side,
  heightPx: side,
}
