/** `GET /api/alerts?after=&limit=&from=&to=&q=&format=`: the history for programs, by store sequence, ascending. */
import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { type AlertDetail, AlertFilter } from '../../../contract/alerts.ts'
import { Fault } from '../../../contract/fault.ts'
import { csvHead, csvRow, exportRow } from '../../export.ts'
import type { Store } from '../../store/store.ts'

const Query = z.strictObject({
  /** The `seq` of the last row you have; 0 for the first page. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  from: z.string().optional(),
  to: z.string().optional(),
  q: z.string().max(200).optional(),
  format: z.enum(['json', 'ndjson', 'csv']).default('json'),
})

export async function answerAlerts(
  store: Store,
  params: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const parsed = Query.safeParse(Object.fromEntries(params))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = issue?.path.join('.') || 'query'
    throw new Fault(
      'bad-input',
      `${name}: ${issue?.message ?? 'not understood'}`,
      'Known: after, limit (1–1000), from, to, q, format (json, ndjson, csv).',
    )
  }
  const { after, limit, format, q } = parsed.data
  const filter = AlertFilter.parse({
    ...(q === undefined || q === '' ? {} : { text: q }),
    ...instantOf('from', parsed.data.from),
    ...instantOf('to', parsed.data.to),
  })
  const rows = await store.list(filter, after, limit)
  const last = rows.at(-1)?.alert.seq
  const next = rows.length === limit && last !== undefined ? last : null
  response.setHeader('cache-control', 'no-store')
  if (next !== null) response.setHeader('x-next-after', String(next))
  const [type, text] = bodyOf(format, rows, next)
  response.setHeader('content-type', type)
  response.end(text)
}

/** Epoch ms or ISO 8601. */
function instantOf(name: 'from' | 'to', text: string | undefined): { from?: number; to?: number } {
  if (text === undefined || text === '') return {}
  const at = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isFinite(at)) return { [name]: at }
  throw new Fault(
    'bad-input',
    `${name}: "${text}" is not a time`,
    'Use epoch milliseconds or ISO 8601, like 2026-01-31T08:00:00Z.',
  )
}

function bodyOf(
  format: 'json' | 'ndjson' | 'csv',
  rows: readonly AlertDetail[],
  next: number | null,
): [string, string] {
  if (format === 'csv') return ['text/csv; charset=utf-8', csvHead + rows.map(csvRow).join('')]
  if (format === 'ndjson')
    return [
      'application/x-ndjson; charset=utf-8',
      rows.map((row) => `${JSON.stringify(exportRow(row))}\n`).join(''),
    ]
  return ['application/json; charset=utf-8', JSON.stringify({ alerts: rows.map(exportRow), next })]
}
