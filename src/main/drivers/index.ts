/** Every driver there is, by the name its profiles carry. A new protocol is its folder and one line here. */
import type { LinkProfile } from '../../contract/links.ts'
import type { Driver } from '../link.ts'
import { blueLightClient, blueLightHub } from './blue-light/index.ts'
import { mjpegCamera, stillCamera, webcam } from './cameras/index.ts'
import { deviceFaces } from './device-faces/index.ts'
import { modbusBus } from './modbus/index.ts'
import { oht50Client } from './oht50/index.ts'
import { oht50Gateway } from './oht50-gateway/index.ts'
import { openEyeClient, openEyeServer } from './openeye/index.ts'
import { owtClient } from './owt/index.ts'
import { rplidar } from './rplidar/index.ts'
import { rtspCamera } from './rtsp/index.ts'

type Drivers = { readonly [N in LinkProfile['driver']]: Driver<Extract<LinkProfile, { driver: N }>> }

export const drivers: Drivers = {
  'blue-light-hub': blueLightHub,
  'blue-light-client': blueLightClient,
  'openeye-client': openEyeClient,
  'openeye-server': openEyeServer,
  'owt-client': owtClient,
  'rtsp-camera': rtspCamera,
  'mjpeg-camera': mjpegCamera,
  webcam,
  'still-camera': stillCamera,
  'device-faces': deviceFaces,
  'modbus-bus': modbusBus,
  rplidar,
  'oht50-client': oht50Client,
  'oht50-gateway': oht50Gateway,
}
