/** Where every option gets its value: flag, then environment, then what was stored, then the default. Bad values are named, with what would do. */
import { parseArgs } from 'node:util'
import { Fault } from '../contract/fault.ts'
import {
  type Setting,
  type SettingKey,
  type SettingRow,
  type Settings,
  settingsTable,
  variableOf,
} from '../contract/settings.ts'

export interface Given {
  readonly value: unknown
  readonly from: 'flag' | 'environment'
}

/** What was fixed from outside; it cannot be changed on the Settings screen. */
export type Config = ReadonlyMap<SettingKey, Given>

const entries = Object.entries(settingsTable) as [SettingKey, Setting][]

/** Reads flags and environment. Throws a Fault `bad-input` that names the option and what it accepts. */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const given = new Map<SettingKey, Given>()
  for (const [key, option] of entries) {
    const variable = variableOf(option.flag)
    const text = env[variable]
    if (text !== undefined)
      given.set(key, { value: parseOption(option, text, variable), from: 'environment' })
  }
  const flags = readFlags(argv)
  for (const [key, option] of entries) {
    const text = flags[option.flag]
    if (text !== undefined)
      given.set(key, { value: parseOption(option, text, `--${option.flag}`), from: 'flag' })
  }
  return given
}

function readFlags(argv: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(entries.map(([, option]) => [option.flag, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as Record<
      string,
      string | undefined
    >
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new Fault('bad-input', said, 'Run with --help to see every flag.')
  }
}

/** Text as typed on a command line becomes the option's own type: numbers and booleans by its schema. */
function parseOption(option: Setting, text: string, name: string): unknown {
  for (const candidate of [text, readJson(text)]) {
    const parsed = option.schema.safeParse(candidate)
    if (parsed.success) return parsed.data
  }
  throw new Fault('bad-input', `${name} cannot be "${text}"`, `It takes ${describe(option)}.`)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function shapeOf(option: Setting): SettingRow['shape'] {
  const schema: unknown = option.schema.toJSONSchema?.() ?? {}
  const { type, enum: words } = schema as { type?: string; enum?: string[] }
  if (words !== undefined) return words
  if (type === 'boolean') return 'boolean'
  return type === 'number' || type === 'integer' ? 'number' : 'text'
}

function describe(option: Setting): string {
  const shape = shapeOf(option)
  if (Array.isArray(shape)) return `one of ${shape.join(', ')}`
  const { minimum, maximum } = (option.schema.toJSONSchema?.() ?? {}) as {
    minimum?: number
    maximum?: number
  }
  if (shape === 'number' && minimum !== undefined && maximum !== undefined)
    return `a number from ${minimum} to ${maximum}`
  return { boolean: 'true or false', number: 'a number', text: 'text' }[shape]
}

/** All options in force: `given` wins over `stored` wins over the default. A stored value that no longer fits falls back. */
export function resolveSettings(given: Config, stored: Readonly<Record<string, unknown>>): Settings {
  const settings = Object.fromEntries(
    entries.map(([key, option]) => {
      const fixed = given.get(key)
      if (fixed !== undefined) return [key, fixed.value]
      const kept = option.schema.safeParse(stored[key])
      return [key, key in stored && kept.success ? kept.data : option.fallback]
    }),
  )
  return settings as Settings
}

/** The Settings screen's rows. */
export function settingRows(given: Config, stored: Readonly<Record<string, unknown>>): SettingRow[] {
  const settings = resolveSettings(given, stored)
  return entries.map(([key, option]) => {
    const from = given.get(key)?.from ?? (key in stored ? 'stored' : 'default')
    return {
      id: key,
      value: settings[key],
      fallback: option.fallback as SettingRow['fallback'],
      from,
      flag: `--${option.flag}`,
      variable: variableOf(option.flag),
      text: option.text,
      restart: option.restart,
      editable: !given.has(key) && option.early !== true,
      shape: shapeOf(option),
    }
  })
}

export function helpText(): string {
  const lines = entries.map(
    ([, option]) =>
      `  --${option.flag.padEnd(20)} ${option.text}\n${' '.repeat(25)}${variableOf(option.flag)}, default ${JSON.stringify(option.fallback)}`,
  )
  return `Watchfloor: the control center without a window.\n\nOptions (each also as an environment variable and on the Settings screen):\n${lines.join('\n')}\n  --help                 This text.\n`
}
