/** The timeline: what happened besides alerts, and for which seconds of which source "no alert" is evidence. */
import { z } from 'zod'
import { Priority } from './alerts.ts'
import { LinkId } from './links.ts'

export const TimelineType = z.enum([
  'app-started',
  'app-stopped',
  'link-state',
  'device-joined',
  'device-state',
  'order-delivered',
  'order-parked',
  'setting-changed',
  'link-changed',
  'device-changed',
  'camera-changed',
  'wall-changed',
  'library-changed',
  'rule-changed',
  'account-changed',
  'vehicle-state',
  'vehicle-command',
  'vehicle-rule-changed',
  'stop-request',
  'bus-recorded',
  'store-trouble',
  'signed-on',
  'export',
  'clock-jump',
])
export type TimelineType = z.output<typeof TimelineType>

export const TimelineEntry = z.object({
  seq: z.number().int(),
  at: z.number().int(),
  type: TimelineType,
  link: LinkId.nullable(),
  device: z.string().nullable(),
  by: z.string().nullable(),
  text: z.string(),
})
export type TimelineEntry = z.output<typeof TimelineEntry>

/** `data`: heard within budget. The others are gaps, each with its reason. */
export const CoverageState = z.enum(['data', 'silent', 'disconnected', 'app-off', 'clock-suspect'])
export type CoverageState = z.output<typeof CoverageState>

/** One source (link, or `link/device`) over one span. `toAt` null: still so. */
export const CoverageSpan = z.object({
  source: z.string(),
  state: CoverageState,
  fromAt: z.number().int(),
  toAt: z.number().int().nullable(),
})
export type CoverageSpan = z.output<typeof CoverageSpan>

/** Alerts in one slice of the ruler, per lane. */
export const TimelineMark = z.object({
  lane: LinkId,
  fromAt: z.number().int(),
  toAt: z.number().int(),
  count: z.number().int(),
  priority: Priority,
})
export type TimelineMark = z.output<typeof TimelineMark>
