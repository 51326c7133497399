/** What a rule says at its alert: what to do, why it was raised, and who was seen with which certainty. */
import { useTranslation } from 'react-i18next'
import { Fact, Facts } from '../../ui/facts.tsx'
import styles from './alerts.module.css'
import { readDetection } from './detection-message.ts'

/** `raw` is the alert's message; nothing is shown when it is not a rule's. */
export function Detection({ raw }: { readonly raw: string | null }) {
  const { t } = useTranslation('alerts')
  const detection = readDetection(raw)
  if (detection === null) return null
  const { rule, instruction, camera, person, isFace, confidence } = detection
  return (
    <>
      {instruction === '' ? null : (
        <section className={styles.instruction} aria-label={t('whatToDo')}>
          <h4>{t('whatToDo')}</h4>
          <p>{instruction}</p>
        </section>
      )}
      <Facts>
        {camera === '' ? null : <Fact name={t('camera')}>{camera}</Fact>}
        {isFace ? <Fact name={t('person')}>{person === '' ? t('personUnknown') : person}</Fact> : null}
        {confidence === null ? null : <Fact name={t('confidence')}>{Math.round(confidence * 100)} %</Fact>}
        {rule === '' ? null : <Fact name={t('rule')}>{rule}</Fact>}
      </Facts>
    </>
  )
}
