/** Where devices connect: known once the hub has its port, or as configured while that port is taken. */
import type { App } from '../app.ts'
import { hubLink } from '../links.ts'

export function hubAddress(app: Pick<App, 'live'>): Promise<string> {
  const { links } = app.live
  return new Promise((resolve) => {
    let stop = () => {}
    const look = () => {
      const link = links.get(hubLink)
      if (link === undefined || link.state.is === 'opening') return
      stop()
      resolve(link.address)
    }
    stop = links.subscribe(look)
    look()
  })
}
