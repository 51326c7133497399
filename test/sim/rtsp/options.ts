/** What a simulated RTSP camera may be told: who may look, how it frames its video, how it misbehaves. */

export type Auth = 'none' | 'basic' | 'digest' | 'digest-sha256'

/** Each can be switched while it runs. */
export interface Faults {
  /** Largest RTP payload, bytes. Small ones make a FU-A of nearly every NAL unit. */
  payloadBytes: number
  /** Bytes per write to the socket; 0: whole packets. */
  dribbleBytes: number
  /** One of so many RTP packets is not sent; 0: none. The sequence number goes on. */
  loseOneIn: number
  /** One of so many RTP packets changes place with the next; 0: none. */
  swapOneIn: number
  /** Random bytes before one of so many RTP packets, `$` among them; 0: none. */
  garbageOneIn: number
  /** The session stays open and brings no more packets. */
  stall: boolean
  /** Every request gets 401, whatever it carries. */
  refuseAll: boolean
  /** Every nonce is good once; the next request with it is told `stale=true`. */
  staleNonces: boolean
  /** `no-video`: audio only. `h265`, `mpeg4`: another codec. `no-sets`: no parameter sets. `garbage`: no SDP at all. `bad-control`: a track nobody can set up. */
  sdp: 'right' | 'no-video' | 'h265' | 'mpeg4' | 'no-sets' | 'garbage' | 'bad-control'
  /** The answer to DESCRIBE announces 4 GiB. */
  hugeBody: boolean
  /** A packet announces 65,535 bytes and no more come. */
  hugePacket: boolean
  /** Answers 302 to itself this many times before it describes. */
  redirects: number
  /** The control attributes are whole addresses. */
  absoluteControls: boolean
  /** The marker bit is never set: units end where the timestamp changes. */
  noMarkers: boolean
  /** Requests get no answer. */
  mute: boolean
  /** Keep-alives get no answer, though they are heard: cheap cameras do so. */
  deafToKeepAlive: boolean
}

export const noFaults: Faults = {
  payloadBytes: 1400,
  dribbleBytes: 0,
  loseOneIn: 0,
  swapOneIn: 0,
  garbageOneIn: 0,
  stall: false,
  refuseAll: false,
  staleNonces: false,
  sdp: 'right',
  hugeBody: false,
  hugePacket: false,
  redirects: 0,
  absoluteControls: false,
  noMarkers: false,
  mute: false,
  deafToKeepAlive: false,
}

export interface RtspOptions {
  readonly host?: string
  /** 0 lets the system choose. */
  readonly port?: number
  /** After the slash: `live/main`. */
  readonly path?: string
  readonly auth?: Auth
  readonly user?: string
  readonly password?: string
  readonly seed?: number
  /** Frames per second, paced in real time; the clip is made for 30. */
  readonly framesPerSecond?: number
  /** What the Session header says; a session not heard of for that long is ended. */
  readonly sessionTimeoutS?: number
  /** From one RTCP sender report to the next; 0: none are sent. */
  readonly reportMs?: number
  /** H.264 in Annex B form with access unit delimiters; else test/assets/counter.h264. */
  readonly clip?: Uint8Array
  readonly faults?: Partial<Faults>
  /** A frame of the clip begins to go out; epoch ms. */
  readonly sent?: (number: number, at: number) => void
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void
}
