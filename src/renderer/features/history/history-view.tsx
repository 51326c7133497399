/** What happened, with every link down. */
export function HistoryView() {
  return null
}
