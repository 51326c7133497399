/** Every option as the app holds it. */
import type { SettingRow } from '../../contract/settings.ts'
import { useTable } from './sources.ts'

export function useSettings(): readonly SettingRow[] | undefined {
  return useTable('settings')
}
