/** The cameras of the simulated server over REST: rows, status, on and off, snapshots. None of it asks who is asking, as deployed. */
import type { Building, CameraRow } from './building.ts'
import { type Asked, fieldsOf, invalid, json, Refused } from './reply.ts'
import type { Streams } from './streams.ts'
import { utc } from './times.ts'

const changeable = new Set([
  'camera_type',
  'source',
  'face_detection_enabled',
  'face_detection_threshold',
  'motion_detection_enabled',
  'min_contour_area',
  'recording_enabled',
  'post_motion_cooldown',
  'is_active',
])

function changesOf(fields: Record<string, unknown>): Partial<CameraRow> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => changeable.has(name)))
}

function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]/g, '').replace('T', '_').slice(0, 15)
}

/** Answers what begins with `/api/cameras/`; false for what is not there. */
export async function answerCameras(building: Building, streams: Streams, asked: Asked): Promise<boolean> {
  const { method, path, query, response } = asked
  if (path === '/api/cameras/' && method === 'GET') {
    const rows = [...building.cameras.values()].flatMap((camera) => (camera.row === null ? [] : [camera.row]))
    const shown = query.get('active_only') === 'true' ? rows.filter((row) => row.is_active) : rows
    const skip = Number(query.get('skip') ?? 0)
    json(response, 200, {
      cameras: shown.slice(skip, skip + Number(query.get('limit') ?? 100)),
      total: shown.length,
    })
    return true
  }
  if (path === '/api/cameras/' && method === 'POST') {
    const fields = await fieldsOf(asked.request)
    const { camera_id } = fields
    if (typeof camera_id !== 'string' || camera_id === '')
      throw invalid(['body', 'camera_id'], 'Field required', 'missing')
    if (building.cameras.get(camera_id)?.row)
      throw new Refused(400, `Camera with ID '${camera_id}' already exists`)
    json(response, 201, building.createCamera({ ...changesOf(fields), camera_id }))
    return true
  }
  const [, id, action] =
    /^\/api\/cameras\/([^/]+)(?:\/(stream|snapshot|status|activate|deactivate))?$/.exec(path) ?? []
  if (id === undefined) return false
  const camera = building.cameras.get(id)
  if (camera === undefined || camera.row === null) throw new Refused(404, `Camera '${id}' not found`)
  const { row } = camera
  const turn = (isOn: boolean) => {
    row.is_active = isOn
    camera.isRunning = isOn
    if (!isOn) streams.end(id)
    json(response, 200, row)
    return true
  }

  if (action === undefined) {
    if (method === 'GET') json(response, 200, row)
    else if (method === 'PUT')
      json(response, 200, Object.assign(row, changesOf(await fieldsOf(asked.request))))
    else if (method === 'DELETE') {
      building.cameras.delete(id)
      streams.end(id)
      json(response, 200, { message: `Camera '${id}' deleted successfully` })
    } else return false
    return true
  }
  if (method === 'POST')
    return action === 'activate' ? turn(true) : action === 'deactivate' ? turn(false) : false
  if (method !== 'GET') return false
  if (action === 'status') {
    json(response, 200, {
      camera_id: id,
      is_active: row.is_active,
      is_running: camera.isRunning,
      fps: null,
      last_frame_time: null,
      error_message: null,
    })
    return true
  }
  if (action !== 'stream' && action !== 'snapshot') return false
  if (!camera.isRunning) throw new Refused(503, `Camera '${id}' is not running`)
  if (action === 'stream') {
    streams.open(camera, response)
    return true
  }
  const now = Date.now()
  const picture = camera.picture(now)
  row.last_active = utc(now, building.dialect)
  response.writeHead(200, {
    'content-type': 'image/jpeg',
    'content-length': picture.length,
    'content-disposition': `attachment; filename="${id}_${stamp(now)}.jpg"`,
  })
  response.end(picture)
  return true
}
