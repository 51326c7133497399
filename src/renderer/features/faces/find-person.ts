/** Finds names by what is typed: accents and case do not matter, a name that begins so comes before one that only contains it. */

/** `đ` is a letter of its own to Unicode, yet nobody types it in a hurry. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase().replaceAll('đ', 'd').trim()
}

/** In the order given within each rank; all of them while nothing is typed. */
export function bestMatches(names: readonly string[], typed: string): string[] {
  const wanted = plain(typed)
  if (wanted === '') return [...names]
  const ranked = names.flatMap((name) => {
    const text = plain(name)
    if (text === wanted) return [{ name, rank: 0 }]
    if (text.startsWith(wanted)) return [{ name, rank: 1 }]
    if (text.split(/\s+/).some((word) => word.startsWith(wanted))) return [{ name, rank: 2 }]
    return text.includes(wanted) ? [{ name, rank: 3 }] : []
  })
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ name }) => name)
}
