/** Every option as the app holds it. */
import type { SettingKey, SettingRow } from '../../contract/settings.ts'
import { useTable } from './sources.ts'

export function useSettings(): readonly SettingRow[] | undefined {
  return useTable('settings')
}

export function useSetting(key: SettingKey): SettingRow | undefined {
  return useTable('settings')?.find((row) => row.id === key)
}
