/** A rule while it is typed: what is wrong, said once and by name, and what comes out fits the contract. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { Rule } from '../../../../src/contract/rules.ts'
import {
  clockOf,
  complaints,
  draftOf,
  freshRuleId,
  minuteOf,
  type RuleComplaint,
  type RuleDraft,
  ruleOf,
} from '../../../../src/renderer/features/rules/rule-form.ts'
import { emptyRule, fromTemplate, templateNames } from '../../../../src/renderer/features/rules/templates.ts'
import { makeRule } from './make-rule.ts'

const good = draftOf(makeRule())
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `n${n}`)

describe('what is wrong', () => {
  test('with a good rule is nothing', () => {
    expect(complaints(good, [])).toEqual({})
  })

  test.each<[Partial<RuleDraft>, RuleComplaint]>([
    [{ name: '  ' }, 'name-missing'],
    [{ name: 'x'.repeat(81) }, 'name-long'],
    [{ name: ' MOTION ' }, 'name-taken'],
    [{ kinds: many(21) }, 'kinds-many'],
    [{ cameras: many(101).map((id) => CameraId.parse(`eye/${id}`)) }, 'cameras-many'],
    [{ people: many(101) }, 'people-many'],
    [{ people: ['An'], kinds: ['face-unknown'] }, 'people-unknown'],
    [{ confidence: '' }, 'confidence-range'],
    [{ confidence: '101' }, 'confidence-range'],
    [{ confidence: '-1' }, 'confidence-range'],
    [{ confidence: 'high' }, 'confidence-range'],
    [{ isTimed: true, from: '24:00' }, 'hours-odd'],
    [{ isTimed: true, to: 'six' }, 'hours-odd'],
    [{ isTimed: true, from: '6', to: '06:00' }, 'hours-same'],
    [{ holdOff: '' }, 'holdOff-range'],
    [{ holdOff: '25', holdOffUnit: 'hour' }, 'holdOff-range'],
    [{ holdOff: '0.5', holdOffUnit: 'second' }, 'holdOff-range'],
    [{ instruction: 'x'.repeat(501) }, 'instruction-long'],
  ])('%j: %s', (part, complaint) => {
    const others = [{ id: 'rule-2', name: 'Motion' }]
    expect(Object.values(complaints({ ...good, ...part }, others))).toEqual([complaint])
    expect(ruleOf({ ...good, ...part }, others)).toBeNull()
  })

  test.each<[Partial<RuleDraft>]>([
    [{ people: ['An'], kinds: ['face-unknown', 'face-recognized'] }],
    [{ people: ['An'], kinds: [] }],
    [{ isTimed: false, from: 'nonsense' }],
    [{ confidence: '62,5' }],
    [{ confidence: '80 %' }],
    [{ holdOff: '1.5', holdOffUnit: 'minute' }],
  ])('is not %j', (part) => {
    expect(complaints({ ...good, ...part }, [])).toEqual({})
  })

  test('a rule does not clash with its own name', () => {
    expect(complaints(good, [{ id: good.id, name: good.name }])).toEqual({})
  })
})

describe('the finished rule', () => {
  test('says what was typed', () => {
    const draft: RuleDraft = {
      ...good,
      name: ' Night ',
      kinds: ['face-unknown'],
      confidence: '62.5',
      isTimed: true,
      from: '22:00',
      to: '6',
      holdOff: '2',
      holdOffUnit: 'minute',
    }
    expect(ruleOf(draft, [])).toMatchObject({
      name: 'Night',
      when: { kinds: ['face-unknown'], confidenceAtLeast: 0.625, hours: { from: 1320, to: 360 } },
      holdOffS: 120,
    })
  })

  test('survives being opened and saved unchanged', () => {
    const rule = fc.record({
      holdOffS: fc.integer({ min: 0, max: 86_400 }),
      confidence: fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
      hours: fc.option(
        fc
          .record({ from: fc.integer({ min: 0, max: 1439 }), to: fc.integer({ min: 0, max: 1439 }) })
          .filter(({ from, to }) => from !== to),
      ),
    })
    fc.assert(
      fc.property(rule, ({ holdOffS, confidence, hours }) => {
        const made = makeRule({ holdOffS, when: { confidenceAtLeast: confidence, hours } })
        const again = ruleOf(draftOf(made), [made])
        expect(again?.when.confidenceAtLeast).toBeCloseTo(confidence, 12)
        expect({ ...again, when: { ...again?.when, confidenceAtLeast: confidence } }).toEqual(made)
        expect(Rule.safeParse(again).success).toBe(true)
      }),
    )
  })

  test.each(templateNames)('the template %s is one, in time and shape', (name) => {
    const rule = fromTemplate(name, 'rule-9', { name: 'A name', instruction: 'Do it.' })
    expect(ruleOf(draftOf(rule), [])).toEqual(rule)
    expect(Rule.safeParse(rule).success).toBe(true)
  })

  test('a new rule is only missing its name', () => {
    expect(complaints(draftOf(emptyRule('rule-1')), [])).toEqual({ name: 'name-missing' })
  })
})

test.each([
  ['22:00', 1320],
  ['6', 360],
  ['6:5', 365],
  [' 06:30 ', 390],
  ['0:00', 0],
  ['24:00', null],
  ['12:60', null],
  ['', null],
])('%j is minute %s', (text, minute) => {
  expect(minuteOf(text)).toBe(minute)
})

test('every minute of the day is read as it is written', () => {
  for (let minute = 0; minute < 1440; minute += 1) expect(minuteOf(clockOf(minute))).toBe(minute)
})

test('a new rule gets an id nobody has', () => {
  expect(freshRuleId(['rule-1', 'rule-3'])).toBe('rule-2')
})
