/** The stand-in's session: keeps the handlers it was given, so that a test can ask them what Electron would ask. */
import { EventEmitter } from 'node:events'
import type Electron from 'electron'

/** Of Electron's arguments only what a test gives: the handlers of ours look at nothing else. */
type PermissionRequest = (
  contents: object | null,
  permission: string,
  callback: (isGranted: boolean) => void,
  details: object,
) => void
type PermissionCheck = (
  contents: object | null,
  permission: string,
  origin: string,
  details: object,
) => boolean
type DevicePermission = (details: { deviceType: string; origin: string }) => boolean
type DisplayMedia = Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0]
type BluetoothPairing = Parameters<Electron.Session['setBluetoothPairingHandler']>[0]

export class FakeSession
  extends EventEmitter
  implements
    Pick<
      Electron.Session,
      | 'setPermissionRequestHandler'
      | 'setPermissionCheckHandler'
      | 'setDevicePermissionHandler'
      | 'setDisplayMediaRequestHandler'
      | 'setBluetoothPairingHandler'
      | 'setSpellCheckerEnabled'
    >
{
  readonly partition: string
  permissionRequest: PermissionRequest | undefined
  permissionCheck: PermissionCheck | undefined
  devicePermission: DevicePermission | undefined
  displayMedia: DisplayMedia | undefined
  bluetoothPairing: BluetoothPairing | undefined
  isSpellChecked = true
  beforeRequest: ((url: string) => boolean) | undefined
  readonly served = new Map<string, (request: Request) => Response | Promise<Response>>()

  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>): void => {
      if (this.served.has(scheme)) throw new Error(`${scheme} is already handled`)
      this.served.set(scheme, handler)
    },
  } satisfies Pick<Electron.Protocol, 'handle'>

  readonly webRequest = {
    onBeforeRequest: (
      filter: Electron.WebRequestFilter,
      listener: (details: { url: string }, callback: (response: Electron.CallbackResponse) => void) => void,
    ): void => {
      if (filter.urls?.[0] !== '<all_urls>') throw new Error('the filter lets some addresses pass unseen')
      this.beforeRequest = (url) => {
        let isCancelled = false
        listener({ url }, ({ cancel }) => {
          isCancelled = cancel === true
        })
        return !isCancelled
      }
    },
  }

  constructor(partition: string) {
    super()
    this.partition = partition
  }

  async fetch(url: string, method = 'GET'): Promise<Response> {
    const handler = this.served.get(new URL(url).protocol.slice(0, -1))
    if (handler === undefined) throw new Error(`nothing serves ${url}`)
    return handler(new Request(url, { method }))
  }

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler(handler: DevicePermission): void {
    this.devicePermission = handler
  }
  setDisplayMediaRequestHandler(handler: DisplayMedia): void {
    this.displayMedia = handler
  }
  setBluetoothPairingHandler(handler: BluetoothPairing): void {
    this.bluetoothPairing = handler
  }
  setSpellCheckerEnabled(enable: boolean): void {
    this.isSpellChecked = enable
  }
}

export const sessions: { default: FakeSession | null; readonly named: Map<string, FakeSession> } = {
  default: null,
  named: new Map(),
}
