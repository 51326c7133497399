/** What is kept of the people the face engine of this installation knows: their names, their photos, and what was learned from each. */
import type { PhotoUpload } from './faces.ts'

/** One photo of somebody the engine of this installation knows, as it is kept. */
export interface KeptFacePhoto {
  readonly id: string
  readonly person: string
  readonly sizeBytes: number
  readonly addedAt: number
  /** The sighting it was cut from, as its event's id; null: it was brought. */
  readonly event: string | null
  /** Null while nobody has learned it yet, or when it could not be learned. */
  readonly embedding: Float32Array | null
  /** Why it could not be learned; empty otherwise. */
  readonly trouble: string
}

/** Somebody of a library has another name now. */
export interface PersonRenamed {
  readonly name: string
  readonly to: string
  /**
   * The old name may still be told: by a server that did not learn again, or of another library's person of that name. Rules then name both,
   * since one that names only the new one would miss somebody without a word.
   */
  readonly keepsOld: boolean
  readonly by: string
  readonly at: number
}

export type FaceChange =
  | { readonly do: 'add-person'; readonly name: string; readonly at: number }
  /** Rules that name the old name follow in the same transaction, with an entry for each. */
  | ({ readonly do: 'rename-person' } & PersonRenamed)
  /**
   * `name`’s photos become `into`’s, with what was learned from them, and rules that name the one name the other: in one transaction, with an
   * entry for each rule. The name is overwritten on disk.
   */
  | {
      readonly do: 'merge-people'
      readonly name: string
      readonly into: string
      readonly by: string
      readonly at: number
    }
  /** With every photo and everything learned from them, overwritten on disk. */
  | { readonly do: 'remove-person'; readonly name: string }
  | {
      readonly do: 'add-photo'
      readonly id: string
      readonly name: string
      readonly mime: PhotoUpload['mime']
      readonly bytes: Uint8Array
      readonly at: number
      readonly event: string | null
    }
  | { readonly do: 'remove-photo'; readonly id: string }
  | {
      readonly do: 'learned'
      readonly id: string
      readonly embedding: Float32Array | null
      readonly trouble: string
    }
  /** Everything learned is to be learned again. */
  | { readonly do: 'forget-learned' }
