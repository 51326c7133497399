/** RTSP cameras: one link is one camera, its video as the camera encodes it. */
import type { Driver } from '../../link.ts'
import { RtspCamera } from './camera.ts'
import type { RtspProfile } from './profile.ts'
import { testRtsp } from './test-link.ts'

export const rtspCamera: Driver<RtspProfile> = {
  name: 'rtsp-camera',
  role: 'dials',
  async open(context) {
    const camera = new RtspCamera(context)
    camera.start()
    return camera
  },
  test: testRtsp,
  keepCredentials: (credentials) => JSON.stringify(credentials),
}
