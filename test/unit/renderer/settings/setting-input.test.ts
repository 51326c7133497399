/** What the Settings screen refuses while typing against what the contract refuses: never looser in a range, never stricter. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SettingKey, settingsTable } from '../../../../src/contract/settings.ts'
import { rowsOf, sectionOf, sections } from '../../../../src/renderer/features/settings/setting-groups.ts'
import { asTyped, judge, ranges } from '../../../../src/renderer/features/settings/setting-input.ts'
import { settingsWords } from '../../../../src/renderer/features/settings/words.ts'

describe('numbers', () => {
  test.each(Object.keys(ranges) as (keyof typeof ranges)[])('%s has the contract’s limits', (id) => {
    const range = ranges[id]
    if (!range) throw new Error('no range')
    const edges = [range.least - 1, range.least, range.most, range.most + 1, (range.least + range.most) / 2]
    for (const value of edges) {
      expect(judge({ id, shape: 'number' }, String(value)).ok).toBe(
        settingsTable[id].schema.safeParse(value).success,
      )
    }
  })

  test('whatever passes here passes there', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SettingKey.options), fc.string({ maxLength: 120 }), (id, typed) => {
        const schema = settingsTable[id].schema
        const fallback = settingsTable[id].fallback
        const shape =
          typeof fallback === 'number'
            ? 'number'
            : typeof fallback === 'boolean'
              ? 'boolean'
              : ('text' as const)
        if ('options' in schema) return
        const judged = judge({ id, shape }, typed)
        if (judged.ok) expect(schema.safeParse(judged.value).success).toBe(true)
      }),
    )
  })

  test.each([
    ['', 'not-number'],
    ['12 apples', 'not-number'],
    ['1e3', 'not-number'],
    ['0x10', 'not-number'],
    ['80.5', 'not-whole'],
    ['65536', 'range'],
  ])('port %j: %s', (typed, is) => {
    expect(judge({ id: 'port', shape: 'number' }, typed)).toMatchObject({ ok: false, complaint: { is } })
  })

  test('a decimal comma is understood', () => {
    expect(judge({ id: 'blueSensitivity', shape: 'number' }, '0,7')).toEqual({ ok: true, value: 0.7 })
  })
})

test.each([
  ['host', '', 'empty'],
  ['hubHost', '10.0.0 .1', 'spaces'],
  ['timeZone', 'Mars/Olympus', 'zone'],
  ['siteName', 'x'.repeat(81), 'too-long'],
] as const)('%s %j: %s', (id, typed, is) => {
  expect(judge({ id, shape: 'text' }, typed)).toMatchObject({ ok: false, complaint: { is } })
})

test('choices take only their words', () => {
  expect(judge({ id: 'language', shape: ['auto', 'en', 'vi'] }, 'vi')).toEqual({ ok: true, value: 'vi' })
  expect(judge({ id: 'language', shape: ['auto', 'en', 'vi'] }, 'fr').ok).toBe(false)
})

test('a default is typed as it is stored', () => {
  for (const id of SettingKey.options) {
    const { fallback, schema } = settingsTable[id]
    const shape =
      typeof fallback === 'number' ? 'number' : typeof fallback === 'boolean' ? 'boolean' : ('text' as const)
    const judged = judge({ id, shape: 'options' in schema ? [...schema.options] : shape }, asTyped(fallback))
    expect(judged).toEqual({ ok: true, value: fallback })
  }
})

test('every option has a section, a name and an explanation in both languages', () => {
  for (const id of SettingKey.options) {
    expect(sections).toContain(sectionOf[id])
    for (const words of [settingsWords.en, settingsWords.vi] as Record<string, string>[]) {
      expect(words[`name-${id}`]).toBeTruthy()
      expect(words[`text-${id}`]).toBeTruthy()
    }
  }
  const rows = SettingKey.options.map((id) => ({ id }))
  expect(sections.flatMap((section) => rowsOf(rows, section))).toHaveLength(rows.length)
})
