/** The face library of the simulated server: people, their photos, training, settings. */
import type { Building } from './building.ts'
import { type Asked, allow, fieldsOf, formOf, json, Refused } from './reply.ts'
import { local } from './times.ts'

const folder = 'faces'

function cleaned(name: unknown): string {
  if (typeof name !== 'string' || name.trim() === '') throw new Refused(400, 'Person name cannot be empty')
  const clean = name.replaceAll(/[^\p{L}\p{N} _-]/gu, '').trim()
  if (clean === '') throw new Refused(400, 'Invalid person name')
  return clean
}

function isPicture(file: string): boolean {
  return /\.(?:jpe?g|png)$/i.test(file)
}

/** Answers what begins with `/api/faces/` and concerns the library; false when it does not. */
export async function answerPeople(building: Building, asked: Asked): Promise<boolean> {
  const { method, path, response } = asked
  const person = (name: string) => ({
    name,
    photo_count: building.people.get(name)?.length ?? 0,
    path: `${folder}/${name}`,
  })
  const known = (name: string) => {
    const photos = building.people.get(name)
    if (photos === undefined) throw new Refused(404, `Person '${name}' not found`)
    return photos
  }
  const settings = () => ({ enabled: true, ...building.settings, faces_folder: folder })

  if (path === '/api/faces/people' && method === 'GET') {
    allow(asked, 'admin', 'user', 'viewer')
    json(response, 200, [...building.people.keys()].sort().map(person))
    return true
  }
  if (path === '/api/faces/people' && method === 'POST') {
    allow(asked, 'admin', 'user')
    const name = cleaned((await fieldsOf(asked.request)).name)
    if (!building.addPerson(name)) throw new Refused(400, `Person '${name}' already exists`)
    json(response, 201, person(name))
    return true
  }
  if (path === '/api/faces/train' && method === 'POST') {
    allow(asked, 'admin')
    building.train()
    const { people, encodings } = building.trained
    const message = `Training completed: ${encodings} encodings for ${people} people`
    json(response, 200, {
      total_people: people,
      total_encodings: encodings,
      training_time: 0.4,
      success: true,
      message,
    })
    return true
  }
  if (path === '/api/faces/settings' && method === 'GET') {
    allow(asked, 'admin', 'user', 'viewer')
    json(response, 200, settings())
    return true
  }
  if (path === '/api/faces/settings' && method === 'PUT') {
    allow(asked, 'admin')
    const { detection_method, recognition_threshold } = await fieldsOf(asked.request)
    if (detection_method === 'hog' || detection_method === 'cnn')
      building.settings.detection_method = detection_method
    if (typeof recognition_threshold === 'number')
      building.settings.recognition_threshold = Math.max(0, Math.min(1, recognition_threshold))
    json(response, 200, settings())
    return true
  }
  const [, name, isPhotos, file] = /^\/api\/faces\/people\/([^/]+)(\/photos)?(?:\/([^/]+))?$/.exec(path) ?? []
  if (name === undefined) return false
  if (isPhotos === undefined) return answerPerson(building, asked, name, known, person)
  if (file !== undefined && method === 'DELETE') {
    allow(asked, 'admin', 'user')
    const photos = known(name)
    const at = photos.findIndex((photo) => photo.name === file)
    if (at < 0) throw new Refused(404, `Photo '${file}' not found`)
    photos.splice(at, 1)
    json(response, 200, { success: true, message: `Photo '${file}' deleted successfully` })
    return true
  }
  if (method === 'GET') {
    allow(asked, 'admin', 'user', 'viewer')
    const rows = known(name).toSorted((a, b) => b.at - a.at)
    json(
      response,
      200,
      rows.map((photo) => ({
        filename: photo.name,
        path: `${folder}/${name}/${photo.name}`,
        size_bytes: photo.bytes.length,
        uploaded_at: local(photo.at, building.dialect),
      })),
    )
    return true
  }
  if (method !== 'POST') return false
  allow(asked, 'admin', 'user')
  const photos = known(name)
  let count = 0
  for (const given of (await formOf(asked.request)).getAll('files')) {
    if (typeof given === 'string' || !isPicture(given.name)) continue
    const same = photos.findIndex((photo) => photo.name === given.name)
    if (same >= 0) photos.splice(same, 1)
    photos.push({ name: given.name, bytes: await given.bytes(), at: Date.now() })
    count += 1
  }
  if (count === 0) throw new Refused(400, 'No valid image files uploaded (must be .jpg, .jpeg, or .png)')
  json(response, 200, {
    uploaded_count: count,
    person_name: name,
    message: `Successfully uploaded ${count} photo(s)`,
  })
  return true
}

async function answerPerson(
  building: Building,
  asked: Asked,
  name: string,
  known: (name: string) => unknown[],
  person: (name: string) => object,
): Promise<boolean> {
  const { method, response } = asked
  if (method === 'GET') {
    allow(asked, 'admin', 'user', 'viewer')
    known(name)
    json(response, 200, person(name))
    return true
  }
  if (method === 'PUT') {
    allow(asked, 'admin', 'user')
    known(name)
    const next = cleaned((await fieldsOf(asked.request)).name)
    if (next !== name && building.people.has(next)) throw new Refused(400, `Person '${next}' already exists`)
    const photos = building.people.get(name) ?? []
    building.people.delete(name)
    building.people.set(next, photos)
    json(response, 200, person(next))
    return true
  }
  if (method !== 'DELETE') return false
  allow(asked, 'admin')
  known(name)
  building.people.delete(name)
  // Deleting trains again; adding does not.
  building.train()
  json(response, 200, { success: true, message: `Person '${name}' deleted successfully` })
  return true
}
