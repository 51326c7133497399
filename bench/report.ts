/** What a bench prints and writes: one row per figure, judged against its target, with the raw library's figure beside it. */
export interface Row {
  readonly area: string
  readonly name: string
  readonly value: number
  readonly unit: string
  /** In words: `>= 0.5`, `<= 10`. */
  readonly target: string
  readonly ok: boolean
  /** The peer's or raw library's own figure in the same run, null where there is none. */
  readonly baseline: number | null
}

export type Area = (row: (row: Omit<Row, 'area' | 'ok'>) => void) => Promise<void>

/** `>= n` or `<= n`. */
export function meets(value: number, target: string): boolean {
  const [, sign, limit] = /^(>=|<=) ([\d.]+)$/.exec(target) ?? []
  if (sign === undefined || limit === undefined) throw new Error(`target not understood: ${target}`)
  return sign === '>=' ? value >= Number(limit) : value <= Number(limit)
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}
