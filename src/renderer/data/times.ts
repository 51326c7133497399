/** Times and ages in the site's zone and the screen's language, ready for a component. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import * as times from '../words/times.ts'
import { useZone } from './site.ts'

export interface Times {
  readonly zone: string
  readonly clock: (at: number) => string
  readonly minute: (at: number) => string
  readonly date: (at: number) => string
  readonly dateTime: (at: number) => string
  /** With its date unless it is of the same day as `now`. */
  readonly clockOrDate: (at: number, now: number) => string
  readonly offset: (at: number) => string
  readonly duration: (ms: number) => string
  readonly ago: (ms: number) => string
}

export function useTimes(): Times {
  const { t } = useTranslation('common')
  const zone = useZone()
  return useMemo(() => {
    const words = { second: t('second'), minute: t('minute'), hour: t('hour'), day: t('day') }
    const duration = (ms: number) => times.duration(ms, words)
    return {
      zone,
      clock: (at) => times.clock(at, zone),
      minute: (at) => times.minute(at, zone),
      date: (at) => times.date(at, zone),
      dateTime: (at) => times.dateTime(at, zone),
      clockOrDate: (at, now) => times.clockOrDate(at, now, zone),
      offset: (at) => times.offset(at, zone),
      duration,
      ago: (ms) => t('ago', { age: duration(ms) }),
    }
  }, [t, zone])
}
