/** Links: the connections Watchfloor listens on or dials, what they are doing, and why. */
import { z } from 'zod'
import { KeptSecret } from './accounts.ts'
import { RegisterMapId } from './register-map-id.ts'
import { VehicleName } from './vehicle-name.ts'
import { ZoneDistances } from './zone-distances.ts'

export const LinkId = z.string().min(1).max(64).brand<'LinkId'>()
export type LinkId = z.output<typeof LinkId>

/**
 * How a serial port is found, whatever its name is today: `usb:1a86:7523:SERIAL` (vendor, product and, where the device has one,
 * serial number, hex as the system tells them), a path under `/dev/serial/by-id/`, or a plain name (`/dev/ttyUSB0`, `COM3`).
 */
export const SerialAddress = z.string().trim().min(1).max(300)
export type SerialAddress = z.output<typeof SerialAddress>

/** What a link is doing. Socket state alone never makes it `live`: something useful must have been received. */
export const LinkState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('stopped') }),
  z.object({ is: z.literal('opening'), attempt: z.number().int() }),
  z.object({ is: z.literal('greeting') }),
  /** A listening link with its port open; `live` once a peer has said something useful. */
  z.object({ is: z.literal('listening') }),
  z.object({ is: z.literal('live'), since: z.number().int() }),
  z.object({
    is: z.literal('silent'),
    since: z.number().int(),
    /** What did not come, where the driver can say more than that nothing did. */
    words: z.string().optional(),
  }),
  /** Degraded: values come by asking over HTTP, because the socket is not to be had. It is still being tried at `retryAt`; 0: there is none. */
  z.object({
    is: z.literal('polling'),
    since: z.number().int(),
    retryAt: z.number().int(),
    reason: z.string(),
  }),
  z.object({
    is: z.literal('waiting'),
    retryAt: z.number().int(),
    attempt: z.number().int(),
    reason: z.string(),
  }),
  z.object({ is: z.literal('refused'), reason: z.string() }),
])
export type LinkState = z.output<typeof LinkState>

/** Monotonic since start. */
export const LinkCounters = z.object({
  messagesIn: z.number().int(),
  messagesOut: z.number().int(),
  bytesIn: z.number().int(),
  alertsStored: z.number().int(),
  duplicates: z.number().int(),
  lateAlerts: z.number().int(),
  badMessages: z.number().int(),
  unknownMessages: z.number().int(),
  pauses: z.number().int(),
  refusedPeers: z.number().int(),
})
export type LinkCounters = z.output<typeof LinkCounters>

export const noCounters: LinkCounters = {
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  alertsStored: 0,
  duplicates: 0,
  lateAlerts: 0,
  badMessages: 0,
  unknownMessages: 0,
  pauses: 0,
  refusedPeers: 0,
}

/** How a link is set up. `listen` opens a port for devices; `dial` goes out to a relay or another control center. */
export const LinkProfile = z.discriminatedUnion('driver', [
  z.strictObject({
    id: LinkId,
    driver: z.literal('blue-light-hub'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    /** `127.0.0.1`, or an address of this machine chosen on purpose; `0.0.0.0` is every interface. */
    host: z.string().min(1).max(255),
    /** 0 lets the system choose. */
    port: z.number().int().min(0).max(65535),
    heartbeatMs: z.number().int().min(1000).max(600_000),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('blue-light-client'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    url: z.string().min(1).max(2048),
    group: z.string().max(128),
    deviceId: z.string().min(1).max(128),
    /** The reconnect ladder: see docs/protocols. */
    ladder: z.enum(['lan', 'steady-5s', 'document']),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('openeye-client'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    /** `http://192.168.1.30:8000`; the socket's address follows from it. */
    url: z.string().min(1).max(2048),
    ladder: z.enum(['lan', 'steady-5s', 'document']),
    /** How often faces and figures are asked for, where the socket does not bring them. */
    pollMs: z.number().int().min(2000).max(60_000),
    /** What a time without a zone means. The deployed server writes UTC, and its own local time for the last recognition. */
    zone: z.enum(['utc', 'local']),
    recognitionZone: z.enum(['utc', 'local']),
    /** Keep every camera's stream open, so that each sighting has the picture it was made on. Costs bandwidth. */
    keepStreams: z.boolean(),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('openeye-server'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    host: z.string().min(1).max(255),
    port: z.number().int().min(0).max(65535),
    /** Pages of these origins may connect from a browser; this server's own always may. */
    origins: z.array(z.string().min(1).max(255)).max(20),
    broadcastMs: z.number().int().min(1000).max(60_000),
    tokenMinutes: z.number().int().min(1).max(1440),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('rtsp-camera'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    /** `rtsp://192.168.1.64:554/stream1`; user and password are kept apart. */
    url: z.string().min(1).max(2048),
    location: z.string().max(120),
    ladder: z.enum(['lan', 'steady-5s', 'document']),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('mjpeg-camera'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    /** Of the stream itself: `http://192.168.1.64/video.mjpg`. */
    url: z.string().min(1).max(2048),
    location: z.string().max(120),
    ladder: z.enum(['lan', 'steady-5s', 'document']),
  }),
  /** A screen's own webcam: the screen that sends it is chosen there. */
  z.strictObject({
    id: LinkId,
    driver: z.literal('webcam'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    location: z.string().max(120),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('still-camera'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    /** A JPEG file of this machine, or a folder of them. */
    path: z.string().min(1).max(1024),
    framesPerSecond: z.number().min(0.05).max(30),
    location: z.string().max(120),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('owt-client'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    /** `wss://…`; the API key is kept apart. */
    url: z.string().min(1).max(2048),
    /** How pictures are sent: as the deployed server takes them, as its document says, or whichever is answered. */
    dialect: z.enum(['auto', 'document', 'deployed']),
    /** What the four numbers of a box are; on `auto` a guess, and said to be one. */
    boxFormat: z.enum(['auto', 'xywh-px', 'xyxy-px', 'xywh-norm', 'tlbr-px']),
    ladder: z.enum(['lan', 'steady-5s', 'document']),
    zone: z.enum(['utc', 'local']),
  }),
  /** The face engine of this installation, which runs in a screen, and the people it knows. */
  z.strictObject({
    id: LinkId,
    driver: z.literal('device-faces'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    /** How alike a face must be to one in the library to be called by its name, 0..1: higher is stricter. */
    threshold: z.number().min(0).max(1),
  }),
  /** Modules of a vehicle on an RS485 bus, read by us as Modbus RTU master. */
  z.strictObject({
    id: LinkId,
    driver: z.literal('modbus-bus'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    vehicle: VehicleName,
    port: SerialAddress,
    baudRate: z.number().int().min(1200).max(1_000_000),
    parity: z.enum(['none', 'even', 'odd']),
    stopBits: z.union([z.literal(1), z.literal(2)]),
    /** How long a module may take to answer. What comes later is never used. */
    timeoutMs: z.number().int().min(20).max(10_000),
    /** Unit addresses that are looked for. */
    units: z.array(z.number().int().min(1).max(247)).min(1).max(32),
    /** Register maps chosen by hand; the others are chosen by what the module says of itself. */
    maps: z.array(z.strictObject({ unit: z.number().int(), map: RegisterMapId })).max(32),
    /** Without it nothing is ever written to the bus but read requests. */
    writable: z.boolean(),
  }),
  z.strictObject({
    id: LinkId,
    driver: z.literal('rplidar'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    vehicle: VehicleName,
    port: SerialAddress,
    /** `c1`: 460800 baud; `a1`: 115200. */
    model: z.enum(['c1', 'a1']),
    mode: z.enum(['standard', 'express']),
    /** Where its zero angle points, degrees clockwise from the vehicle's front. */
    mountDeg: z.number().min(-360).max(360),
    zones: ZoneDistances,
  }),
  /** The vehicle over the network: its own WebSocket and HTTP, and its backend's WebSocket. */
  z.strictObject({
    id: LinkId,
    driver: z.literal('oht50-client'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    vehicle: VehicleName,
    /** `http://192.168.1.50:8080` of the firmware; empty: none. Commands go here. */
    httpUrl: z.string().max(2048),
    /** `ws://192.168.1.50:8081` of the firmware, or another gateway; empty: none. */
    socketUrl: z.string().max(2048),
    /** `ws://192.168.1.51:8000` of the backend; empty: none. */
    backendUrl: z.string().max(2048),
    ladder: z.enum(['lan', 'steady-5s', 'document']),
    /** How often it is asked over HTTP while no socket brings news. */
    pollMs: z.number().int().min(200).max(60_000),
  }),
  /** The gateway other programs watch our vehicles through. */
  z.strictObject({
    id: LinkId,
    driver: z.literal('oht50-gateway'),
    name: z.string().min(1).max(80),
    enabled: z.boolean(),
    host: z.string().min(1).max(255),
    port: z.number().int().min(0).max(65535),
    /** Pages of these origins may connect from a browser. */
    origins: z.array(z.string().min(1).max(255)).max(20),
    /** Without, who connects without a token may watch; commands always need one. */
    viewersNeedToken: z.boolean(),
    tokenMinutes: z.number().int().min(1).max(525_600),
  }),
])
export type LinkProfile = z.output<typeof LinkProfile>

export const Link = z.object({
  id: LinkId,
  name: z.string(),
  driver: z.enum([
    'blue-light-hub',
    'blue-light-client',
    'openeye-client',
    'openeye-server',
    'rtsp-camera',
    'mjpeg-camera',
    'webcam',
    'still-camera',
    'owt-client',
    'device-faces',
    'modbus-bus',
    'rplidar',
    'oht50-client',
    'oht50-gateway',
  ]),
  role: z.enum(['listens', 'dials']),
  /** Where: `ws://127.0.0.1:8765`. Never with a secret in it. */
  address: z.string(),
  state: LinkState,
  /** When the present state began. */
  stateSince: z.number().int(),
  lastUsefulAt: z.number().int().nullable(),
  /** How long nothing useful may arrive before the link counts as silent. */
  budgetMs: z.number().int(),
  peers: z.number().int(),
  /** Outbox rows waiting for this link. */
  queueDepth: z.number().int(),
  counters: LinkCounters,
  /** How it goes, in the driver's words; absent where the state and the counters say all. */
  note: z.string().optional(),
  /** Whether a password, token or key is kept for it, and how well. */
  secret: KeptSecret,
  profile: LinkProfile,
})
export type Link = z.output<typeof Link>

/** One message as it crossed a link, for the inspector. `text` is cut at 4 KiB and shows pictures as their size. */
export const WireMessage = z.object({
  at: z.number().int(),
  direction: z.enum(['in', 'out']),
  peer: z.string(),
  /** Length on the wire, bytes. */
  sizeBytes: z.number().int(),
  text: z.string(),
  /** Empty when it was understood, else why not. */
  trouble: z.string(),
})
export type WireMessage = z.output<typeof WireMessage>

/** A finished connection test, step by step, in words. */
export const LinkTest = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ ok: z.boolean(), text: z.string() })),
})
export type LinkTest = z.output<typeof LinkTest>
