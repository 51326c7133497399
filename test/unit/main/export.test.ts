import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell } from '../../../src/main/export.ts'

describe('a CSV cell', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['+84 90', `"'+84 90"`],
    ['-2', `"'-2"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['＝1', `"'＝1"`],
    ['plain', 'plain'],
    ['a "quoted", b', '"a ""quoted"", b"'],
    [-2, '-2'],
    [null, ''],
  ])('%j becomes %s', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })

  it('never starts with what a spreadsheet runs, and gives the text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cell = csvCell(text)
        const inner = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
        expect(/^[=+\-@\t\r\n\0]/.test(inner)).toBe(false)
        expect([text, `'${text}`]).toContain(inner)
      }),
    )
  })
})
