/** Rules: which events are worth an operator's response. Only they turn an AI's word into an alert. */
import { z } from 'zod'
import { Instant, Priority } from './alerts.ts'
import { CameraId } from './cameras.ts'
import { DetectionEvent } from './events.ts'

/** Minutes after midnight in the site's zone; from 22:00 to 06:00 goes over midnight. */
const Minute = z.number().int().min(0).max(1439)

/** A rule names no more than so many people. */
export const mostPeople = 100

export const Rule = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean(),
  when: z.strictObject({
    /** Any of these kinds of event; none named: every kind. */
    kinds: z.array(z.string().min(1).max(64)).max(20),
    /** Any of these cameras; none named: every camera. */
    cameras: z.array(CameraId).max(100),
    /** Any of these people; none named: anybody, known or not. */
    people: z.array(z.string().max(200)).max(mostPeople),
    confidenceAtLeast: z.number().min(0).max(1),
    /** Null: at any time. */
    hours: z.strictObject({ from: Minute, to: Minute }).nullable(),
  }),
  priority: Priority,
  /** After one alert, this long none from this rule for the same camera and person, seconds. */
  holdOffS: z.number().int().min(0).max(86_400),
  /** What the operator should do; shown at the alert. */
  instruction: z.string().trim().max(500),
})
export type Rule = z.output<typeof Rule>

/** What a rule would have done to the events already stored. */
export const RuleTest = z.object({
  fromAt: Instant,
  toAt: Instant,
  /** Events looked at; the test stops at a limit and says so. */
  looked: z.number().int(),
  complete: z.boolean(),
  matches: z.number().int(),
  /** After hold-off: the alerts there would have been. */
  alerts: z.number().int(),
  perDay: z.number(),
  samples: z.array(DetectionEvent),
})
export type RuleTest = z.output<typeof RuleTest>
