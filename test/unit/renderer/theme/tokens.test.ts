/** Every text of both themes is readable where it stands: WCAG 2.2 AA, computed from the tokens themselves. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrast } from './contrast.ts'

const css = readFileSync(new URL('../../../../src/renderer/theme/tokens.css', import.meta.url), 'utf8')

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`)
  const block = css.slice(start, css.indexOf('}', start))
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1] ?? '', m[2] ?? '']))
}

const dark = tokensOf(':root')
const themes = [
  { name: 'dark', tokens: dark },
  { name: 'light', tokens: new Map([...dark, ...tokensOf(':root[data-mantine-color-scheme="light"]')]) },
]

const grounds = ['base', 'panel', 'raised']
const texts = ['text', 'soft', 'faint', 'critical', 'high', 'blue-text', 'accent']
/** Shapes and borders that carry a meaning need 3:1 (WCAG 1.4.11). */
const shapes = ['critical', 'high', 'medium', 'low', 'blue', 'ok', 'edge', 'accent']
const letters: readonly (readonly [string, string])[] = [
  ['on-signal', 'critical'],
  ['on-signal', 'high'],
  ['on-signal', 'medium'],
  ['on-blue', 'blue-fill'],
  ['base', 'text'],
]

describe.each(themes)('the $name theme', ({ tokens }) => {
  const colour = (name: string) => {
    const found = tokens.get(name)
    if (found === undefined) throw new Error(`no token --${name}`)
    return found
  }

  test.each(texts.flatMap((text) => grounds.map((ground) => ({ text, ground }))))(
    '$text is readable on $ground',
    ({ text, ground }) => {
      expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5)
    },
  )

  test.each(shapes.flatMap((shape) => grounds.map((ground) => ({ shape, ground }))))(
    'the shape of $shape stands out on $ground',
    ({ shape, ground }) => {
      expect(contrast(colour(shape), colour(ground))).toBeGreaterThanOrEqual(3)
    },
  )

  test.each(letters)('the letter in %s is readable on %s', (letter, ground) => {
    expect(contrast(colour(letter), colour(ground))).toBeGreaterThanOrEqual(4.5)
  })
})
