/** The face engine of this installation as a link: it runs in a connected screen, and the people it knows are kept here. */
import type { Driver } from '../../link.ts'
import { DeviceFacesLink } from './device-faces.ts'
import type { DeviceFacesProfile } from './library.ts'

export const deviceFaces: Driver<DeviceFacesProfile> = {
  name: 'device-faces',
  role: 'listens',
  async open(context) {
    const link = new DeviceFacesLink(context)
    await link.start()
    return link
  },
  async test({ threshold }) {
    const text =
      'There is nothing to connect to: faces are found in an open screen of this installation, without any network.'
    const told = `A face is called by a name when it is at least ${threshold} like that person’s photos.`
    return {
      ok: true,
      steps: [
        { ok: true, text },
        { ok: true, text: told },
      ],
    }
  },
}
