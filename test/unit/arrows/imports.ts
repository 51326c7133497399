/** Finds what a source file imports, and whether the import is left after types are stripped. Reads text; needs no compiler. */

export interface Import {
  readonly specifier: string
  /** Gone at run time: `import type` or `export type`. `import { type A }` stays, under verbatimModuleSyntax. */
  readonly typeOnly: boolean
  readonly line: number
}

const patterns: readonly {
  readonly find: RegExp
  readonly typeOnly: (match: RegExpMatchArray) => boolean
}[] = [
  {
    find: /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?)\s*from\s*(['"])([^'"\n]+)\2/gm,
    // `import type from 'x'` imports a default called type; nobody here has default imports of that name.
    typeOnly: (match) => match[1] !== undefined,
  },
  { find: /^[ \t]*import\s*()(['"])([^'"\n]+)\2/gm, typeOnly: () => false },
  {
    find: /(typeof\s+)?\bimport\(\s*(['"])([^'"\n]+)\2\s*[,)]/g,
    typeOnly: (match) => match[1] !== undefined,
  },
  { find: /\bnew URL\(()\s*(['"])(\.[^'"\n]+\.tsx?)\2\s*,\s*import\.meta\.url/g, typeOnly: () => false },
  { find: /\brequire\(()\s*(['"])([^'"\n]+)\2\s*\)/g, typeOnly: () => false },
]

/** Comments become blanks, so that an example in one is no import; strings and line numbers stay as they are. */
export function withoutComments(source: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return source.replace(token, (text) => (text.startsWith('/') ? text.replace(/[^\n]/g, ' ') : text))
}

export function importsOf(source: string): Import[] {
  const text = withoutComments(source)
  const found: Import[] = []
  for (const { find, typeOnly } of patterns) {
    for (const match of text.matchAll(find)) {
      const specifier = match[3]
      if (specifier === undefined) continue
      const at = (match.index ?? 0) + match[0].length
      const line = text.slice(0, at).split('\n').length
      found.push({ specifier, typeOnly: typeOnly(match), line })
    }
  }
  return found
}

export type Sources = ReadonlyMap<string, string>

/** A relative specifier as a path from the root; a package or `node:` name as it is. */
export function resolve(from: string, specifier: string): string {
  const bare = specifier.replace(/\?.*$/, '')
  if (!bare.startsWith('.')) return bare
  const parts = from.split('/').slice(0, -1)
  for (const part of bare.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** `@scope/name/deep` and `name/deep` are the package `@scope/name` and `name`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
