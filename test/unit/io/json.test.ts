/** The JSON reader: what it refuses and why, and that it agrees with JSON.parse on everything else. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJson } from '../../../src/main/io/json.ts'

const refused: readonly (readonly [string, Buffer | string, string])[] = [
  ['empty', '', 'bad-json'],
  ['a BOM', '\ufeff{}', 'bad-json'],
  ['NaN', '{"a":NaN}', 'bad-json'],
  ['an open string', '{"a":"', 'bad-json'],
  ['an open string that ends in a backslash', '{"a":"\\', 'bad-json'],
  ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'bad-utf8'],
  ['a lone surrogate in bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'bad-utf8'],
  ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, 'too-deep'],
  ['5,000 objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 'too-deep'],
  ['a repeated key', '{"a":1,"a":2}', 'duplicate-key'],
  ['a repeated key deep inside', '[{"b":{"a":1,"c":2,"a":3}}]', 'duplicate-key'],
  ['a repeated key spelled otherwise', '{"a":1,"\\u0061":2}', 'duplicate-key'],
  ['__proto__', '{"__proto__":1}', 'forbidden-key'],
  ['prototype in an array', '[{"prototype":1}]', 'forbidden-key'],
]

test.each(refused)('%s is refused', (_name, text, trouble) => {
  expect(readJson(Buffer.from(text))).toMatchObject({ ok: false, trouble })
})

const longText = 'x:{["'.repeat(100)

test('brackets, colons and quotes inside strings count for nothing', () => {
  const value = { a: '[[[[{{{{::::', b: ['"\\"', '\\'], [longText]: longText }
  expect(readJson(Buffer.from(JSON.stringify(value)))).toMatchObject({ ok: true, value })
})

test('32 levels are allowed', () => {
  expect(readJson(Buffer.from(`${'['.repeat(32)}${']'.repeat(32)}`)).ok).toBe(true)
})

const safeKey = fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key))

test('agrees with JSON.parse on any value', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(safeKey, tie('value'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (any, indent) => {
      const text = JSON.stringify(any, null, indent)
      const read = readJson(Buffer.from(text))
      expect(read.ok && JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

test('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readJson(Buffer.from(bytes))
    }),
  )
})
