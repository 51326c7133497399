/** Faces: what a camera's detector sees now, and the library of people a face server knows. */
import { z } from 'zod'
import { Instant } from './alerts.ts'
import { CameraId } from './cameras.ts'
import { Box } from './events.ts'
import { LinkId } from './links.ts'

/** The newest detections of one camera; `id` is the camera's. Painted only while younger than `budgetMs`. */
export const FacesNow = z.object({
  id: CameraId,
  /** The source's time of the newest of them, and when we learned of it. */
  at: Instant,
  receivedAt: Instant,
  budgetMs: z.number().int(),
  /** The frame (`FrameHeader.frame`) the boxes belong to; null where the source does not say. */
  frame: z.number().int().nullable(),
  /** Who found them. */
  link: LinkId,
  faces: z.array(
    z.object({
      /** Null: a face nobody knows. */
      person: z.string().nullable(),
      confidence: z.number().nullable(),
      at: Instant,
      box: Box.nullable(),
      /** What a check-in server adds; absent where it says nothing. */
      mask: z.boolean().nullable().optional(),
      isCheckedIn: z.boolean().optional(),
      age: z.number().int().nullable().optional(),
      gender: z.string().max(40).nullable().optional(),
    }),
  ),
})
export type FacesNow = z.output<typeof FacesNow>

/** What was found in one camera since the frame before this one, in the order of its coming: a few at most, the newest of them. */
export const FacesFound = z.object({ results: z.array(FacesNow) })
export type FacesFound = z.output<typeof FacesFound>

export const PersonName = z.string().trim().min(1).max(100)

export const PersonPhoto = z.object({
  file: z.string(),
  sizeBytes: z.number().int().nullable(),
  addedAt: Instant.nullable(),
  /** Whether its face is known by now; absent where the server does not say. */
  learned: z.enum(['yes', 'waiting', 'no']).optional(),
  /** Why it could not be learned. */
  trouble: z.string().optional(),
})
export type PersonPhoto = z.output<typeof PersonPhoto>

/** Somebody a face server knows. */
export const Person = z.object({
  /** `<link>/<name>`. */
  id: z.string(),
  link: LinkId,
  name: z.string(),
  photoCount: z.number().int(),
  /** When the server last confirmed it; null before the first time since start. */
  heardAt: z.number().int().nullable(),
})
export type Person = z.output<typeof Person>

export const FaceSettings = z.strictObject({
  enabled: z.boolean(),
  /** `hog` is quick, `cnn` is exact and wants a graphics card. */
  detectionMethod: z.enum(['hog', 'cnn']),
  /** Distance below which two faces are one person, 0..1: lower is stricter. */
  recognitionThreshold: z.number().min(0).max(1),
})
export type FaceSettings = z.output<typeof FaceSettings>

/** A JPEG or PNG as base64: a screen scales it down first, so that it fits one request. */
export const PhotoUpload = z.strictObject({
  mime: z.enum(['image/jpeg', 'image/png']),
  base64: z.base64().min(1).max(240_000),
})
export type PhotoUpload = z.output<typeof PhotoUpload>
