/** Judging the address of a camera's stream as it is typed: unlike a server's it may end in a query. */
import { webUrlComplaint } from './address.ts'
import type { Complaint } from './kind.ts'

export function streamUrlComplaint(text: string): Complaint | null {
  if (/^rtsps?:/i.test(text)) return 'stream-rtsp'
  const complaint = webUrlComplaint(text.replace(/[?#].*$/s, ''))
  if (complaint === 'web-missing' || complaint === 'web-odd') return 'stream-odd'
  if (complaint !== null) return complaint
  return text.includes('#') || text.length > 2048 ? 'stream-odd' : null
}
