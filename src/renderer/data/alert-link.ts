/** The desktop shell opens an alert by the page's fragment, `#alert=<id>`: a clicked notification ends in History at that alert. */
import type { AlertId } from '../../contract/alerts.ts'
import { openHistory } from './route.ts'

/** In a browser the fragment carries the access token instead, so only the desktop's page listens. */
export function followAlertLinks(): void {
  if (location.protocol !== 'app:') return
  const follow = () => {
    const id = new URLSearchParams(location.hash.slice(1)).get('alert')
    if (id === null || id === '') return
    // Taken out again, so that the same alert can be opened twice.
    history.replaceState(null, '', location.pathname)
    openHistory({ alert: id as AlertId })
  }
  window.addEventListener('hashchange', follow)
  follow()
}
