/** NAL units into RTP packets (RFC 6184, packetization mode 1) and RTCP sender reports (RFC 3550), written for the simulator alone. */

/** Payloads of one access unit: STAP-A of what is small, single units, FU-A of what is too long. */
export function payloadsOf(units: readonly Buffer[], payloadBytes: number): Buffer[] {
  const out: Buffer[] = []
  let small: Buffer[] = []
  const flush = () => {
    if (small.length === 1 && small[0] !== undefined) out.push(small[0])
    else if (small.length > 1) out.push(stapOf(small))
    small = []
  }
  for (const unit of units) {
    const packed = small.reduce((sum, one) => sum + 2 + one.length, 1)
    if (packed + 2 + unit.length > payloadBytes) flush()
    if (unit.length <= payloadBytes) small.push(unit)
    else out.push(...fragmentsOf(unit, payloadBytes))
  }
  flush()
  return out
}

function stapOf(units: readonly Buffer[]): Buffer {
  const importance = Math.max(...units.map((unit) => (unit[0] ?? 0) & 0x60))
  const parts = units.flatMap((unit) => [Buffer.from([unit.length >> 8, unit.length & 255]), unit])
  return Buffer.concat([Buffer.from([importance | 24]), ...parts])
}

function fragmentsOf(unit: Buffer, payloadBytes: number): Buffer[] {
  const head = unit[0] ?? 0
  const out: Buffer[] = []
  for (let at = 1; at < unit.length; at += payloadBytes - 2) {
    const part = unit.subarray(at, at + payloadBytes - 2)
    const start = at === 1 ? 0x80 : 0
    const end = at + part.length === unit.length ? 0x40 : 0
    out.push(Buffer.concat([Buffer.from([(head & 0xe0) | 28, start | end | (head & 31)]), part]))
  }
  return out
}

export interface Stamp {
  readonly payloadType: number
  readonly sequence: number
  readonly timestamp: number
  readonly source: number
  readonly marker: boolean
}

export function rtpOf(payload: Buffer, { payloadType, sequence, timestamp, source, marker }: Stamp): Buffer {
  const head = Buffer.alloc(12)
  head[0] = 0x80
  head[1] = (marker ? 0x80 : 0) | payloadType
  head.writeUInt16BE(sequence & 0xffff, 2)
  head.writeUInt32BE(timestamp >>> 0, 4)
  head.writeUInt32BE(source >>> 0, 8)
  return Buffer.concat([head, payload])
}

const secondsTo1970 = 2_208_988_800

export function senderReport(
  source: number,
  epochMs: number,
  timestamp: number,
  sent: { readonly packets: number; readonly bytes: number },
): Buffer {
  const report = Buffer.alloc(28)
  report[0] = 0x80
  report[1] = 200
  report.writeUInt16BE(6, 2)
  report.writeUInt32BE(source >>> 0, 4)
  report.writeUInt32BE(Math.floor(epochMs / 1000) + secondsTo1970, 8)
  report.writeUInt32BE(Math.floor(((epochMs % 1000) / 1000) * 2 ** 32), 12)
  report.writeUInt32BE(timestamp >>> 0, 16)
  report.writeUInt32BE(sent.packets >>> 0, 20)
  report.writeUInt32BE(sent.bytes >>> 0, 24)
  return report
}

/** One packet of the interleaved channel, RFC 2326 10.12. */
export function interleaved(channel: number, packet: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x24, channel, packet.length >> 8, packet.length & 255]), packet])
}
