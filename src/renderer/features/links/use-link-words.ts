/** A link's state as a sentence with its countdown, and the shape that stands beside it. */
import { useTranslation } from 'react-i18next'
import { never } from '../../../contract/fault.ts'
import type { Link } from '../../../contract/links.ts'
import { useTimes } from '../../data/times.ts'
import type { LampShape } from '../../ui/lamp.tsx'

export interface LinkWords {
  readonly state: (link: Link, now: number) => string
  /** Why it is as it is; empty where the state says all. */
  readonly reason: (link: Link) => string
}

export function useLinkWords(): LinkWords {
  const { t } = useTranslation('links')
  const times = useTimes()
  return {
    state: (link, now) => {
      const { state } = link
      const age = times.duration(Math.max(0, now - link.stateSince))
      switch (state.is) {
        case 'stopped':
          return link.profile.enabled ? t('state-stopped') : t('disabled')
        case 'opening':
          return state.attempt > 1 ? t('state-openingAgain', { attempt: state.attempt }) : t('state-opening')
        case 'greeting':
          return t('state-greeting')
        case 'listening':
          return t('state-listening')
        case 'live':
          return `${t('state-live')} ${t('for', { age })}`
        case 'silent':
          return `${t('state-silent')} ${t('for', { age })}`
        case 'polling': {
          if (state.retryAt === 0) return `${t('state-pollingOnly')} ${t('for', { age })}`
          const leftMs = state.retryAt - now
          if (leftMs < 1000) return t('state-pollingNow')
          return t('state-polling', { in: t('in', { age: times.duration(leftMs) }) })
        }
        case 'waiting': {
          const leftMs = state.retryAt - now
          if (leftMs < 1000) return t('state-waitingNow')
          return t('state-waiting', { in: t('in', { age: times.duration(leftMs) }) })
        }
        case 'refused':
          return t('state-refused')
        default:
          return never(state)
      }
    },
    reason: ({ state }) => {
      if (state.is === 'waiting') return `${state.reason} (${t('attempt', { attempt: state.attempt })})`
      if (state.is === 'silent') return state.words ?? ''
      return state.is === 'refused' || state.is === 'polling' ? state.reason : ''
    },
  }
}

export function lampOf(link: Link): LampShape {
  switch (link.state.is) {
    case 'live':
      return 'good'
    case 'stopped':
    case 'opening':
    case 'greeting':
    case 'listening':
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
