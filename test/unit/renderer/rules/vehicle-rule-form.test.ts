/** A rule of vehicles while it is typed: what is wrong by field, and what comes out is what the app takes. */
import { describe, expect, test } from 'vitest'
import { priorityOfLevel, usualVehicleRules, VehicleRule } from '../../../../src/contract/vehicle-rules.ts'
import {
  limitedBy,
  overAt,
  priorityOfLevel as shownPriorities,
  vehicleDraftOf,
  vehicleRuleOf,
} from '../../../../src/renderer/features/rules/vehicle-rule-form.ts'

const battery = usualVehicleRules.find(({ id }) => id === 'battery-low') as VehicleRule
const heat = usualVehicleRules.find(({ id }) => id === 'over-temperature') as VehicleRule
const offline = usualVehicleRules.find(({ id }) => id === 'module-offline') as VehicleRule

describe('a rule of vehicles', () => {
  test.each(usualVehicleRules.map((rule) => [rule.id, rule] as const))(
    '%s comes back as it was',
    (_, rule) => {
      const { rule: made, wrong } = vehicleRuleOf(rule, vehicleDraftOf(rule))
      expect(made).toEqual(rule)
      expect(wrong.size).toBe(0)
      expect(VehicleRule.safeParse(made).success).toBe(true)
    },
  )

  test('asks for a number exactly where the app does', () => {
    for (const rule of usualVehicleRules) expect(limitedBy(rule) !== null).toBe(rule.threshold !== null)
  })

  test('is over on the good side of its threshold', () => {
    expect(overAt(battery)).toBe(22)
    expect(overAt(heat)).toBe(55)
  })

  test.each([
    ['threshold', { threshold: '101' }],
    ['threshold', { threshold: '' }],
    ['threshold', { threshold: 'low' }],
    ['deadband', { deadband: '-1' }],
    ['onDelay', { onDelay: '601' }],
    ['offDelay', { offDelay: '' }],
  ] as const)('with a wrong %s is none: %o', (field, change) => {
    const { rule, wrong } = vehicleRuleOf(battery, { ...vehicleDraftOf(battery), ...change })
    expect(rule).toBeNull()
    expect([...wrong]).toEqual([field])
  })

  test('takes a comma for a point, and ignores numbers it has none of', () => {
    const typed = { ...vehicleDraftOf(offline), onDelay: '0,5', threshold: 'x', deadband: 'x' }
    expect(vehicleRuleOf(offline, typed).rule).toEqual({ ...offline, onDelayMs: 500 })
  })

  test('shows the priorities the app uses', () => {
    expect(shownPriorities).toEqual(priorityOfLevel)
  })
})
