/** What a link is doing, in words and as a shape. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { never } from '../../../contract/fault.ts'
import type { Link } from '../../../contract/links.ts'
import { useTimes } from '../../data/times.ts'
import type { LampShape } from '../../ui/lamp.tsx'

export function lampOf(link: Link): LampShape {
  switch (link.state.is) {
    case 'live':
      return 'good'
    case 'stopped':
    case 'listening':
    case 'opening':
    case 'greeting':
      return 'idle'
    case 'silent':
    case 'polling':
    case 'waiting':
      return 'trouble'
    case 'refused':
      return 'bad'
    default:
      return never(link.state)
  }
}

export function useLinkStanding(): (link: Link, now: number) => string {
  const { t } = useTranslation('shell')
  const times = useTimes()
  return useMemo(
    () => (link, now) => {
      const { state } = link
      switch (state.is) {
        case 'stopped':
          return t('linkStopped')
        case 'opening':
          return t('linkOpening', { attempt: state.attempt })
        case 'greeting':
          return t('linkGreeting')
        case 'listening':
          return t('linkListening')
        case 'live':
          return link.role === 'listens' ? t('linkLivePeers', { count: link.peers }) : t('linkLive')
        case 'silent':
          return t('linkSilent', { age: times.duration(now - state.since) })
        case 'polling':
          return t('linkPolling', { age: times.duration(now - state.since) })
        case 'waiting':
          return t('linkWaiting', { age: times.duration(Math.max(0, state.retryAt - now)) })
        case 'refused':
          return t('linkRefused', { reason: state.reason })
        default:
          return never(state)
      }
    },
    [t, times],
  )
}
