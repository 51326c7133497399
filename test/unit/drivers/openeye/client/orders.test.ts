/** What an operator does to a camera or the library, as requests, and the answers as they are told. */
import { afterEach, expect, test } from 'vitest'
import { CameraId } from '../../../../../src/contract/cameras.ts'
import { DeviceId } from '../../../../../src/contract/devices.ts'
import { LinkId } from '../../../../../src/contract/links.ts'
import type { ChangeLibrary, Order } from '../../../../../src/main/order.ts'
import { json, limitReached, TestServer } from './server.ts'
import { openClient } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function stand() {
  const server = await TestServer.start()
  open.push(server)
  const client = await openClient(server.url)
  open.push(client.link)
  await client.ledger.is('live')
  return { server, ...client }
}

const addressed = { id: '1', link: LinkId.parse('eye'), device: DeviceId.parse('eye') }

function change(what: ChangeLibrary['change']): Order {
  return { ...addressed, type: 'change-library', change: what }
}

const people = '/api/faces/people'

test('people are added, renamed and removed, and the list is asked anew', async () => {
  const { server, link, ledger } = await stand()
  await ledger.until(() => ledger.of('people-reported')[0])
  server.routes.set(`POST ${people}`, json({ name: 'Anna B', photo_count: 0 }, 201))
  server.routes.set(`GET ${people}`, json([{ name: 'Anna B', photo_count: 0, path: '/srv/faces/Anna B' }]))
  const added = await link.deliver(change({ do: 'add-person', name: 'Anna B.' }))
  expect(added).toMatchObject({ is: 'delivered', said: 'kept as "Anna B"' })
  expect(JSON.parse(server.asked(people, 'POST')[0]?.body.toString() ?? '')).toEqual({ name: 'Anna B.' })
  const { people: rows } = await ledger.until(() =>
    ledger.of('people-reported').find((fact) => fact.people.length === 1),
  )
  expect(rows[0]).toMatchObject({ id: 'eye/Anna B', name: 'Anna B', photoCount: 0 })

  server.routes.set(`PUT ${people}/Anna%20B`, json({ name: 'Anna' }))
  expect(
    await link.deliver(
      change({ do: 'rename-person', name: 'Anna B', to: 'Anna', by: 'Linh', keepsOld: true }),
    ),
  ).toMatchObject({
    is: 'delivered',
  })
  expect(await link.deliver(change({ do: 'merge-people', name: 'Anna', into: 'Bob', by: 'Linh' }))).toEqual({
    is: 'refused',
    reason: 'an OpenEye server merges nobody',
  })
  server.routes.set(`DELETE ${people}/Anna`, json({ success: true, message: 'Removed' }))
  expect(await link.deliver(change({ do: 'remove-person', name: 'Anna' }))).toMatchObject({ said: 'Removed' })
  server.routes.set(`DELETE ${people}/Bob`, json({ success: false, message: 'Bob is in use' }))
  expect(await link.deliver(change({ do: 'remove-person', name: 'Bob' }))).toEqual({
    is: 'refused',
    reason: 'Bob is in use',
  })
})

test('a photo goes as a file with a name of ours', async () => {
  const { server, link } = await stand()
  const path = `${people}/..%2Fetc%2Fpasswd/photos`
  server.routes.set(`POST ${path}`, json({ success: true, message: '1 photo' }))
  const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xd9])
  const photo = { mime: 'image/jpeg', base64: bytes.toString('base64') } as const
  const delivery = await link.deliver(change({ do: 'add-photo', name: '../etc/passwd', photo }))
  expect(delivery).toMatchObject({ is: 'delivered', said: '1 photo' })
  const [sent] = server.asked(path, 'POST')
  // Read by another implementation of the format.
  const form = await new Response(new Uint8Array(sent?.body ?? []), {
    headers: { 'content-type': sent?.headers['content-type'] ?? '' },
  }).formData()
  const files = form.getAll('files')
  expect(files).toHaveLength(1)
  const [file] = files
  if (!(file instanceof File)) throw new Error('no file')
  expect(file.name).toMatch(/^photo-[0-9a-f]{16}\.jpg$/)
  expect(file.type).toBe('image/jpeg')
  expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes)
})

test('photos and settings are asked for; what the screen does not show goes back as it came', async () => {
  const { server, link } = await stand()
  server.routes.set(
    `${people}/Anna/photos`,
    json([{ filename: 'a.jpg', path: '/srv/a.jpg', size_bytes: 12, uploaded_at: 1_700_000_000 }]),
  )
  expect(await link.library?.photos('Anna')).toEqual([
    { file: 'a.jpg', sizeBytes: 12, addedAt: 1_700_000_000_000 },
  ])
  await expect(link.library?.photos('Nobody')).rejects.toMatchObject({ code: 'not-found' })
  const settings = {
    enabled: true,
    detection_method: 'hog',
    recognition_threshold: 0.6,
    faces_folder: 'faces',
  }
  server.routes.set('GET /api/faces/settings', json(settings))
  server.routes.set('PUT /api/faces/settings', json(settings))
  expect(await link.library?.settings()).toEqual({
    enabled: true,
    detectionMethod: 'hog',
    recognitionThreshold: 0.6,
  })
  await link.deliver(
    change({
      do: 'change-settings',
      settings: { enabled: false, detectionMethod: 'cnn', recognitionThreshold: 0.5 },
    }),
  )
  expect(JSON.parse(server.asked('/api/faces/settings', 'PUT')[0]?.body.toString() ?? '')).toEqual({
    enabled: false,
    detection_method: 'cnn',
    recognition_threshold: 0.5,
    faces_folder: 'faces',
  })
})

test('training says what was learned', async () => {
  const { server, link } = await stand()
  const answer = { total_people: 2, total_encodings: 9, training_time: 3.25, success: true, message: 'ok' }
  server.routes.set('POST /api/faces/train', json(answer))
  expect(await link.deliver(change({ do: 'train' }))).toMatchObject({
    is: 'delivered',
    said: 'learned 9 faces of 2 people in 3.3 s',
  })
})

test.each([
  [400, { detail: "Person 'Anna' already exists" }, "Person 'Anna' already exists"],
  [403, { detail: 'Admin only' }, 'the account of this link may not do this at the server: Admin only'],
  [422, { detail: [{ loc: ['body', 'name'], msg: 'too short' }] }, 'name: too short'],
  [502, 'x', 'the server answered HTTP 502'],
])('an answer of %d is refused in words', async (status, body, reason) => {
  const { server, link } = await stand()
  server.routes.set(`POST ${people}`, json(body, status))
  expect(await link.deliver(change({ do: 'add-person', name: 'Anna' }))).toEqual({ is: 'refused', reason })
})

test('a bare 500 may be the limit or the name, and does not stop the polls', async () => {
  const { server, link, ledger } = await stand()
  server.routes.set(`POST ${people}`, limitReached())
  const delivery = await link.deliver(change({ do: 'add-person', name: 'a--b' }))
  expect(delivery).toMatchObject({
    is: 'unreachable',
    reason: expect.stringContaining('a name it does not accept'),
  })
  const told = ledger.of('people-reported').length
  await ledger.until(() => ledger.of('people-reported').length > told)
})

test('a camera is switched, and the list is asked anew', async () => {
  const { server, link } = await stand()
  server.routes.set('POST /api/cameras/a%2Fb/deactivate', json({ camera_id: 'a/b', is_active: false }))
  const before = server.asked('/api/cameras/').length
  const order: Order = {
    ...addressed,
    type: 'activate-camera',
    camera: CameraId.parse('eye/a/b'),
    active: false,
  }
  expect(await link.deliver(order)).toMatchObject({ is: 'delivered' })
  await server.until(() => server.asked('/api/cameras/').length > before)
})

test('a server that is gone cannot be reached, and orders it does not know are refused', async () => {
  const { server, link } = await stand()
  expect(await link.deliver({ ...addressed, type: 'probe-device' })).toMatchObject({ is: 'refused' })
  await server.close()
  open.splice(open.indexOf(server), 1)
  expect(await link.deliver(change({ do: 'train' }))).toMatchObject({
    is: 'unreachable',
    // Whether the connection that was idle is already known to be gone is a matter of moments.
    reason: expect.stringMatching(/^(nothing listens at )?http:.*\d( hung up)?$/),
  })
})
