/** What a simulated OWT face server may be told: which form it speaks, whom it knows, how it misbehaves. */
import type { Finds } from './look.ts'

/** `both` answers each picture in the form it came in. */
export type Speaks = 'deployed' | 'document' | 'both'
export type BoxWriting = 'xywh-px' | 'xyxy-px' | 'xywh-norm' | 'tlbr-px'

/** Each can be switched while it runs. Shares are of pictures, 0..1. */
export interface Faults {
  /** Sockets stay open and nothing is said on them. */
  mute: boolean
  /** Pictures that are never answered. */
  lose: number
  /** Pictures that are answered with `error` in place of a result. */
  fail: number
  failWords: string
  /** Answers that are said twice. */
  repeat: number
  /** An `error` beside the answer, about nothing in particular. */
  grumble: number
  /** The socket is cut after that many pictures; 0: never. */
  hangUpAfter: number
  /** Handshakes get this status and no body; 0: they are answered as they should. */
  refuse: number
}

export interface OwtOptions {
  readonly host?: string
  /** 0 lets the system choose. */
  readonly port?: number
  readonly seed?: number
  readonly speaks?: Speaks
  /** Tell the id of the picture back, as the document says. The deployed form has none. */
  readonly echoesIds?: boolean
  /** `bbox` as the deployed server's description has it, `box` as the document. By default each form's own. */
  readonly boxField?: 'bbox' | 'box'
  readonly boxWriting?: BoxWriting
  /** From the picture's arrival to its answer: fixed, or between two figures, and then answers overtake each other. */
  readonly latencyMs?: number | readonly [number, number]
  /** Wanted as `?apiKey=`; null: anybody may come. `asError`: told by an `error` on the open socket in place of a 401. */
  readonly apiKey?: string | null
  readonly keyTrouble?: 'status' | 'error' | 'close'
  /**
   * Whom it knows. A patch's number (its green, in steps of `greenStep`) is the place in this list, beyond it a stranger; painted people
   * are known by name.
   */
  readonly people?: readonly string[]
  /**
   * `patches`, `people` (patches too), or `header`: the picture is not decoded and one face is in its middle; for measuring others.
   * `counter` is like it, but the face is in another place in each answer: `counterLeft` says where.
   */
  readonly finds?: Finds | 'header' | 'counter'
  /** Told as a result is handed to its socket, with the number of the picture it is of, from 0. */
  readonly answered?: (picture: number) => void
  /** Answers carry the server's time, as both forms say. */
  readonly timestamps?: boolean
  readonly faults?: Partial<Faults>
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void
}

export const greenStep = 8

/** Places before the first comes again. */
export const counterPlaces = 64

/** The left edge of a counted face, of the picture's width. */
export function counterLeft(picture: number): number {
  return 0.05 + (picture % counterPlaces) / 100
}

export const noFaults: Faults = {
  mute: false,
  lose: 0,
  fail: 0,
  failWords: 'Failed to process frame',
  repeat: 0,
  grumble: 0,
  hangUpAfter: 0,
  refuse: 0,
}

/** The people of the simulated OpenEye server, so that one demo shows the same faces by both. */
export { defaultPeople } from '../openeye/options.ts'
