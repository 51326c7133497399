/** A rule read back in words, in both languages, and the warning when it alone would be too much. */
import { createInstance, type TFunction } from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { CameraId } from '../../../../src/contract/cameras.ts'
import type { RuleTest } from '../../../../src/contract/rules.ts'
import { loadOf } from '../../../../src/renderer/features/rules/load.ts'
import { describeRule } from '../../../../src/renderer/features/rules/rule-words.ts'
import { rulesWords } from '../../../../src/renderer/features/rules/words.ts'
import { makeRule } from './make-rule.ts'

const names = {
  camera: (id: string) => id.replace('eye/', 'Camera '),
  duration: (ms: number) => `${ms / 60_000} min`,
}
const cameras = (...ids: string[]) => ids.map((id) => CameraId.parse(`eye/${id}`))

describe('a rule in words', () => {
  const say: { en?: TFunction<'rules'>; vi?: TFunction<'rules'> } = {}
  beforeAll(async () => {
    const i18n = createInstance()
    await i18n.init({
      keySeparator: false,
      interpolation: { escapeValue: false },
      resources: { en: { rules: rulesWords.en }, vi: { rules: rulesWords.vi } },
    })
    say.en = i18n.getFixedT('en', 'rules')
    say.vi = i18n.getFixedT('vi', 'rules')
  })
  const said = (language: 'en' | 'vi', rule: Parameters<typeof describeRule>[0]): string => {
    const t = say[language]
    if (!t) throw new Error('the words are not loaded')
    return describeRule(rule, t, names)
  }

  test.each([
    [
      makeRule({ when: { kinds: ['face-unknown'] } }),
      'An unknown face, at any camera. Then none for 5 min for the same camera and person.',
      'Người lạ, tại mọi camera. Sau đó 5 min không báo lại cho cùng camera và người.',
    ],
    [
      makeRule({
        holdOffS: 0,
        when: {
          kinds: ['face-unknown'],
          cameras: cameras('Door', 'Yard'),
          hours: { from: 1320, to: 360 },
          confidenceAtLeast: 0.8,
        },
      }),
      'An unknown face, at Camera Door or Camera Yard, from 22:00 to 06:00, at least 80 % sure. Every time.',
      'Người lạ, tại Camera Door hoặc Camera Yard, từ 22:00 đến 06:00, chắc ít nhất 80 %. Mỗi lần đều báo.',
    ],
    [
      makeRule({ holdOffS: 0, when: { kinds: ['face-recognized'], people: ['An', 'Bo'] } }),
      'An or Bo (a known face), at any camera. Every time.',
      'An hoặc Bo (người quen), tại mọi camera. Mỗi lần đều báo.',
    ],
    [
      makeRule({
        holdOffS: 0,
        when: {
          kinds: ['line_crossed', 'motion_detected'],
          people: [],
          cameras: cameras('A', 'B', 'C', 'D'),
        },
      }),
      'Line crossed or motion, at Camera A, Camera B, Camera C or 1 more. Every time.',
      'Line crossed hoặc chuyển động, tại Camera A, Camera B, Camera C hoặc 1 mục khác. Mỗi lần đều báo.',
    ],
    [
      makeRule({ holdOffS: 0 }),
      'Any detection, at any camera. Every time.',
      'Mọi phát hiện, tại mọi camera. Mỗi lần đều báo.',
    ],
  ])('%#', (rule, en, vi) => {
    expect(said('en', rule)).toBe(en)
    expect(said('vi', rule)).toBe(vi)
  })
})

describe('the load of one rule', () => {
  const test0: RuleTest = {
    fromAt: 0,
    toAt: 86_400_000,
    looked: 1000,
    complete: true,
    matches: 400,
    alerts: 100,
    perDay: 0,
    samples: [],
  }
  test.each([
    [0, false],
    [144, false],
    [144.1, true],
    [1000, true],
  ])('%s alerts a day is too much: %s', (perDay, isTooMuch) => {
    const load = loadOf({ ...test0, perDay })
    expect(load.isTooMuch).toBe(isTooMuch)
    expect(load.perHour).toBeCloseTo(perDay / 24)
  })
})
