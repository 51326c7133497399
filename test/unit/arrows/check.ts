/** Judges a set of sources against the arrows. Works on any set, so that the test can show it a bad one. */
import { type Import, importsOf, packageOf, resolve, type Sources } from './imports.ts'
import { type Rule, rules } from './table.ts'

function fits(path: string, pattern: string): boolean {
  if (pattern.includes('*')) {
    const [before = '', after = ''] = pattern.split('*')
    if (!path.startsWith(before)) return false
    const slash = path.indexOf('/', before.length)
    // `a/*/` is any folder in a; `a/*.ts` any file directly in a.
    return after === '/' ? slash !== -1 : slash === -1 && path.endsWith(after)
  }
  return pattern.endsWith('/') ? path.startsWith(pattern) : path === pattern
}

export function ruleOf(path: string): Rule | undefined {
  return rules.find((rule) => fits(path, rule.of))
}

/** The folder a rule speaks of: for `drivers/*`, the one driver the file is in. */
function ownFolder(path: string, rule: Rule): string | null {
  if (rule.of.endsWith('*/')) {
    const before = rule.of.slice(0, -2)
    return path.slice(0, path.indexOf('/', before.length) + 1)
  }
  return rule.of.endsWith('/') ? rule.of : null
}

function packageAllowed(name: string, rule: Rule, typeOnly: boolean): boolean {
  const listed = (list: readonly string[]) =>
    list.some((entry) => (entry.endsWith(':') ? name.startsWith(entry) : name === entry))
  if ('allBut' in rule.packages) return !listed(rule.packages.allBut)
  return listed(rule.packages) || (typeOnly && listed(rule.packageTypes ?? []))
}

function trouble(from: string, found: Import, rule: Rule, sources: Sources): string | null {
  const target = resolve(from, found.specifier)
  if (!found.specifier.startsWith('.')) {
    return packageAllowed(packageOf(target), rule, found.typeOnly)
      ? null
      : `${rule.name} may not import ${target}`
  }
  if (!sources.has(target)) return /\.tsx?$/.test(target) ? `there is no ${target}` : null
  const own = ownFolder(from, rule)
  if (own !== null && fits(target, own)) return null
  if (rule.may.some((pattern) => fits(target, pattern))) return null
  if ((rule.mayTypes ?? []).some((pattern) => fits(target, pattern)))
    return found.typeOnly ? null : `${rule.name} may import only types of ${target}: write \`import type\``
  return `${rule.name} may not import ${target}`
}

/** Every arrow that points the wrong way, as `file:line → target: why`. */
export function badArrows(sources: Sources): string[] {
  const bad: string[] = []
  for (const [path, text] of sources) {
    if (path.endsWith('.d.ts')) continue
    const rule = ruleOf(path)
    if (rule === undefined) {
      bad.push(`${path}: no rule in the table speaks of this file`)
      continue
    }
    for (const found of importsOf(text)) {
      const why = trouble(path, found, rule, sources)
      if (why !== null) bad.push(`${path}:${found.line} → ${found.specifier}: ${why}`)
    }
  }
  return bad
}

function edges(sources: Sources, run: 'run time' | 'all'): Map<string, string[]> {
  const graph = new Map<string, string[]>()
  for (const [path, text] of sources) {
    const wanted = importsOf(text).filter((found) => run === 'all' || !found.typeOnly)
    graph.set(
      path,
      wanted.map((found) => resolve(path, found.specifier)),
    )
  }
  return graph
}

/** The shortest way by which something of the renderer would carry zod into the page, per offending first step. */
export function zodInRenderer(sources: Sources): string[] {
  const graph = edges(sources, 'run time')
  const bad: string[] = []
  for (const path of sources.keys()) {
    if (!path.startsWith('src/renderer/')) continue
    for (const first of graph.get(path) ?? []) {
      if (first.startsWith('src/renderer/')) continue
      const way = wayTo(graph, first, 'zod')
      if (way !== null) bad.push([path, ...way].join(' → '))
    }
  }
  return bad
}

function wayTo(graph: ReadonlyMap<string, string[]>, from: string, goal: string): string[] | null {
  const before = new Map<string, string | null>([[from, null]])
  const queue = [from]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (packageOf(at) === goal) {
      const way: string[] = []
      for (let step: string | null = at; step !== null; step = before.get(step) ?? null) way.unshift(step)
      return way
    }
    for (const next of graph.get(at) ?? []) {
      if (before.has(next)) continue
      before.set(next, at)
      queue.push(next)
    }
  }
  return null
}

/** Import cycles, each once, types included: a cycle of types today is one of values after the next edit. */
export function cycles(sources: Sources): string[] {
  const graph = edges(sources, 'all')
  const done = new Set<string>()
  const path: string[] = []
  const found: string[] = []
  function visit(file: string): void {
    if (done.has(file) || !sources.has(file)) return
    const at = path.indexOf(file)
    if (at !== -1) {
      found.push([...path.slice(at), file].join(' → '))
      return
    }
    path.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    path.pop()
    done.add(file)
  }
  for (const file of sources.keys()) visit(file)
  return found
}
