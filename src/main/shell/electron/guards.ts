/** What the page may not do, in one hook that every web contents and session passes, so that none is missed. */
import { basename, extname } from 'node:path'
import { app, type DownloadItem, type Session, type WebContents } from 'electron'
import { exportPath } from '../../../contract/export-limits.ts'
import type { Log } from '../../log.ts'
import { isOurs, pageOrigin, parseUrl } from './origin.ts'
import { isWallAddress, wallWindowOptions } from './wall-windows.ts'

const exportEndings: readonly string[] = [
  '.csv',
  '.json',
  '.ndjson',
  '.txt',
  '.png',
  '.jpg',
  '.jpeg',
  '.webp',
]

export function installGuards(log: () => Log, preload: () => string): void {
  app.on('web-contents-created', (_, contents) => guardContents(contents, log, preload))
  app.on('session-created', (session) => guardSession(session, log))
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault()
    callback(false)
  })
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault()
    callback()
  })
  app.on('login', (event, _contents, _details, _auth, callback) => {
    event.preventDefault()
    callback()
  })
}

function guardContents(contents: WebContents, log: () => Log, preload: () => string): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (isWallAddress(url))
      return { action: 'allow', overrideBrowserWindowOptions: wallWindowOptions(preload()) }
    log().warn('window-open-denied', { url })
    return { action: 'deny' }
  })
  contents.on('will-navigate', (event) => keepHome(event, log))
  contents.on('will-frame-navigate', (event) => keepHome(event, log))
  contents.on('will-redirect', (event) => keepHome(event, log))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault()
    callback('')
  })
}

interface Navigation {
  readonly url: string
  readonly isMainFrame: boolean
  preventDefault(): void
}

function keepHome(event: Navigation, log: () => Log): void {
  if (event.isMainFrame && isOurs(event.url)) return
  event.preventDefault()
  log().warn('navigation-prevented', { url: event.url })
}

function guardSession(session: Session, log: () => Log): void {
  // Without a handler Electron says yes to everything.
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const { requestingUrl, isMainFrame } = details
    const wanted = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    callback(
      isCopying(permission, requestingUrl, isMainFrame) ||
        isLooking(permission, requestingUrl, isMainFrame, wanted),
    )
  })
  session.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame, mediaType }) => {
    const wanted = mediaType === undefined ? [] : [mediaType]
    return isCopying(permission, origin, isMainFrame) || isLooking(permission, origin, isMainFrame, wanted)
  })
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null))
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }))
  session.setSpellCheckerEnabled(false)
  session.on('select-serial-port', (event, _ports, _contents, callback) => {
    event.preventDefault()
    callback('')
  })
  session.on('select-hid-device', (event, _details, callback) => {
    event.preventDefault()
    callback(null)
  })
  session.on('select-usb-device', (event, _details, callback) => {
    event.preventDefault()
    callback()
  })
  session.on('will-download', (event, item) => {
    if (isExport(item)) item.setSaveDialogOptions({ defaultPath: basename(item.getFilename()) })
    else {
      event.preventDefault()
      log().warn('download-prevented', { url: item.getURL() })
    }
  })
  // The page has no network of its own: everything it shows comes by the port or from the manifest.
  session.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, callback) => {
    const cancel = !isLoadable(url)
    if (cancel) log().warn('request-cancelled', { url })
    callback({ cancel })
  })
}

/** A screen's own webcam as a camera of the site: our own page, and its picture only. The page says on every view that it is on. */
function isLooking(
  permission: string,
  from: string,
  isMainFrame: boolean,
  wanted: readonly string[],
): boolean {
  const isPictureOnly = wanted.length > 0 && wanted.every((media) => media === 'video')
  return permission === 'media' && isPictureOnly && isMainFrame && isOurs(from)
}

/** Our own page's Copy buttons. It gives text away and reads nothing. */
function isCopying(permission: string, from: string, isMainFrame: boolean): boolean {
  return permission === 'clipboard-sanitized-write' && isMainFrame && isOurs(from)
}

/** The page makes an export itself and saves it as a blob, and fetches films by their ticket; nothing else may reach the disk. */
function isExport(item: DownloadItem): boolean {
  const url = item.getURL()
  const ending = extname(item.getFilename()).toLowerCase()
  if (isOurs(url)) return parseUrl(url)?.pathname.startsWith(exportPath) === true && ending === '.mp4'
  return url.startsWith('blob:') && isOurs(url.slice('blob:'.length)) && exportEndings.includes(ending)
}

function isLoadable(url: string): boolean {
  const parsed = parseUrl(url)
  if (parsed === null) return false
  if (parsed.protocol === 'app:') return isOurs(url)
  if (parsed.protocol === 'blob:') return url.startsWith(`blob:${pageOrigin}/`)
  return parsed.protocol === 'devtools:' && !app.isPackaged
}
