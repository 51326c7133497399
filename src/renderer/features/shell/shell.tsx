/** The frame around every view. */
import { useView } from '../../data/route.ts'
import { viewList } from '../view-list.tsx'

export function Shell() {
  const view = useView()
  const Shown = viewList.find((entry) => entry.id === view)?.Component
  return <main>{Shown ? <Shown /> : null}</main>
}
