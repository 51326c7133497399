/** Every option. */
export function SettingsView() {
  return null
}
