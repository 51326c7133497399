/** Switching a camera on or off at its source: asked, accepted, and done only when the source says so. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import { useAction } from '../../data/action.ts'
import { useNow } from '../../data/now.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './tile.module.css'

/** Longer than a source needs to say what became of it. */
const patienceMs = 15_000

interface Wish {
  readonly active: boolean
  /** Null until the source took it. */
  readonly acceptedAt: number | null
}

export function SwitchCamera({ camera }: { readonly camera: Camera }) {
  const { t } = useTranslation('cameras')
  const times = useTimes()
  const now = useNow()
  const mayAct = useMay('operator')
  const { ask, asking, fault } = useAction('cameras.activate')
  const [wish, setWish] = useState<Wish | null>(null)
  const isDone = wish !== null && camera.isActive === wish.active
  useEffect(() => {
    if (isDone) setWish(null)
  }, [isDone])
  if (!camera.can.includes('activate') || camera.isActive === null) return null
  const active = !camera.isActive
  const request = async () => {
    setWish({ active, acceptedAt: null })
    const answer = await ask({ id: camera.id, active })
    setWish(answer === undefined ? null : { active, acceptedAt: Date.now() })
  }
  const waitedMs = wish?.acceptedAt == null ? 0 : Math.max(0, Date.now() - wish.acceptedAt)
  const isLate = waitedMs > patienceMs && now > 0
  return (
    <span className={styles.switching}>
      <Button
        disabled={!mayAct || (wish !== null && !isLate)}
        busy={asking && t('switchAsked')}
        title={mayAct ? undefined : t('needsOperator')}
        onClick={() => void request()}
      >
        {t(active ? 'activate' : 'deactivate')}
      </Button>
      {wish?.acceptedAt != null ? (
        <span role="status">
          {isLate ? t('switchUnconfirmed', { age: times.duration(waitedMs) }) : t('switchAccepted')}
        </span>
      ) : null}
      {fault ? <FaultNote fault={fault} /> : null}
    </span>
  )
}
