/** Both languages say everything: the same keys, the same places for values, nothing left untranslated by mistake. */
import { describe, expect, test } from 'vitest'
import { words } from '../../../../src/renderer/words/words.ts'

const namespaces = Object.entries(words).map(([name, { en, vi }]) => ({
  name,
  en: new Map<string, string>(Object.entries(en)),
  vi: new Map<string, string>(Object.entries(vi)),
}))

function placesIn(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? '').sort()
}

describe.each(namespaces)('the words of $name', ({ en, vi }) => {
  test('have the same keys in English and Vietnamese', () => {
    expect([...vi.keys()].sort()).toEqual([...en.keys()].sort())
  })

  test('say something in one language only if they do in the other', () => {
    for (const [key, text] of en) expect(vi.get(key)?.trim() === '', key).toBe(text.trim() === '')
  })

  test('leave the same places for values', () => {
    for (const [key, text] of en) expect(placesIn(vi.get(key) ?? ''), key).toEqual(placesIn(text))
  })

  test('come with both English plurals', () => {
    for (const key of en.keys()) {
      if (key.endsWith('_one')) expect(en.has(key.replace(/_one$/, '_other')), key).toBe(true)
    }
  })
})

test('most Vietnamese words differ from the English ones', () => {
  const pairs = namespaces.flatMap(({ en, vi }) => [...en].map(([key, text]) => [text, vi.get(key)]))
  const same = pairs.filter(([en, vi]) => en === vi)
  expect(same.length / pairs.length).toBeLessThan(0.12)
})
