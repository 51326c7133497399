/** A feature's words in both languages. The compiler refuses a key that one language has and the other lacks. */

export interface Bilingual<E extends Readonly<Record<string, string>>> {
  readonly en: E
  readonly vi: { readonly [K in keyof E]: string }
}

export function bilingual<const E extends Readonly<Record<string, string>>>(
  both: Bilingual<E>,
): Bilingual<E> {
  return both
}
