/** What a master counts, since it was made. */
export interface MasterCounters {
  requests: number
  replies: number
  /** Replies that were exceptions. */
  exceptions: number
  /** Transactions without an answer that could be used. */
  timeouts: number
  crcErrors: number
  /** Whole frames of another unit, function or length than asked for, or asked by nobody. */
  strays: number
  /** Answers to requests already given up on. */
  late: number
  /** Copies of our own requests. */
  echoes: number
  /** Bytes that were part of no frame. */
  noiseBytes: number
}

export function noMasterCounters(): MasterCounters {
  return {
    requests: 0,
    replies: 0,
    exceptions: 0,
    timeouts: 0,
    crcErrors: 0,
    strays: 0,
    late: 0,
    echoes: 0,
    noiseBytes: 0,
  }
}
