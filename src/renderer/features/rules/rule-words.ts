/** A rule as one sentence: what it watches, where, when, how sure, and how often it speaks. */
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../../contract/rules.ts'
import { useTable } from '../../data/sources.ts'
import { useTimes } from '../../data/times.ts'
import { clockOf } from './rule-form.ts'

export interface RuleNames {
  readonly camera: (id: string) => string
  readonly duration: (ms: number) => string
}

/** More names than this would hide the sentence behind a list. */
const mostNamed = 3

export function describeRule(rule: Rule, t: TFunction<'rules'>, names: RuleNames): string {
  const { kinds, cameras, people, confidenceAtLeast, hours } = rule.when
  const listed = (all: readonly string[]): string =>
    all.length <= mostNamed
      ? joined(all, t('or'))
      : t('andMore', { names: all.slice(0, mostNamed).join(', '), count: all.length - mostNamed })
  const what =
    people.length > 0
      ? t('saysPeople', {
          people: listed(people),
          what: kinds.length === 0 ? t('anyEvent') : kindNames(kinds, t),
        })
      : kinds.length === 0
        ? t('anyEvent')
        : kindNames(kinds, t)
  const parts = [
    what,
    cameras.length === 0 ? t('saysAnywhere') : t('saysAt', { cameras: listed(cameras.map(names.camera)) }),
    hours === null ? '' : t('saysHours', { from: clockOf(hours.from), to: clockOf(hours.to) }),
    confidenceAtLeast === 0 ? '' : t('saysSure', { percent: Math.round(confidenceAtLeast * 100) }),
  ].filter((part) => part !== '')
  const sentence = `${parts.join(', ')}.`
  const rest =
    rule.holdOffS === 0 ? t('saysEvery') : t('saysHoldOff', { age: names.duration(rule.holdOffS * 1000) })
  return `${sentence.charAt(0).toLocaleUpperCase()}${sentence.slice(1)} ${rest}`
}

export function kindName(kind: string, t: TFunction<'rules'>): string {
  if (kind === 'face-recognized' || kind === 'face-unknown' || kind === 'motion_detected')
    return t(`kind-${kind}`)
  return kind.replaceAll(/[_-]+/g, ' ')
}

function kindNames(kinds: readonly string[], t: TFunction<'rules'>): string {
  return joined(
    kinds.map((kind) => kindName(kind, t)),
    t('or'),
  )
}

function joined(all: readonly string[], or: string): string {
  const last = all.at(-1) ?? ''
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} ${or} ${last}`
}

export interface RuleWords {
  readonly says: (rule: Rule) => string
  readonly kind: (kind: string) => string
}

export function useRuleWords(): RuleWords {
  const { t } = useTranslation('rules')
  const times = useTimes()
  const cameras = useTable('cameras')
  return useMemo(
    () => ({
      says: (rule) =>
        describeRule(rule, t, {
          camera: (id) => cameras?.find((camera) => camera.id === id)?.name ?? id,
          duration: times.duration,
        }),
      kind: (kind) => kindName(kind, t),
    }),
    [t, times, cameras],
  )
}
