/** How text becomes the words that search finds: lower case, no diacritics (đ is d), letters and digits only. */
const longestWord = 64
const mostWords = 400
const ascii = /^[\u0000-\u007f]*$/

/** The distinct words of some texts, in their order. The same folding is used for what is stored and what is asked. */
export function wordsOf(...texts: readonly (string | null)[]): string[] {
  const words = new Set<string>()
  for (const text of texts) {
    if (text === null) continue
    for (const word of split(text)) {
      if (words.size >= mostWords) return [...words]
      words.add(word.slice(0, longestWord))
    }
  }
  return [...words]
}

/** Names of devices and places come again with every alert, so their words are kept: splitting was a tenth of an insert. */
const known = new Map<string, readonly string[]>()
const mostKnown = 5000
const longestKnown = 80

function split(text: string): readonly string[] {
  if (text.length > longestKnown) return splitAnew(text)
  const before = known.get(text)
  if (before !== undefined) return before
  const words = splitAnew(text)
  if (known.size >= mostKnown) known.clear()
  known.set(text, words)
  return words
}

function splitAnew(text: string): readonly string[] {
  const lower = text.toLowerCase()
  if (ascii.test(lower)) return lower.match(/[a-z0-9]+/g) ?? []
  const plain = lower
    .normalize('NFD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll('đ', 'd')
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Whether every asked word is the beginning of one of the text's words: what the index answers, for one row. */
export function hasWords(words: readonly string[], asked: readonly string[]): boolean {
  return asked.every((one) => words.some((word) => word.startsWith(one)))
}
