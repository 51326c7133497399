/**
 * Looking at pictures. The app holds no decoder: one of the connected screens is its analyst. It decodes the cameras it is told to,
 * sends pictures up for a face server, finds faces and blue light itself, and reports what it found. When that screen leaves,
 * another one is asked.
 */
import { z } from 'zod'
import { Instant } from './alerts.ts'
import { CameraId } from './cameras.ts'
import { Box } from './events.ts'

/** What a screen that offers to look at pictures says of itself. */
export const AnalystOffer = z.strictObject({
  /** Has WebCodecs: a page that came over plain HTTP from another machine has not, and can read JPEGs only. */
  decodesVideo: z.boolean(),
})
export type AnalystOffer = z.output<typeof AnalystOffer>

export const PhotoId = z.string().min(1).max(300)

/** What the analyst is to do now. Told again at every change. */
export const AnalystTasks = z.object({
  /** False: another screen does it; wait. */
  isChosen: z.boolean(),
  cameras: z.array(
    z.object({
      camera: CameraId,
      /** `server`: send pictures up; `device`: find faces here. */
      faces: z.enum(['off', 'device', 'server']),
      /** Faces are found here because the server is away: it gets a picture a second, so that it is noticed when it is back. */
      serverProbe: z.boolean(),
      fit: z.enum(['letterbox', 'crop']),
      facesPerSecond: z.number().int(),
      blueLight: z.boolean(),
      /** 0..1, as the cameras of the blue-light system have it. */
      blueSensitivity: z.number(),
    }),
  ),
  /** Pictures of people to be learned; asked for with `analysis.photo`. */
  photos: z.array(z.string()),
})
export type AnalystTasks = z.output<typeof AnalystTasks>

/** Pictures that were due since the one before this and were not looked at, because a newer one came first. */
const PassedOver = z.number().int().min(0).max(1_000_000).optional()

/** The part of a camera's picture that a square shows: `box` is that part, 0..1 of the camera's picture. May reach beyond it (letterbox). */
export const Excerpt = z.object({ box: Box })

/** Goes before each JPEG sent up for a face server. */
export const AnalysisPicture = z.object({
  frame: z.number().int(),
  /** `FrameHeader.receivedAt` of it. */
  receivedAt: Instant,
  widthPx: z.number().int().min(1).max(4096),
  heightPx: z.number().int().min(1).max(4096),
  excerpt: Excerpt,
  passedOver: PassedOver,
})
export type AnalysisPicture = z.output<typeof AnalysisPicture>

const jpeg = z.base64().max(200_000)

/** Faces found by the engine in the screen. */
export const DeviceFaces = z.strictObject({
  camera: CameraId,
  frame: z.number().int(),
  receivedAt: Instant,
  passedOver: PassedOver,
  tookMs: z.number(),
  faces: z
    .array(
      z.strictObject({
        box: Box,
        /** How sure the detector is that this is a face, 0..1. */
        score: z.number().min(0).max(1),
        /** 1,024 numbers as little-endian float32, base64; null where only the place was looked for. */
        embedding: z.base64().length(5464).nullable(),
      }),
    )
    .max(50),
  /** The picture, when a face in it has an embedding. */
  picture: z.strictObject({ base64: jpeg, widthPx: z.number().int(), heightPx: z.number().int() }).nullable(),
})
export type DeviceFaces = z.output<typeof DeviceFaces>

/** What the analyst made of a picture of a person. */
export const LearnedFace = z.strictObject({
  id: PhotoId,
  /** 1,024 numbers as little-endian float32, base64; null: no face in it, or several. */
  embedding: z.base64().length(5464).nullable(),
  /** Why there is none. */
  reason: z.string().max(500),
})
export type LearnedFace = z.output<typeof LearnedFace>

/** What the blue-light detector says of one picture. Definitions stand with the detector (`renderer/analysis/blue-light.ts`). */
export const BlueReading = z.object({
  isBlue: z.boolean(),
  /** False while the detector still learns what this scene looks like without. */
  isReady: z.boolean(),
  /** 0..1. */
  intensity: z.number(),
  confidence: z.number(),
  /** How long it has been blue. */
  durationMs: z.number(),
  /** Where, and how many pixels of the picture as it was looked at. */
  box: Box.nullable(),
  areaPx: z.number().int(),
})
export type BlueReading = z.output<typeof BlueReading>

/** Sent when it begins or ends, and once a second meanwhile. */
export const BlueReport = z.strictObject({
  camera: CameraId,
  at: Instant,
  reading: BlueReading,
  /** Of the picture on which it began. */
  picture: z.strictObject({ base64: jpeg, widthPx: z.number().int(), heightPx: z.number().int() }).nullable(),
})
export type BlueReport = z.output<typeof BlueReport>

/** How the looking goes, per camera; what the tile and the Cameras view say of it. */
export const AnalysisNow = z.object({
  id: CameraId,
  /** The user of the screen that does it; null: no screen is there to do it. */
  analyst: z.string().nullable(),
  faces: z.object({
    /** Who looks at present. */
    by: z.enum(['nobody', 'device', 'server']),
    /** Why it is not who the plan names; empty otherwise. */
    reason: z.string(),
    /** Pictures a second that were looked at, over the last seconds. */
    perSecond: z.number(),
    /** From the picture's arrival to its result, the last one; null before any. */
    latencyMs: z.number().nullable(),
    /** Pictures that were to be looked at and were passed over. */
    passedOver: z.number().int(),
  }),
  blue: BlueReading.nullable(),
})
export type AnalysisNow = z.output<typeof AnalysisNow>
