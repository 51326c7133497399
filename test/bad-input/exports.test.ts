/** What devices call themselves ends in a spreadsheet: no cell may run. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Site } from './site.ts'

let site: Site

beforeAll(async () => {
  site = await Site.start()
})
afterAll(() => site.end())

describe('exports', () => {
  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '=HYPERLINK("http://evil.example","x")',
    '\t=1',
    '"=1',
    'a,b',
    'line\nbreak',
    '＝1',
  ]

  test('hold no cell a spreadsheet would run', async () => {
    const camera = await site.camera('csv')
    for (const text of formulas)
      await camera.alertReceived({ location: text, message: text }, { deviceName: text, groupId: text })
    const answer = await site.app.get('/api/alerts?format=csv&limit=1000')
    const cells = parseCsv(await answer.text()).flat()
    expect(cells.length).toBeGreaterThan(formulas.length)
    const dangerous = cells.filter(
      (cell) => /^[=+\-@\t\r\u0000＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell),
    )
    expect(dangerous).toEqual([])
    await camera.close()
    await site.judge()
  })
})

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy
  for (
    let match = field.exec(text);
    match !== null && field.lastIndex <= text.length;
    match = field.exec(text)
  ) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '\r\n') rows.push([])
    if (match[3] === '' || field.lastIndex === text.length) break
  }
  return rows
}
