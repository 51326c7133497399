/** Cameras that need no server between: MJPEG over HTTP, a screen's own webcam, pictures of this machine. */
import type { Driver } from '../../link.ts'
import type { MjpegProfile, StillProfile, WebcamProfile } from './camera-row.ts'
import { MjpegCamera } from './mjpeg-camera.ts'
import { StillCamera } from './still-camera.ts'
import { testMjpeg, testStill, testWebcam } from './test-link.ts'
import { Webcam } from './webcam.ts'

export const mjpegCamera: Driver<MjpegProfile> = {
  name: 'mjpeg-camera',
  role: 'dials',
  async open(context) {
    const camera = new MjpegCamera(context)
    camera.start()
    return camera
  },
  test: testMjpeg,
  keepCredentials: (credentials) => JSON.stringify(credentials),
}

export const webcam: Driver<WebcamProfile> = {
  name: 'webcam',
  role: 'listens',
  async open(context) {
    const camera = new Webcam(context)
    camera.start()
    return camera
  },
  test: testWebcam,
}

export const stillCamera: Driver<StillProfile> = {
  name: 'still-camera',
  role: 'dials',
  async open(context) {
    const camera = new StillCamera(context)
    camera.start()
    return camera
  },
  test: testStill,
}
