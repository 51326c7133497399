/** What can go out. Durable orders are outbox rows before anybody is told "done"; immediate ones go now or fail. */
import type { AlertId, BlueLight } from '../contract/alerts.ts'
import type { CameraId } from '../contract/cameras.ts'
import type { DeviceId, DeviceSettings } from '../contract/devices.ts'
import type { FaceSettings, PhotoUpload } from '../contract/faces.ts'
import type { PersonRenamed } from '../contract/known-faces.ts'
import type { LinkId } from '../contract/links.ts'
import type { VehicleCommand } from '../contract/vehicles.ts'

/** Marks a source id that we made from an alert's content: the device gave none, so none is sent back. */
export const hashedId = 'sha256:'

/** Marks the source id of an alert that our own detector raised: there is no camera to be told that it was acknowledged. */
export const ownDetector = 'detector:'

/** Whom announcements are queued for, per link: in order, whichever camera they are of. */
export const ownTarget = 'watchfloor'

interface Addressed {
  /** Idempotency key, also the outbox row's id. */
  readonly id: string
  readonly link: LinkId
  readonly device: DeviceId
}

export interface AcknowledgeAlert extends Addressed {
  readonly type: 'acknowledge-alert'
  readonly alert: AlertId
  /** The device's own message id, null where it gave none. */
  readonly messageId: string | null
  readonly alertTimestamp: number
  readonly status: 'acknowledged' | 'dismissed'
  readonly by: string
  readonly note: string | null
  readonly at: number
}

export interface ChangeDeviceSettings extends Addressed {
  readonly type: 'change-device-settings'
  readonly settings: DeviceSettings
  /** Last writer wins: epoch ms of the change. */
  readonly version: number
}

export interface ProbeDevice extends Addressed {
  readonly type: 'probe-device'
}

export interface ActivateCamera extends Addressed {
  readonly type: 'activate-camera'
  readonly camera: CameraId
  readonly active: boolean
}

/** What an operator does to a face server's library. The server answers at once or not at all, so it is not queued. */
export interface ChangeLibrary extends Addressed {
  readonly type: 'change-library'
  readonly change:
    | { readonly do: 'add-person'; readonly name: string }
    | ({ readonly do: 'rename-person' } & Omit<PersonRenamed, 'at'>)
    | { readonly do: 'merge-people'; readonly name: string; readonly into: string; readonly by: string }
    | { readonly do: 'remove-person'; readonly name: string }
    | {
        readonly do: 'add-photo'
        readonly name: string
        readonly photo: PhotoUpload
        readonly event?: string
      }
    | { readonly do: 'remove-photo'; readonly name: string; readonly file: string }
    | { readonly do: 'train' }
    | { readonly do: 'change-settings'; readonly settings: FaceSettings }
}

/** What a camera that we watch ourselves would say, were it a `cctv` of the blue-light system: for whoever monitors there. */
export interface AnnounceOwn extends Addressed {
  readonly type: 'announce-own'
  readonly camera: { readonly id: DeviceId; readonly name: string; readonly location: string | null }
  readonly at: number
  readonly says:
    | {
        readonly is: 'alert'
        readonly messageId: string
        readonly blue: BlueLight
        /** The evidence, base64. */
        readonly picture: string | null
      }
    /** Also the end of an alert: below the threshold is back to normal. */
    | { readonly is: 'status'; readonly intensity: number }
}

/** Must have left by then (epoch ms) or it is not sent: a movement nobody waits for any more is a danger. */
interface Timely extends Addressed {
  readonly deadlineAt: number
}

export interface CommandVehicle extends Timely {
  readonly type: 'command-vehicle'
  readonly command: VehicleCommand
  readonly by: string
}

/** A STOP REQUEST as one link passes it on. `delivered` means the other side took it, not that anything stands still. */
export interface RequestStop extends Timely {
  readonly type: 'request-stop'
  readonly by: string
}

export interface CommandLidar extends Timely {
  readonly type: 'command-lidar'
  readonly scanning: boolean
}

export type Order =
  | AcknowledgeAlert
  | ChangeDeviceSettings
  | ProbeDevice
  | ActivateCamera
  | ChangeLibrary
  | AnnounceOwn
  | CommandVehicle
  | RequestStop
  | CommandLidar

/** The one place that says which is which; the two types below follow from it. */
const delivery = {
  'acknowledge-alert': 'durable',
  'change-device-settings': 'durable',
  'probe-device': 'immediate',
  'activate-camera': 'immediate',
  'change-library': 'immediate',
  'announce-own': 'durable',
  'command-vehicle': 'immediate',
  'request-stop': 'immediate',
  'command-lidar': 'immediate',
} as const satisfies Record<Order['type'], 'durable' | 'immediate'>

type OrderOf<D extends 'durable' | 'immediate'> = {
  [O in Order as O['type']]: (typeof delivery)[O['type']] extends D ? O : never
}[Order['type']]

export type DurableOrder = OrderOf<'durable'>
export type ImmediateOrder = OrderOf<'immediate'>

/** What became of one attempt. Only `delivered` removes a row from the queue; `refused` parks it with the peer's words. */
export type Delivery =
  | {
      readonly is: 'delivered'
      readonly roundTripMs: number
      /** The peer's own words, where it gave some. */
      readonly said?: string
    }
  | { readonly is: 'unreachable'; readonly reason: string }
  | { readonly is: 'refused'; readonly reason: string }
