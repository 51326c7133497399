/** What a test server shows of a camera: its row, pictures, and a stream as the deployed software writes it. */
import type { ServerResponse } from 'node:http'
import { encode } from 'jpeg-js'
import { CameraId } from '../../../../../src/contract/cameras.ts'
import type { Told } from './server.ts'

export const front = CameraId.parse('eye/front')

export function picture(width = 64, height = 48): Buffer {
  return encode({ data: Buffer.alloc(width * height * 4, 120), width, height }, 60).data
}

export const row = {
  id: 7,
  camera_id: 'front',
  camera_type: 'rtsp',
  source: 'rtsp://admin:hunter22@10.0.0.9/1',
  face_detection_enabled: true,
  recording_enabled: false,
  is_active: true,
}

/** Streams the deployed software's way: no length, no closing boundary. */
export class Film {
  readonly #viewers = new Set<ServerResponse>()
  opened = 0

  readonly handler = (_request: Told, response: ServerResponse) => {
    this.opened += 1
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
    response.write('--frame\r\nContent-Type: image/jpeg\r\n\r\n')
    this.#viewers.add(response)
    response.on('close', () => this.#viewers.delete(response))
  }

  get viewers(): number {
    return this.#viewers.size
  }

  show(jpeg: Buffer): void {
    for (const viewer of this.#viewers) {
      viewer.write(jpeg)
      viewer.write('\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n')
    }
  }

  cut(): void {
    for (const viewer of this.#viewers) viewer.destroy()
  }
}
