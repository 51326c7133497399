/** Cameras that reach us through a link, the frames a screen may ask of them, and the walls people arrange them on. */
import { z } from 'zod'
import { LinkId } from './links.ts'

/** `<link>/<the source's own id>`: two links may know cameras of the same name. */
export const CameraId = z.string().min(3).max(200).brand<'CameraId'>()
export type CameraId = z.output<typeof CameraId>

/** What this camera's link can do with it; a button that would do nothing is not shown. */
export const CameraAbility = z.enum(['stream', 'snapshot', 'activate'])
export type CameraAbility = z.output<typeof CameraAbility>

export const Camera = z.object({
  id: CameraId,
  link: LinkId,
  /** The source's own id. */
  camera: z.string().min(1).max(100),
  name: z.string(),
  location: z.string().nullable(),
  /** As the source calls it: `rtsp`, `usb`, `mock`, `onvif`. */
  kind: z.string().nullable(),
  can: z.array(CameraAbility),
  /** Switched on at its source; null where the source does not say. */
  isActive: z.boolean().nullable(),
  /** Delivering pictures to its source, as the source says. */
  isRunning: z.boolean().nullable(),
  isRecording: z.boolean().nullable(),
  findsFaces: z.boolean().nullable(),
  /** Frames per second as the source reports them. */
  fps: z.number().nullable(),
  lastFrameAt: z.number().int().nullable(),
  /** What is wrong with it, in the source's words; empty when nothing is. */
  trouble: z.string(),
  /** When its link last confirmed what this row says; null before the first time since start. */
  heardAt: z.number().int().nullable(),
  /** Older than this many ms, the row is stale. */
  budgetMs: z.number().int(),
})
export type Camera = z.output<typeof Camera>

/** What the bytes are when they are no JPEG: one access unit of H.264 in Annex B form (ITU-T H.264 B.1), as the camera sent it. */
export const VideoUnit = z.object({
  /** For a decoder: `avc1.42E01F` (RFC 6381). */
  codec: z.string().max(40),
  /** Can be decoded without any before it; its parameter sets are in it. */
  isKey: z.boolean(),
})
export type VideoUnit = z.output<typeof VideoUnit>

/**
 * Goes before each frame's bytes. Of JPEGs a viewer gets the newest whenever it is ready for one. Of video it gets every unit in
 * order; a viewer that falls behind by a second is taken to the next key frame.
 */
export const FrameHeader = z.object({
  /** Counts the camera's frames since its stream opened; gaps are frames this viewer did not get. */
  frame: z.number().int(),
  /** When its first byte reached us, epoch ms. */
  receivedAt: z.number().int(),
  /** The sender's own time of the picture, epoch ms by its clock; null where the protocol tells none. */
  capturedAt: z.number().nullable(),
  /** Null: the bytes are a JPEG. */
  video: VideoUnit.nullable(),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  /** Frames passed over since the one before this, because this viewer was not ready. */
  dropped: z.number().int(),
  /** Units that wait for this viewer behind this one; absent where there are none. A picture with many behind it is not of now. */
  behind: z.number().int().optional(),
  /** Frames per second that arrive from the camera, measured here over the last seconds. */
  fps: z.number(),
  /** Empty while frames come; else why they do not, and then there are no bytes. */
  trouble: z.string(),
})
export type FrameHeader = z.output<typeof FrameHeader>

/** Goes before each picture of a screen's webcam. */
export const WebcamPicture = z.strictObject({
  /** By the screen's clock, corrected to ours; epoch ms. */
  capturedAt: z.number(),
  widthPx: z.number().int().min(1).max(8192),
  heightPx: z.number().int().min(1).max(8192),
})
export type WebcamPicture = z.output<typeof WebcamPicture>

/** A saved arrangement of cameras. Tiles are in cells of a grid `columns` wide. */
export const Wall = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(60),
  columns: z.number().int().min(1).max(8),
  tiles: z
    .array(
      z.strictObject({
        camera: CameraId,
        column: z.number().int().min(0).max(7),
        row: z.number().int().min(0).max(63),
        /** Cells wide and high. */
        span: z.number().int().min(1).max(4),
      }),
    )
    .max(64),
})
export type Wall = z.output<typeof Wall>
