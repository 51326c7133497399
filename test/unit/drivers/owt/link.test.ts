/** A link to a simulated face server over real sockets: both forms, silence, errors, keys, and what it says of itself. */
import { describe, expect, test } from 'vitest'
import { isBoxOf, paint } from './pictures.ts'
import { camera, connect, link, pictureOf, quickClock, serve } from './stand.ts'

describe('a picture and its faces', () => {
  test('in the deployed form, with what a check-in adds', async () => {
    const sim = await serve({ speaks: 'deployed', people: ['Ann Le'] })
    const stand = await connect(sim.url)
    expect(stand.states.includes('live')).toBe(false)
    const painted = paint(64, [{ x: 8, y: 16, width: 24, height: 24, who: 0 }])
    const found = await stand.ask(4, painted)
    expect(found).toMatchObject({ link, camera, frame: 4 })
    expect(found.picture?.bytes).toBe(painted.bytes)
    const [face] = found.faces
    expect(face).toMatchObject({ person: 'Ann Le', gender: 'male', mask: false, isCheckedIn: true })
    expect(face?.age).toBeGreaterThan(19)
    expect(face?.box?.x).toBeCloseTo(8 / 64, 1)
    expect(face?.box?.width).toBeCloseTo(24 / 64, 1)
    await stand.is('live')
    expect(sim.forms).toEqual(['deployed'])
  })

  test("in the document's form; once an id came back, four at a time", async () => {
    const sim = await serve({ speaks: 'document', latencyMs: 50 })
    const stand = await connect(sim.url, { profile: { dialect: 'document' } })
    await stand.room()
    expect(stand.server.room).toBe(1)
    const found = await stand.ask(1)
    expect(isBoxOf(1, found.faces[0]?.box ?? null)).toBe(true)
    expect(found.faces[0]).toMatchObject({ person: 'Ben Ortiz', mask: null, isCheckedIn: false })
    expect(stand.server.room).toBe(4)
    for (const frame of [2, 3, 4, 5, 6]) stand.server.send(pictureOf(frame))
    expect(stand.server.room).toBe(0)
    await stand.until(() => stand.found.length === 5)
    expect(sim.counts.pictures).toBe(5)
    const note = await stand.until(
      () => /up to 4 pictures/.test(stand.report.note ?? '') && stand.report.note,
    )
    expect(note).toContain('boxes read as x, y, width, height in pixels (a guess)')
  })

  test('boxes come back in the camera’s picture, from the square that was sent', async () => {
    const sim = await serve()
    const stand = await connect(sim.url, { profile: { dialect: 'deployed' } })
    await stand.room()
    const painted = paint(96, [{ x: 24, y: 40, width: 24, height: 24, who: 0 }])
    // 4:3 in a square: an eighth above and below is not the camera's.
    const box = { x: 0, y: -1 / 6, width: 1, height: 4 / 3 }
    const sent = pictureOf(1, painted)
    stand.server.send({ ...sent, picture: { ...sent.picture, excerpt: { box } } })
    const found = await stand.until(() => stand.found[0])
    const [face] = found.faces
    expect(face?.box?.x).toBeCloseTo(0.25, 1)
    expect(face?.box?.y).toBeCloseTo((40 / 96) * (4 / 3) - 1 / 6, 1)
    expect(face?.box?.height).toBeCloseTo(1 / 3, 1)
    expect(found.picture?.excerpt).toEqual(box)
  })

  test.each(['xywh-px', 'xyxy-px', 'xywh-norm', 'tlbr-px'] as const)(
    'a server that writes %s',
    async (boxFormat) => {
      const sim = await serve({ boxWriting: boxFormat, boxField: 'bbox' })
      const stand = await connect(sim.url, { profile: { dialect: 'deployed', boxFormat } })
      const found = await stand.ask(7)
      expect(isBoxOf(7, found.faces[0]?.box ?? null)).toBe(true)
    },
  )

  test('nobody in the picture is a result, and makes the link live', async () => {
    const sim = await serve()
    const stand = await connect(sim.url)
    expect((await stand.ask(1, paint(32, []))).faces).toEqual([])
    await stand.is('live')
  })

  test('without room nothing is sent', async () => {
    const sim = await serve({ latencyMs: 20 })
    const stand = await connect(sim.url)
    stand.server.send(pictureOf(1))
    await stand.room()
    for (const frame of [2, 3, 4]) stand.server.send(pictureOf(frame))
    await stand.until(() => stand.found.length === 1)
    expect(stand.found[0]?.frame).toBe(2)
    expect(sim.counts.pictures).toBe(1)
  })
})

describe('which form', () => {
  test('auto finds the document’s when the deployed one is not answered, and keeps it', async () => {
    const sim = await serve({ speaks: 'document' })
    const stand = await connect(sim.url, { clock: quickClock(5) })
    await stand.room()
    stand.server.send(pictureOf(1))
    const silent = await stand.is('silent')
    expect(silent.words).toBe('connected, but no answer to a picture within 5 s, each form is tried in turn')
    await stand.room()
    expect((await stand.ask(2)).frame).toBe(2)
    await stand.is('live')
    expect(sim.forms).toEqual(['deployed', 'document'])
    const note = await stand.until(
      () => /as was found out/.test(stand.report.note ?? '') && stand.report.note,
    )
    expect(note).toContain("speaks the document's form (frame), as was found out")
    sim.hangUp()
    await stand.is('waiting')
    await stand.ask(3)
    expect(sim.forms).toEqual(['deployed', 'document', 'document'])
    // From the first silence to the first result nothing else was said.
    expect(stand.states.slice(0, 5)).toEqual(['opening', 'greeting', 'silent', 'live', 'waiting'])
  })

  test('auto also leaves a form that is answered with errors', async () => {
    const sim = await serve({ faults: { fail: 1, failWords: 'unknown message' } })
    const stand = await connect(sim.url, { clock: quickClock(5) })
    await stand.room()
    stand.server.send(pictureOf(1))
    await stand.room()
    stand.server.send(pictureOf(2))
    await stand.until(() => (stand.report.note ?? '').includes('the server said: unknown message'))
    const heard = () => stand.of('message-crossed').filter(({ message }) => message.direction === 'in')
    await stand.until(() => heard().length === 2)
    expect(sim.forms).toEqual(['deployed', 'document'])
    expect(stand.found).toEqual([])
    expect(stand.states).not.toContain('live')
  })
})

describe('silence', () => {
  test('has its own words, lasts through new sockets, and ends with a result', async () => {
    const sim = await serve({ faults: { mute: true } })
    const stand = await connect(sim.url, { profile: { dialect: 'deployed' }, clock: quickClock(5) })
    for (const frame of [1, 2, 3]) {
      await stand.room()
      stand.server.send(pictureOf(frame))
      await stand.until(() => sim.counts.sockets > frame)
    }
    const { words } = await stand.is('silent')
    expect(words).toContain(
      "sent in the deployed server's form (processFrame): if the server wants the other one",
    )
    sim.faults.mute = false
    await stand.ask(4)
    await stand.is('live')
    expect(stand.states).toEqual(['opening', 'greeting', 'silent', 'live'])
    expect(stand.found.map(({ frame }) => frame)).toEqual([4])
    await stand.until(() => (stand.report.note ?? '').includes('3 pictures without a result'))
  })

  test('is not said while no pictures are sent', async () => {
    const sim = await serve()
    const stand = await connect(sim.url, { clock: quickClock(4) })
    await stand.ask(1)
    await stand.is('live')
    const before = sim.counts.handshakes
    // Eight seconds of its clock.
    await new Promise((resolve) => setTimeout(resolve, 2000))
    await stand.ask(2)
    expect(stand.states).toEqual(['opening', 'greeting', 'live'])
    expect(sim.counts.handshakes).toBe(before)
  })

  test('with ids the socket stays, and a late answer is not used', async () => {
    const sim = await serve({ speaks: 'document' })
    const stand = await connect(sim.url, { profile: { dialect: 'document' }, clock: quickClock(5) })
    await stand.ask(1)
    sim.faults.lose = 1
    stand.server.send(pictureOf(2))
    await stand.is('silent')
    sim.faults.lose = 0
    expect(await stand.ask(3)).toMatchObject({ frame: 3 })
    await stand.is('live')
    expect(sim.counts.sockets).toBe(1)
  })
})

describe('trouble', () => {
  test('an error in place of an answer: the next picture goes out on a new socket, and the link stays live', async () => {
    const sim = await serve({ speaks: 'deployed' })
    const stand = await connect(sim.url)
    await stand.ask(1)
    sim.faults.fail = 1
    stand.server.send(pictureOf(2))
    await stand.until(() => (stand.report.note ?? '').includes('the server said: Failed to process frame'))
    sim.faults.fail = 0
    expect(await stand.ask(3)).toMatchObject({ frame: 3 })
    expect(sim.counts.sockets).toBe(2)
    expect(stand.found.map(({ frame }) => frame)).toEqual([1, 3])
    expect(stand.states).toEqual(['opening', 'greeting', 'live'])
  })

  test('a cut connection comes back by itself', async () => {
    const sim = await serve({ faults: { hangUpAfter: 2 } })
    const stand = await connect(sim.url, { profile: { dialect: 'deployed' }, clock: quickClock(5) })
    await stand.ask(1)
    stand.server.send(pictureOf(2))
    expect((await stand.is('waiting')).reason).toContain('the server hung up')
    expect(stand.server.room).toBe(0)
    expect(await stand.ask(3)).toMatchObject({ frame: 3 })
  })

  test('what is not understood is counted and harms nothing', async () => {
    const sim = await serve()
    const stand = await connect(sim.url)
    await stand.ask(1)
    for (const message of [
      '{',
      '[]',
      { type: 'surprise' },
      { type: 'pong' },
      { type: 'frameResult', data: { faces: 3 } },
    ])
      sim.say(message)
    sim.say({ type: 'frameResult', data: { faces: [{ bbox: [1, 2, 3, 4] }], timestamp: 1 } })
    await stand.ask(2)
    const { counters } = await stand.until(() => stand.report.counters.duplicates === 1 && stand.report)
    expect(counters).toMatchObject({ badMessages: 3, unknownMessages: 1, duplicates: 1 })
    expect(stand.found).toHaveLength(2)
  })

  test('nothing there: it waits, with the reason, and is there when the server is', async () => {
    const first = await serve()
    const { port } = first
    await first.close()
    const stand = await connect(`ws://127.0.0.1:${port}`)
    expect((await stand.is('waiting')).reason).toContain('nothing listens')
    await serve({ port })
    stand.running.retry()
    await stand.ask(1)
    await stand.is('live')
  })
})

test('the inspector sees pictures as their size', async () => {
  const sim = await serve({ speaks: 'deployed' })
  const stand = await connect(sim.url)
  await stand.ask(1)
  const crossed = stand.of('message-crossed').map(({ message }) => message)
  expect(crossed[0]).toMatchObject({ direction: 'out', trouble: '' })
  expect(crossed[0]?.text).toMatch(/^\{"type":"processFrame","image":"<JPEG, [\d,]+ bytes>"\}$/)
  expect(crossed[1]?.text).toContain('frameResult')
})
