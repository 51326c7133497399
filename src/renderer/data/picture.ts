/** Evidence pictures by their hash: fetched when first shown, kept while shown and a little longer. */
import { useEffect, useState } from 'react'
import type { Evidence } from '../../contract/alerts.ts'
import { asFault } from './action.ts'
import { type Client, useClient } from './client.ts'

export type Picture =
  | { readonly is: 'fetching' }
  | { readonly is: 'here'; readonly url: string; readonly evidence: Evidence }
  | { readonly is: 'failed'; readonly fault: Error }

interface Kept {
  picture: Picture
  users: number
  readonly listeners: Set<() => void>
  stop: () => void
}

/** Unused pictures kept, so scrolling back does not fetch again; at the size limit of 512 kB each about 50 MB. */
const unusedKept = 100
const pictures = new Map<string, Kept>()

export function usePicture(sha256: string | null): Picture | null {
  const client = useClient()
  const [, render] = useState(0)
  useEffect(() => {
    if (sha256 === null) return
    const kept = take(client, sha256)
    const listener = () => render((count) => count + 1)
    kept.listeners.add(listener)
    listener()
    return () => {
      kept.listeners.delete(listener)
      kept.users--
      dropUnused()
    }
  }, [client, sha256])
  if (sha256 === null) return null
  return pictures.get(sha256)?.picture ?? { is: 'fetching' }
}

function take(client: Client, sha256: string): Kept {
  const known = pictures.get(sha256)
  if (known && known.picture.is !== 'failed') {
    known.users++
    // Newest use last, so the oldest unused is dropped first.
    pictures.delete(sha256)
    pictures.set(sha256, known)
    return known
  }
  const kept: Kept = { picture: { is: 'fetching' }, users: 1, listeners: new Set(), stop: () => {} }
  pictures.set(sha256, kept)
  const settle = (picture: Picture) => {
    kept.picture = picture
    for (const listener of [...kept.listeners]) listener()
  }
  kept.stop = client.feed(
    'alerts.picture',
    { sha256 },
    (evidence, bytes) => {
      if (kept.picture.is === 'here') return
      settle({
        is: 'here',
        url: URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: evidence.mime })),
        evidence,
      })
      queueMicrotask(() => kept.stop())
    },
    (error) => settle({ is: 'failed', fault: asFault(error) }),
  )
  return kept
}

function dropUnused(): void {
  let unused = [...pictures.values()].filter((kept) => kept.users <= 0).length
  for (const [sha256, kept] of pictures) {
    if (unused <= unusedKept) return
    if (kept.users > 0) continue
    kept.stop()
    if (kept.picture.is === 'here') URL.revokeObjectURL(kept.picture.url)
    pictures.delete(sha256)
    unused--
  }
}
