/** Plays each sound once, so that a shift begins knowing it will hear its alerts. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { never } from '../../../contract/fault.ts'
import { Button } from '../../ui/button.tsx'
import styles from './alerts.module.css'
import type { Pattern } from './annunciation.ts'
import { testSound } from './annunciator.ts'
import type { Played } from './sounder.ts'

const patterns: readonly Pattern[] = ['critical', 'high', 'medium', 'low', 'blue-light']

export function SoundTest() {
  const { t } = useTranslation('alerts')
  const [played, setPlayed] = useState<Played | null>(null)
  return (
    <div className={styles.field}>
      <div className={styles.soundButtons}>
        {patterns.map((pattern) => (
          <Button key={pattern} onClick={async () => setPlayed(await testSound(pattern))}>
            {pattern === 'blue-light' ? t('kind-blue-light') : t(`priority-${pattern}`)}
          </Button>
        ))}
      </div>
      <span className={styles.hint} role="status">
        {played === null ? t('soundTestHint') : resultOf(played, t)}
      </span>
    </div>
  )
}

function resultOf(
  played: Played,
  t: (key: 'soundPlayed' | 'soundBlocked' | 'soundFailed') => string,
): string {
  switch (played) {
    case 'played':
      return t('soundPlayed')
    case 'blocked':
      return t('soundBlocked')
    case 'failed':
      return t('soundFailed')
    default:
      return never(played)
  }
}
