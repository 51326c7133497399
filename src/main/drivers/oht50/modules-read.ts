/** Reads what is said of modules in every form there is: by address, by register, one or a list. Pure. */
import type { ModuleKind } from '../../../contract/modules.ts'
import { readInstant } from '../../io/times.ts'
import { type Fields, fieldsIn, flagIn, isFields, listIn, numberIn, textIn, unitIn } from './fields.ts'
import type { SaidModule } from './said.ts'

const mostValues = 200
const mostModules = 32
const longestName = 60

/** Of the OHT-50: the address says what a module is. */
const kindByUnit: Readonly<Record<number, ModuleKind>> = { 2: 'power', 3: 'safety', 4: 'motor', 5: 'dock' }

export function kindOf(unit: number, word: string | null): ModuleKind {
  const known = kindByUnit[unit]
  if (known !== undefined) return known
  const lower = word?.toLowerCase() ?? ''
  const kinds: readonly ModuleKind[] = ['power', 'safety', 'motor', 'dock']
  return kinds.find((kind) => lower.includes(kind)) ?? 'unknown'
}

/** What a status word says of whether it answers, and whether something is odd. */
function judged(word: string | null): { readonly online: boolean | null; readonly trouble: string | null } {
  switch (word?.toLowerCase()) {
    case undefined:
    case 'unknown':
      return { online: null, trouble: null }
    case 'offline':
    case 'inactive':
    case 'timeout':
    case 'lost':
    case 'disconnected':
      return { online: false, trouble: null }
    case 'active':
    case 'online':
    case 'ok':
    case 'healthy':
    case 'good':
    case 'running':
    case 'discovered':
    case 'registered':
      return { online: true, trouble: '' }
    case 'error':
    case 'warning':
    case 'maintenance':
    case 'critical':
    case 'unhealthy':
    case 'degraded':
      return { online: true, trouble: word ?? '' }
    default:
      return { online: null, trouble: null }
  }
}

/** Not measurements, wherever they stand. */
const notValues = new Set([
  'module_addr',
  'module_id',
  'address',
  'addr',
  'unit',
  'timestamp',
  'success',
  'online',
  'last_seen',
  'type',
  'data_freshness_ms',
  'last_updated',
])

function numberOf(value: unknown): number | null | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value ? 1 : 0
  // `{value, range{min,max}, unit, description}` of the firmware's HTTP; a null value was not readable.
  if (isFields(value) && 'value' in value) return numberOf(value.value) ?? null
  return undefined
}

interface Told {
  readonly values: Record<string, number | null>
  readonly units: Record<string, string> | null
}

const longestUnit = 20

function readValues(fields: Fields): Told | null {
  const values: Record<string, number | null> = {}
  const units: Record<string, string> = {}
  let isTelling = false
  let count = 0
  for (const name of Object.keys(fields)) {
    if (notValues.has(name)) continue
    const value = numberOf(fields[name])
    if (value === undefined) continue
    const shown = textIn({ name }, 'name', longestName)
    if (shown === null) continue
    values[shown] = value
    const around = fieldsIn(fields, name)
    if (around !== null && 'unit' in around) {
      isTelling = true
      const unit = textIn(around, 'unit', longestUnit)
      if (unit !== null) units[shown] = unit
    }
    count += 1
    if (count === mostValues) break
  }
  return count === 0 ? null : { values, units: isTelling ? units : null }
}

/** `[{addr:"0x0000", name, value, unit, mode, scaling?}]`: the value is told as it stands there. */
function readRegisters(list: readonly unknown[]): Told | null {
  const values: Record<string, number | null> = {}
  const units: Record<string, string> = {}
  let count = 0
  for (const item of list) {
    if (!isFields(item)) continue
    const name = textIn(item, 'name', longestName) ?? textIn(item, 'addr', 10) ?? textIn(item, 'address', 10)
    if (name === null) continue
    values[name] = numberOf(item.value) ?? null
    const unit = textIn(item, 'unit', longestUnit)
    if (unit !== null) units[name] = unit
    count += 1
    if (count === mostValues) break
  }
  return count === 0 ? null : { values, units }
}

function valuesIn(fields: Fields): Told | null {
  const registers = listIn(fields, 'registers')
  if (registers !== null) return readRegisters(registers)
  const nested = fieldsIn(fields, 'telemetry') ?? fieldsIn(fields, 'values') ?? fieldsIn(fields, 'registers')
  return nested === null ? null : readValues(nested)
}

/** `around` is what the object stood in: times and addresses are written there too. Null: it names no module. */
export function readModule(fields: Fields, around: Fields = fields, unit?: number): SaidModule | null {
  const names = ['module_addr', 'module_id', 'address', 'addr', 'unit', 'id'] as const
  const own = unit ?? unitIn(fields, ...names) ?? unitIn(around, ...names)
  if (own === null) return null
  const inner = fieldsIn(fields, 'data') ?? fields
  const told = valuesIn(fields) ?? valuesIn(inner) ?? (inner === around ? null : readValues(inner))
  const values = told?.values ?? null
  const diagnostics = fieldsIn(inner, 'diagnostics')
  const word = textIn(inner, 'status', 40) ?? textIn(inner, 'state', 40) ?? textIn(inner, 'health_status', 40)
  const { online, trouble } = judged(word)
  const complaint = textIn(inner, 'trouble', 200)
  return {
    is: 'module',
    unit: own,
    kind: kindOf(
      own,
      textIn(fields, 'kind', 40) ?? textIn(fields, 'type', 40) ?? textIn(fields, 'module_type', 40),
    ),
    name: textIn(fields, 'module_name', longestName) ?? textIn(fields, 'name', longestName),
    online:
      flagIn(inner, 'online') ??
      (diagnostics === null ? null : flagIn(diagnostics, 'communication_ok')) ??
      online ??
      (values === null ? null : true),
    values,
    units: told?.units ?? null,
    trouble: complaint ?? trouble,
    at: readInstant(inner.timestamp) ?? readInstant(around.timestamp) ?? seenAt(inner),
  }
}

/** `last_seen` of a list: epoch, never a duration. */
function seenAt(fields: Fields): number | null {
  const seen = numberIn(fields, 'last_seen')
  return seen !== null && seen > 1e9 ? readInstant(seen) : null
}

export function readModules(list: readonly unknown[], around: Fields): SaidModule[] {
  const said: SaidModule[] = []
  for (const item of list.slice(0, mostModules)) {
    const module = isFields(item) ? readModule(item, { timestamp: around.timestamp }) : null
    if (module !== null) said.push(module)
  }
  return said
}
