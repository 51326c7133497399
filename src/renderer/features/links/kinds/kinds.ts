/** Every kind of link the form knows, in the order it offers them. */
import { blueLightClient } from './blue-light-client.ts'
import { blueLightHub } from './blue-light-hub.ts'
import { deviceFaces } from './device-faces.ts'
import type { Driver, Kind, ProfileOf } from './kind.ts'
import { mjpegCamera } from './mjpeg-camera.ts'
import { modbusBus } from './modbus-bus.ts'
import { oht50Client } from './oht50-client.ts'
import { oht50Gateway } from './oht50-gateway.ts'
import { openEyeClient } from './openeye-client.ts'
import { openEyeServer } from './openeye-server.ts'
import { owtClient } from './owt-client.ts'
import { rplidar } from './rplidar.ts'
import { rtspCamera } from './rtsp-camera.ts'
import { stillCamera } from './still-camera.ts'
import { webcam } from './webcam.ts'

const kinds = {
  'blue-light-client': blueLightClient,
  'blue-light-hub': blueLightHub,
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
} as const satisfies { readonly [D in Driver]: Kind<ProfileOf<D>> }

export const drivers = Object.keys(kinds) as readonly Driver[]

/** What can be added: there is one face engine, and it comes with the installation. */
export const addable: readonly Driver[] = drivers.filter((driver) => driver !== 'device-faces')

export function kindOf(driver: Driver): Kind {
  return kinds[driver]
}
