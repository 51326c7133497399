/** Copies a text and says whether that worked; browsers may refuse, and silence would look like success. */
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import styles from './copy-button.module.css'

interface Props {
  readonly text: string
  readonly label: string
  readonly done: string
  readonly failed: string
}

/** Long enough to read, short enough to copy again and see it happen. */
const shownMs = 2500

export function CopyButton({ text, label, done, failed }: Props) {
  const [outcome, setOutcome] = useState<'none' | 'done' | 'failed'>('none')
  useEffect(() => {
    if (outcome !== 'done') return
    const timer = setTimeout(() => setOutcome('none'), shownMs)
    return () => clearTimeout(timer)
  }, [outcome])
  return (
    <span className={styles.copy}>
      <Button onClick={() => void copy(text).then((worked) => setOutcome(worked ? 'done' : 'failed'))}>
        {outcome === 'done' ? done : label}
      </Button>
      <span role="status" className={outcome === 'failed' ? styles.failed : 'visually-hidden'}>
        {outcome === 'failed' ? failed : outcome === 'done' ? done : ''}
      </span>
    </span>
  )
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
