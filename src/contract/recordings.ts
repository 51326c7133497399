/** The flight recorder: the last seconds of a camera as they came, and what is kept of them around an alert. */
import { z } from 'zod'
import { AlertId, Instant } from './alerts.ts'
import { CameraId, VideoUnit } from './cameras.ts'
import { faultCodes } from './fault.ts'

/** How much an alert keeps: before its moment, and after it. */
export const keptAroundMs = 30_000

/** A stretch without a gap. */
export const RecordingSpan = z.object({
  fromAt: Instant,
  toAt: Instant,
  /** `jpeg`, or the codec of the video as decoders name it (RFC 6381). */
  codec: z.string(),
  frames: z.number().int(),
  bytes: z.number().int(),
  /** The alerts that keep it, 20 at most. */
  alerts: z.array(AlertId),
})
export type RecordingSpan = z.output<typeof RecordingSpan>

/**
 * Why there is nothing to play. `no-camera`: the alert names none. `not-recorded`: its camera's plan did not say so.
 * `nothing-came`: it was to be recorded, and no frame of that time is there. `too-old`: its days were over. `removed`: by a person.
 */
export const NoRecording = z.enum(['no-camera', 'not-recorded', 'nothing-came', 'too-old', 'removed'])
export type NoRecording = z.output<typeof NoRecording>

export const AlertRecording = z.object({
  camera: CameraId.nullable(),
  cameraName: z.string().nullable(),
  /** The alert's own moment, and what is to be kept around it. */
  at: Instant,
  fromAt: Instant,
  toAt: Instant,
  spans: z.array(RecordingSpan),
  /** Null when there is something to play. */
  none: NoRecording.nullable(),
  /** Who removed it. */
  removedBy: z.string().nullable(),
  /** Its last seconds are still to come. */
  isGrowing: z.boolean(),
})
export type AlertRecording = z.output<typeof AlertRecording>

/** Before each frame's bytes of `recordings.play`. */
export const PlayedFrame = z.object({
  /** When it reached us. */
  at: z.number(),
  capturedAt: z.number().nullable(),
  /** Null: a JPEG. */
  video: VideoUnit.nullable(),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  /** Nothing comes after it. It has no bytes. */
  isLast: z.boolean(),
})
export type PlayedFrame = z.output<typeof PlayedFrame>

/** One camera's recorder. */
export const CameraRecorder = z.object({
  id: CameraId,
  /** `kept`: it is not recorded now, and something of it is still there. */
  state: z.enum(['recording', 'waiting', 'stopped', 'kept']),
  /** Why it does not record; empty when it does. */
  trouble: z.string(),
  bytes: z.number().int(),
  /** Of them, what alerts keep. */
  keptBytes: z.number().int(),
  fromAt: Instant.nullable(),
  toAt: Instant.nullable(),
  /** Frames that were not recorded since the start, because the disk was slow or full. */
  dropped: z.number().int(),
})
export type CameraRecorder = z.output<typeof CameraRecorder>

/** One row, id `all`. */
export const RecorderStore = z.object({
  id: z.literal('all'),
  bytes: z.number().int(),
  keptBytes: z.number().int(),
  budgetBytes: z.number().int(),
  /** Alerts of which something is kept. */
  alerts: z.number().int(),
  /** What is wrong and what to do; empty when all is well. */
  trouble: z.string(),
})
export type RecorderStore = z.output<typeof RecorderStore>

/**
 * How far an export is. `ready`: it waits at `path` of the shell's own address, once, for a minute. `done`: all of it was handed over; the
 * bytes of this frame are the paper that goes beside it, JSON.
 */
export const ExportStep = z.discriminatedUnion('is', [
  z.object({ is: z.literal('reading'), frames: z.number().int() }),
  z.object({ is: z.literal('ready'), path: z.string(), name: z.string(), bytes: z.number().int() }),
  z.object({ is: z.literal('sending'), sent: z.number().int(), bytes: z.number().int() }),
  z.object({
    is: z.literal('done'),
    name: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
    frames: z.number().int(),
    /** Of the time asked for, ms of which nothing was recorded. */
    missingMs: z.number(),
  }),
  z.object({ is: z.literal('failed'), code: z.enum(faultCodes), message: z.string(), tip: z.string() }),
])
export type ExportStep = z.output<typeof ExportStep>
