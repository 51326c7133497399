/** Blue-light devices and their alerts. */
export function BlueAlertsView() {
  return null
}
