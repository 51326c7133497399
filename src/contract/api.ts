/** Everything a screen can ask, in one table. Client types, server checks and the exhaustive handlers all come from it. */
import { z } from 'zod'
import * as accounts from './accounts.ts'
import * as a from './alerts.ts'
import * as n from './analysis.ts'
import * as c from './cameras.ts'
import * as d from './devices.ts'
import * as e from './events.ts'
import * as f from './faces.ts'
import { type Contract, call, feed, journal, nothing, table, upload } from './kinds.ts'
import { Lidar, ScanHeader } from './lidar.ts'
import * as l from './links.ts'
import * as m from './modules.ts'
import { OutboxRow } from './orders.ts'
import { CameraPlan } from './plans.ts'
import * as r from './recordings.ts'
import { RegisterMapId } from './register-map-id.ts'
import { Rule, RuleTest } from './rules.ts'
import * as s from './settings.ts'
import { Health, Role, SerialPortRow, Site } from './site.ts'
import { Statistics } from './statistics.ts'
import { CoverageSpan, TimelineEntry, TimelineMark } from './timeline.ts'
import { VehicleName } from './vehicle-name.ts'
import { VehicleRule } from './vehicle-rules.ts'
import * as v from './vehicles.ts'

const done = z.object({})
const note = z.string().max(2000)
const range = z.strictObject({ fromAt: a.Instant, toAt: a.Instant })

export const api = {
  // the installation and the session
  site: call('viewer', nothing, Site),
  'session.sign-on': call('viewer', z.strictObject({ name: z.string().trim().min(1).max(60) }), done),
  health: table('viewer', Health),
  'access.links': call(
    'admin',
    nothing,
    z.object({ links: z.array(z.object({ role: Role, url: z.string() })) }),
  ),
  'access.rotate': call('admin', z.strictObject({ role: Role }), done),
  'hardware.ports': call('viewer', nothing, z.object({ ports: z.array(SerialPortRow), trouble: z.string() })),
  'demo.start': call('admin', nothing, done),
  'demo.stop': call('admin', nothing, done),

  // alerts
  /** Open alerts, the most urgent and newest first to be kept when there are more than the cap. */
  alerts: table('viewer', a.Alert),
  'alerts.counts': table('viewer', a.AlertCounts),
  'alerts.journal': journal('viewer', a.AlertEntry),
  'alerts.page': call(
    'viewer',
    z.strictObject({
      filter: a.AlertFilter,
      after: a.PageCursor.nullable(),
      limit: z.number().int().min(1).max(500),
    }),
    a.AlertPage,
  ),
  'alerts.get': call('viewer', z.strictObject({ id: a.AlertId }), a.AlertDetail),
  'alerts.acknowledge': call('operator', z.strictObject({ id: a.AlertId, note: note.optional() }), a.Alert),
  'alerts.silence': call('operator', z.strictObject({ id: a.AlertId }), a.Alert),
  'alerts.shelve': call(
    'operator',
    z.strictObject({ id: a.AlertId, until: a.Instant, reason: note.min(1) }),
    a.Alert,
  ),
  'alerts.unshelve': call('operator', z.strictObject({ id: a.AlertId }), a.Alert),
  'alerts.close': call(
    'operator',
    z.strictObject({ id: a.AlertId, disposition: a.Disposition, note: note.optional() }),
    a.Alert,
  ),
  'alerts.note': call('operator', z.strictObject({ id: a.AlertId, note: note.min(1) }), a.Alert),
  /** The next piece of an export, oldest stored first: rows of text, safe to append to the pieces before it. */
  'alerts.export': call(
    'viewer',
    z.strictObject({
      filter: a.AlertFilter,
      format: z.enum(['csv', 'json', 'ndjson']),
      after: a.PageCursor.nullable(),
    }),
    z.object({ text: z.string(), rows: z.number().int(), next: a.PageCursor.nullable() }),
  ),
  /** One frame: the picture's bytes. */
  'alerts.picture': feed(
    'viewer',
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    a.Evidence,
  ),

  // devices
  devices: table('viewer', d.Device),
  'devices.settings': call(
    'operator',
    z.strictObject({
      link: l.LinkId,
      devices: z.array(d.DeviceId).min(1).max(500),
      settings: d.DeviceSettings,
    }),
    done,
  ),
  'devices.service': call(
    'operator',
    z.strictObject({ id: z.string(), outOfService: z.boolean(), reason: note.min(1) }),
    done,
  ),
  /** Immediate: asks the device for a sign of life now, and says how long it took. */
  'devices.probe': call(
    'operator',
    z.strictObject({ id: z.string() }),
    z.object({ roundTripMs: z.number() }),
  ),
  'devices.forget': call('admin', z.strictObject({ id: z.string() }), done),

  // cameras
  cameras: table('viewer', c.Camera),
  /** Live pictures, JPEG or video. The link's stream is open while somebody looks. */
  'cameras.frames': feed('viewer', z.strictObject({ id: c.CameraId }), c.FrameHeader),
  /** One frame: a picture taken now. */
  'cameras.snapshot': feed('viewer', z.strictObject({ id: c.CameraId }), a.Evidence),
  /** A screen has saved the picture it shows of a camera that takes none by itself: for the record. */
  'cameras.snapped': call('viewer', z.strictObject({ id: c.CameraId }), done),
  'cameras.activate': call('operator', z.strictObject({ id: c.CameraId, active: z.boolean() }), done),
  'cameras.forget': call('admin', z.strictObject({ id: c.CameraId }), done),
  /** The pictures of this screen's webcam, JPEG, each only when somebody looks. The newest screen that sends is the camera. */
  'webcam.frames': upload('operator', z.strictObject({ link: l.LinkId }), c.WebcamPicture),
  plans: table('viewer', CameraPlan),
  'plans.save': call('operator', z.strictObject({ plan: CameraPlan }), done),
  walls: table('viewer', c.Wall),
  'walls.save': call('operator', z.strictObject({ wall: c.Wall }), done),
  'walls.remove': call('operator', z.strictObject({ id: z.string() }), done),

  // looking at pictures
  'analysis.now': table('viewer', n.AnalysisNow),
  /** Opening it offers this screen as the analyst; leaving it passes the work on. The newest tasks count. */
  'analysis.tasks': feed('operator', n.AnalystOffer, n.AnalystTasks),
  /** JPEGs for the camera's face server, as many as it has room for. */
  'analysis.frames': upload('operator', z.strictObject({ camera: c.CameraId }), n.AnalysisPicture),
  'analysis.faces': call('operator', n.DeviceFaces, done),
  'analysis.blue': call('operator', n.BlueReport, done),
  /** One frame: a picture of a person whose face is to be learned. */
  'analysis.photo': feed('operator', z.strictObject({ id: n.PhotoId }), z.object({ id: n.PhotoId })),
  /** Why it does not go: of one camera, or of the face engine where `camera` is null. Empty: it goes. */
  'analysis.trouble': call(
    'operator',
    z.strictObject({ camera: c.CameraId.nullable(), text: z.string().max(500) }),
    done,
  ),
  'analysis.learned': call('operator', n.LearnedFace, done),

  // the flight recorder
  /** Each camera that is recorded, or of which something is kept. */
  recordings: table('viewer', r.CameraRecorder),
  'recordings.store': table('viewer', r.RecorderStore),
  'recordings.spans': call(
    'viewer',
    range.extend({ camera: c.CameraId }),
    z.object({ spans: z.array(r.RecordingSpan) }),
  ),
  'recordings.ofAlert': call('viewer', z.strictObject({ id: a.AlertId }), r.AlertRecording),
  /** Every recorded frame of the span in order, from the key frame before it, as fast as the reader asks; then one that says so. */
  'recordings.play': feed('viewer', range.extend({ camera: c.CameraId }), r.PlayedFrame),
  /** One MP4 of one camera, an hour at most; leaving the feed ends it. `alert`: whose evidence it is. A `to` still to come is now. */
  'recordings.export': feed(
    'operator',
    range.extend({ camera: c.CameraId, alert: a.AlertId.nullable() }),
    r.ExportStep,
  ),
  /** Gives up what this alert keeps. */
  'recordings.remove': call('admin', z.strictObject({ id: a.AlertId }), done),

  // events and the rules that turn them into alerts
  /** The newest events, a bounded number; `events.page` has them all. */
  events: table('viewer', e.DetectionEvent),
  'events.page': call(
    'viewer',
    z.strictObject({
      filter: e.EventFilter,
      after: e.EventCursor.nullable(),
      limit: z.number().int().min(1).max(500),
    }),
    e.EventPage,
  ),
  /** Every kind of event there has been, for filters and rules. */
  'events.kinds': call('viewer', nothing, z.object({ kinds: z.array(z.string()) })),
  rules: table('viewer', Rule),
  'rules.save': call('admin', z.strictObject({ rule: Rule }), done),
  'rules.remove': call('admin', z.strictObject({ id: z.string() }), done),
  /** What the rule would have done over the last `days`. */
  'rules.test': call(
    'operator',
    z.strictObject({ rule: Rule, days: z.number().int().min(1).max(90) }),
    RuleTest,
  ),

  // faces
  statistics: table('viewer', Statistics),
  'faces.now': table('viewer', f.FacesNow),
  /** Each result at once: what is painted over the picture it was found in must miss none. */
  'faces.found': feed('viewer', z.strictObject({ id: c.CameraId }), f.FacesFound),
  'faces.seen': call('viewer', nothing, z.object({ people: z.array(e.SeenPerson) })),
  people: table('viewer', f.Person),
  'people.add': call('operator', z.strictObject({ link: l.LinkId, name: f.PersonName }), done),
  'people.rename': call('operator', z.strictObject({ id: z.string(), name: f.PersonName }), done),
  /** `sightings`: erases what is stored of where they were seen, too. */
  'people.remove': call(
    'admin',
    z.strictObject({ id: z.string(), sightings: z.boolean().optional() }),
    z.object({ sightings: z.number().int() }),
  ),
  /** `id` becomes `into`, both of one library: photos and sightings follow, and the name is gone. Answers how many sightings moved. */
  'people.merge': call(
    'admin',
    z.strictObject({ id: z.string(), into: z.string() }),
    z.object({ sightings: z.number().int() }),
  ),
  'people.photos': call(
    'viewer',
    z.strictObject({ id: z.string() }),
    z.object({ photos: z.array(f.PersonPhoto) }),
  ),
  /** `event`: the sighting of a face nobody knew that the photo was cut from; it is theirs from then on. */
  'people.photos.add': call(
    'operator',
    z.strictObject({ id: z.string(), photo: f.PhotoUpload, event: z.string().optional() }),
    done,
  ),
  /** One frame: a photo, where the library gives them. */
  'people.photo': feed(
    'viewer',
    z.strictObject({ id: z.string(), file: z.string() }),
    z.object({ mime: z.enum(['image/jpeg', 'image/png']) }),
  ),
  /** Not this person: the sighting becomes one of a face nobody knows. Answers what that does not change, in words. */
  'faces.not': call('operator', z.strictObject({ event: z.string() }), z.object({ text: z.string() })),
  /** A face nobody knows that needs no more attention: off the queue, kept in the history. */
  'faces.dismiss': call('operator', z.strictObject({ event: z.string() }), e.DetectionEvent),
  'people.photos.remove': call('operator', z.strictObject({ id: z.string(), file: z.string() }), done),
  /** May take minutes: the server answers when it has learned the faces. */
  'faces.train': call('admin', z.strictObject({ link: l.LinkId }), z.object({ text: z.string() }), {
    timeoutMs: 600_000,
  }),
  'faces.settings': call('viewer', z.strictObject({ link: l.LinkId }), f.FaceSettings),
  'faces.settings.save': call('admin', z.strictObject({ link: l.LinkId, settings: f.FaceSettings }), done),

  // vehicles
  /** What each link says of its vehicle. */
  vehicles: table('viewer', v.VehicleReport),
  modules: table('viewer', m.VehicleModule),
  lidars: table('viewer', Lidar),
  /** Whole revolutions, the newest only. */
  'lidars.scan': feed('viewer', z.strictObject({ link: l.LinkId }), ScanHeader),
  'lidars.scanning': call('operator', z.strictObject({ link: l.LinkId, on: z.boolean() }), done),
  /** Every register map there is: the installation's own, and those of the data folder. */
  'modules.maps': call(
    'viewer',
    nothing,
    z.object({ maps: z.array(m.RegisterMap), troubles: z.array(z.string()) }),
  ),
  /** Chosen by hand; null: by what the module says of itself. */
  'modules.map': call('admin', z.strictObject({ id: z.string(), map: RegisterMapId.nullable() }), done),
  /**
   * What a register was since `fromAt`, at most 2,000 points: times ascending, null where it was not known. `value` is the last of
   * the time up to the next point, `least` and `most` what it was in that time. Each second within the last half hour of this
   * start of the app; before it, and over longer spans, from the database.
   */
  'modules.trend': call(
    'viewer',
    z.strictObject({ id: z.string(), register: m.RegisterName, fromAt: a.Instant }),
    z.object({
      at: z.array(z.number()),
      value: z.array(z.number().nullable()),
      least: z.array(z.number().nullable()),
      most: z.array(z.number().nullable()),
    }),
  ),
  'modules.forget': call('admin', z.strictObject({ id: z.string() }), done),
  /** Immediate: sent within its deadline or not at all. `link` names the way it goes. */
  'vehicles.command': call(
    'operator',
    z.strictObject({ link: l.LinkId, command: v.VehicleCommand }),
    v.CommandOutcome,
  ),
  /** STOP REQUEST, to one vehicle or to all of them: sent again and again until the vehicle reports ESTOP or it is released. */
  'vehicles.stop': call(
    'operator',
    z.strictObject({ vehicle: VehicleName.nullable() }),
    z.object({ ids: z.array(z.string()) }),
  ),
  'vehicles.stop.release': call('operator', z.strictObject({ id: z.string() }), done),
  stops: table('viewer', v.StopRequest),
  vehicleRules: table('viewer', VehicleRule),
  'vehicleRules.save': call('admin', z.strictObject({ rule: VehicleRule }), done),

  // the bus as a technician sees it
  /** Every frame that crosses, in order, a bounded number at a time; `missed` counts those a slow reader did not get. */
  'bus.frames': feed(
    'operator',
    z.strictObject({ link: l.LinkId }),
    z.object({ missed: z.number().int(), frames: z.array(m.BusFrame) }),
  ),
  'bus.record': call('operator', z.strictObject({ link: l.LinkId, on: z.boolean() }), done),
  'bus.recordings': table('viewer', m.BusRecording),
  /** A recording from its beginning, piece by piece as the reader asks; an empty piece is the end. */
  'bus.play': feed(
    'operator',
    z.strictObject({ id: z.string() }),
    z.object({ frames: z.array(m.BusFrame), ended: z.boolean() }),
  ),
  'bus.recordings.remove': call('admin', z.strictObject({ id: z.string() }), done),

  // links
  links: table('viewer', l.Link),
  'links.save': call('admin', z.strictObject({ profile: l.LinkProfile }), done),
  'links.remove': call('admin', z.strictObject({ id: l.LinkId }), done),
  /** With credentials that are typed but not kept yet; without, with the ones that are kept. */
  'links.test': call(
    'admin',
    z.strictObject({ profile: l.LinkProfile, credentials: accounts.Credentials.optional() }),
    l.LinkTest,
  ),
  'links.retry': call('operator', z.strictObject({ id: l.LinkId }), done),
  /** What crossed the link since the last frame; `missed` counts the ones a slow reader did not get. */
  'links.messages': feed(
    'operator',
    z.strictObject({ id: l.LinkId }),
    z.object({ missed: z.number().int(), messages: z.array(l.WireMessage) }),
  ),

  /** Null forgets them. The link tries at once with what it is given. */
  'links.credentials': call(
    'admin',
    z.strictObject({ id: l.LinkId, credentials: accounts.Credentials.nullable() }),
    done,
  ),
  /** The people and programs that may log in at a server of ours. */
  'links.users': call(
    'admin',
    z.strictObject({ id: l.LinkId }),
    z.object({ users: z.array(accounts.AccountUser) }),
  ),
  /** Adds, or changes role and password; without a password the present one stays. */
  'links.users.save': call(
    'admin',
    z.strictObject({
      id: l.LinkId,
      user: accounts.UserName,
      role: Role,
      password: accounts.NewPassword.optional(),
    }),
    done,
  ),
  'links.users.remove': call('admin', z.strictObject({ id: l.LinkId, user: z.string() }), done),
  /** Ends every token of this user and closes the sockets; the password stays. */
  'links.users.revoke': call('admin', z.strictObject({ id: l.LinkId, user: z.string() }), done),
  /** A new signing key: every token ever given out ends. */
  'links.key.rotate': call('admin', z.strictObject({ id: l.LinkId }), done),
  /** A word to everybody connected to a server of ours, or to one user. Answers how many sockets got it. */
  'links.broadcast': call(
    'operator',
    z.strictObject({ id: l.LinkId, text: note.min(1), user: z.string().optional() }),
    z.object({ sockets: z.number().int() }),
  ),

  // orders
  /** Waiting and parked orders, and the last delivered ones. */
  orders: table('viewer', OutboxRow),
  'orders.retry': call('operator', z.strictObject({ id: z.string() }), done),
  'orders.discard': call('admin', z.strictObject({ id: z.string() }), done),

  // timeline
  timeline: journal('viewer', TimelineEntry),
  /** The last entries before now, ascending, for a screen that has just been opened. */
  'timeline.recent': call(
    'viewer',
    z.strictObject({ limit: z.number().int().min(1).max(500) }),
    z.object({ entries: z.array(TimelineEntry) }),
  ),
  'timeline.marks': call(
    'viewer',
    range.extend({ slices: z.number().int().min(1).max(2000) }),
    z.object({ marks: z.array(TimelineMark), coverage: z.array(CoverageSpan) }),
  ),

  // settings
  settings: table('viewer', s.SettingRow),
  'settings.set': call('admin', z.strictObject({ key: s.SettingKey, value: z.json() }), done),
} as const satisfies Contract

export type Api = typeof api
