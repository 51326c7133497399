/** Both languages of these screens: complete, with the same blanks to fill, and nothing left untranslated by accident. */
import { expect, test } from 'vitest'
import { firstRunWords } from '../../../../src/renderer/features/first-run/words.ts'
import { historyWords } from '../../../../src/renderer/features/history/words.ts'
import { linksWords } from '../../../../src/renderer/features/links/words.ts'
import { settingsWords } from '../../../../src/renderer/features/settings/words.ts'

const blanks = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? '').toSorted()

/** Names, units and signs that read the same in both languages. */
const same = /^[\d\s×,{}a-z?]*$|^(Watchfloor|English|Tiếng Việt|DEMO|B|CSV.*|JSON.*|NDJSON.*|\W*)$/

test.each(Object.entries({ historyWords, linksWords, settingsWords, firstRunWords }))(
  '%s',
  (_name, words) => {
    const vi: Record<string, string> = words.vi
    for (const [key, text] of Object.entries(words.en)) {
      expect(blanks(vi[key] ?? ''), key).toEqual(blanks(text))
      if (!same.test(text)) expect(vi[key], key).not.toBe(text)
    }
    expect(Object.keys(vi).toSorted()).toEqual(Object.keys(words.en).toSorted())
  },
)
