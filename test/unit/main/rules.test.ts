/** What a rule fits, how long it holds off, and what its alert says. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alertOf, HoldOff, matches } from '../../../src/main/rules.ts'
import { cameraId, noon, rule, storedEvent } from './detections.ts'

const minuteMs = 60_000
const dayMs = 1440 * minuteMs
const midnight = Date.parse('2026-03-01T00:00:00Z')

function atMinute(minute: number, lastMs = 0) {
  const at = midnight + minute * minuteMs
  return storedEvent(1, { at, lastAt: at + lastMs })
}

describe('a rule', () => {
  const event = storedEvent(1, { kind: 'face-recognized', person: 'Linh', confidence: 0.8 })
  it.each([
    ['nothing asked for', {}, true],
    ['its kind', { kinds: ['motion', 'face-recognized'] }, true],
    ['another kind', { kinds: ['motion'] }, false],
    ['its camera', { cameras: [cameraId('gate'), cameraId('door')] }, true],
    ['another camera', { cameras: [cameraId('gate')] }, false],
    ['a camera of that name of another link', { cameras: [cameraId('door', 'back')] }, false],
    ['its person', { people: ['Linh'] }, true],
    ['another person', { people: ['An'] }, false],
    ['enough confidence', { confidenceAtLeast: 0.8 }, true],
    ['too little confidence', { confidenceAtLeast: 0.81 }, false],
    ['all of it', { kinds: ['face-recognized'], people: ['Linh'], confidenceAtLeast: 0.5 }, true],
    ['all but one', { kinds: ['face-recognized'], people: ['An'], confidenceAtLeast: 0.5 }, false],
  ])('with %s', (_, when, fits) => {
    expect(matches(rule(when), event, 'UTC')).toBe(fits)
  })

  it('that names cameras or people does not fit an event without', () => {
    const bare = storedEvent(1, { camera: null, person: null })
    expect(matches(rule({ cameras: [cameraId()] }), bare, 'UTC')).toBe(false)
    expect(matches(rule({ people: ['Linh'] }), bare, 'UTC')).toBe(false)
    expect(matches(rule(), bare, 'UTC')).toBe(true)
  })

  it('asks no confidence of an event without one only at 0', () => {
    const unsure = storedEvent(1, { confidence: null })
    expect(matches(rule({ confidenceAtLeast: 0 }), unsure, 'UTC')).toBe(true)
    expect(matches(rule({ confidenceAtLeast: 0.01 }), unsure, 'UTC')).toBe(false)
  })
})

describe('hours', () => {
  const night = { hours: { from: 22 * 60, to: 6 * 60 } }
  it.each([
    [22 * 60 - 1, false],
    [22 * 60, true],
    [0, true],
    [6 * 60 - 1, true],
    [6 * 60, false],
    [12 * 60, false],
  ])('over midnight: minute %i', (minute, fits) => {
    expect(matches(rule(night), atMinute(minute), 'UTC')).toBe(fits)
  })

  it('are the site’s, not UTC', () => {
    // 16:00 UTC is 23:00 in Saigon
    expect(matches(rule(night), atMinute(16 * 60), 'Asia/Ho_Chi_Minh')).toBe(true)
    expect(matches(rule(night), atMinute(16 * 60), 'UTC')).toBe(false)
  })

  it('are reached by a stay that began before them', () => {
    const from = 21 * 60 + 50
    expect(matches(rule(night), atMinute(from, 9 * minuteMs), 'UTC')).toBe(false)
    expect(matches(rule(night), atMinute(from, 10 * minuteMs), 'UTC')).toBe(true)
    expect(matches(rule(night), atMinute(from, 9 * 60 * minuteMs), 'UTC')).toBe(true)
  })

  it('fit an event exactly when a minute of it is one of them', () => {
    const minute = fc.integer({ min: 0, max: 1439 })
    fc.assert(
      fc.property(minute, minute, minute, fc.integer({ min: 0, max: 300 }), (from, to, began, lasted) => {
        const isIn = (m: number) => {
          for (let one = from; ; one = (one + 1) % 1440) {
            if (one === m) return true
            if ((one + 1) % 1440 === to) return false
          }
        }
        const touched = Array.from({ length: lasted + 1 }, (_, n) => (began + n) % 1440)
        const fits = matches(rule({ hours: { from, to } }), atMinute(began, lasted * minuteMs), 'UTC')
        expect(fits).toBe(touched.some(isIn))
      }),
      { numRuns: 200 },
    )
  })
})

describe('hold-off', () => {
  it('lets no two through within it, and holds nobody off without a reason', () => {
    const arrival = fc.record({
      at: fc.integer({ min: 0, max: 600 }),
      camera: fc.constantFrom('door', 'gate'),
      person: fc.constantFrom(null, 'Linh'),
    })
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 60 }),
        fc.integer({ min: 0, max: 120 }),
        (arrivals, holdOffS) => {
          const holdOff = new HoldOff()
          const raised: (typeof arrivals)[number][] = []
          const isNear = (a: (typeof arrivals)[number], b: (typeof arrivals)[number]) =>
            a.camera === b.camera && a.person === b.person && Math.abs(a.at - b.at) < holdOffS
          for (const [n, one] of arrivals.entries()) {
            const { at, camera, person } = one
            const event = storedEvent(n, { at: noon + at * 1000, camera: cameraId(camera), person })
            const admitted = holdOff.admit(rule({}, { holdOffS }), event)
            expect(admitted).toBe(!raised.some((before) => isNear(before, one)))
            if (admitted) raised.push(one)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is each rule’s own, and is over when its alert came to nothing', () => {
    const holdOff = new HoldOff()
    const event = storedEvent(1)
    expect(holdOff.admit(rule(), event)).toBe(true)
    expect(holdOff.admit(rule({}, { id: 'other' }), event)).toBe(true)
    expect(holdOff.admit(rule(), storedEvent(2))).toBe(false)
    holdOff.undo(rule(), event)
    expect(holdOff.admit(rule(), storedEvent(2))).toBe(true)
  })
})

describe('the alert of a rule', () => {
  const where = { name: 'Front door', location: 'Quay 4' }

  it('says who was seen where, by which rule, and what to do', () => {
    const event = storedEvent(7)
    const alert = alertOf(rule(), event, where, null, event.at + 500)
    expect(alert).toMatchObject({
      source: 'front',
      sourceId: 'rule:night:7',
      kind: 'detection',
      priority: 'high',
      device: 'door',
      deviceName: 'Front door',
      location: 'Quay 4',
      text: 'Unknown face at Front door (92 %): Night watch. Call the guard.',
      raisedAt: event.at,
      late: false,
      clockSuspect: false,
    })
    expect(JSON.parse(alert.raw ?? '')).toMatchObject({
      rule: { id: 'night', name: 'Night watch' },
      instruction: 'Call the guard.',
      event: { id: '7', kind: 'face-unknown' },
    })
  })

  it.each([
    [{ kind: 'face-recognized', person: 'Linh' }, 'Linh at Front door (92 %): Night watch. Call the guard.'],
    [
      { kind: 'motion_detected', confidence: null },
      'Motion detected at Front door: Night watch. Call the guard.',
    ],
    [
      { kind: 'motion', text: 'Somebody runs' },
      'Somebody runs at Front door (92 %): Night watch. Call the guard.',
    ],
  ])('of %o', (more, text) => {
    expect(alertOf(rule(), storedEvent(1, more), where, null, noon).text).toBe(text)
  })

  it('of an event of no camera names none', () => {
    const event = storedEvent(1, { camera: null, cameraName: null })
    const alert = alertOf(rule({}, { instruction: '' }), event, { name: null, location: null }, null, noon)
    expect(alert).toMatchObject({ device: null, deviceName: null, text: 'Unknown face (92 %): Night watch' })
  })

  it('is late after 5 min and doubts the clock after an hour, by when it was last seen', () => {
    const times = (ageMs: number, lastedMs = 0) => {
      const event = storedEvent(1, { at: noon, lastAt: noon + lastedMs })
      const { late, clockSuspect } = alertOf(rule(), event, where, null, noon + ageMs)
      return [late, clockSuspect]
    }
    expect(times(5 * minuteMs)).toEqual([false, false])
    expect(times(5 * minuteMs + 1)).toEqual([true, false])
    expect(times(60 * minuteMs + 1)).toEqual([true, true])
    expect(times(-61 * minuteMs)).toEqual([false, true])
    expect(times(dayMs, dayMs - 1000)).toEqual([false, false])
  })

  it('stays small whatever the source wrote', () => {
    const alert = alertOf(rule(), storedEvent(1, { text: 'x'.repeat(100_000) }), where, null, noon)
    expect(alert.raw?.length).toBeLessThan(16 * 1024)
    expect(() => JSON.parse(alert.raw ?? '')).not.toThrow()
  })
})
