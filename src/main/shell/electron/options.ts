/** Our own options among Electron's arguments: what is not ours belongs to Chromium and is left alone. */
import { settingsTable } from '../../../contract/settings.ts'

const flags: ReadonlySet<string> = new Set(Object.values(settingsTable).map((option) => `--${option.flag}`))

export function ownOptions(argv: readonly string[]): string[] {
  const own: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const [flag = '', value] = (argv[at] ?? '').split(/=(.*)/s, 2)
    if (!flags.has(flag)) continue
    if (value !== undefined) own.push(`${flag}=${value}`)
    else own.push(`${flag}=${argv[++at] ?? ''}`)
  }
  return own
}
