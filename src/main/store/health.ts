/** What is told of the store: how it writes, what it holds, and its trouble in words. */
import type { StoreHealth } from '../../contract/site.ts'
import type { ReadFacts, WriterStatus } from './messages.ts'

/** `status` is the writer’s last word, null before its first. */
export function healthOf(
  status: WriterStatus | null,
  isDown: boolean,
  { diskBytes, ...facts }: ReadFacts,
  queueDepth: number,
): StoreHealth {
  const down = isDown || status === null
  const tight = diskBytes > 0 && facts.diskFreeBytes < Math.min(2 ** 30, diskBytes / 20)
  const nearlyFull = tight
    ? `The disk is nearly full: ${Math.floor(facts.diskFreeBytes / 2 ** 20)} MiB are left.`
    : ''
  return {
    ...facts,
    mode: down ? 'down' : status.mode,
    trouble: down
      ? 'The store has stopped and is being started again. New alerts are not on disk until it is back.'
      : status.trouble === ''
        ? nearlyFull
        : status.trouble,
    journalMode: status?.journalMode ?? '',
    synchronous: status?.synchronous ?? 0,
    queueDepth,
    lastCommitMs: status?.lastCommitMs ?? 0,
    schemaVersion: status?.schemaVersion ?? 0,
    quarantined: status?.quarantined ?? null,
  }
}
