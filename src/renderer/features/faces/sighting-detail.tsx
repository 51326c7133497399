/** Everything known of one sighting: its picture with the face framed where the frame belongs, the facts, and what to do next. */
import { type Ref, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId } from '../../../contract/cameras.ts'
import type { DetectionEvent } from '../../../contract/events.ts'
import { showCamera } from '../../data/camera-wish.ts'
import { useLinks } from '../../data/links.ts'
import { usePicture } from '../../data/picture.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import { AddPersonDialog } from './add-person-dialog.tsx'
import { boxOn, cropOf } from './crop.ts'
import { Dismiss } from './dismiss.tsx'
import { FaceMark } from './face-mark.tsx'
import styles from './faces.module.css'
import { CorrectionNote, NotThisPerson } from './not-this-person.tsx'
import { photoOfUrl } from './photo.ts'
import { useSightingWords } from './sighting-words.ts'
import sightingsLook from './sightings.module.css'

interface Props {
  readonly event: DetectionEvent | null
  readonly onPerson: (person: string) => void
  readonly onBack: () => void
  readonly pane: Ref<HTMLElement>
}

export function SightingDetail({ event, onPerson, onBack, pane }: Props) {
  const { t } = useTranslation('faces')
  return (
    <section
      ref={pane}
      className={styles.detail}
      aria-label={t('detail')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onKeyDown={(pressed) => {
        if (pressed.key !== 'Escape') return
        pressed.preventDefault()
        pressed.stopPropagation()
        onBack()
      }}
    >
      {event ? (
        <Shown event={event} onPerson={onPerson} />
      ) : (
        <Empty title={t('detailEmpty')} hint={t('detailKeys')} />
      )}
    </section>
  )
}

function Shown({
  event,
  onPerson,
}: {
  readonly event: DetectionEvent
  readonly onPerson: Props['onPerson']
}) {
  const { t } = useTranslation('faces')
  const words = useSightingWords()
  const { person } = event
  return (
    <>
      <header className={styles.detailHead}>
        <FaceMark isKnown={person !== null} />
        <div>
          <h2>{words.who(event)}</h2>
          <p>{event.cameraName ?? event.camera ?? event.link}</p>
        </div>
      </header>
      <Scene event={event} />
      <div className={styles.acts}>
        <ShowCamera camera={event.camera} />
        {person === null ? (
          <>
            <AddToLibrary key={event.id} event={event} />
            <Dismiss key={`${event.id} dismiss`} event={event} />
          </>
        ) : (
          <>
            <Button onClick={() => onPerson(person)}>{t('allOfPerson')}</Button>
            <NotThisPerson key={event.id} event={event} />
          </>
        )}
      </div>
      <CorrectionNote event={event} />
      <NeedsRole needed="operator" />
      <SightingFacts event={event} />
    </>
  )
}

function ShowCamera({ camera }: { readonly camera: CameraId | null }) {
  const { t } = useTranslation('faces')
  return camera === null ? null : <Button onClick={() => showCamera(camera)}>{t('showCameras')}</Button>
}

function Scene({ event }: { readonly event: DetectionEvent }) {
  const { t } = useTranslation('faces')
  const words = useSightingWords()
  const picture = usePicture(event.evidence?.sha256 ?? null)
  if (picture === null) return <p className={sightingsLook.sceneNone}>{t('pictureNone')}</p>
  if (picture.is === 'fetching') return <p className={sightingsLook.sceneNone}>{t('pictureFetching')}</p>
  if (picture.is === 'failed') {
    return <p className={sightingsLook.sceneNone}>{t('pictureFailed', { reason: picture.fault.message })}</p>
  }
  const { widthPx, heightPx } = picture.evidence
  const box = boxOn(event)
  const note = words.pictureNote(event)
  return (
    <figure className={sightingsLook.scene}>
      <svg viewBox={`0 0 ${widthPx} ${heightPx}`} preserveAspectRatio="xMidYMid meet" role="img">
        <title>{t('pictureAlt', { who: words.who(event) })}</title>
        <image href={picture.url} width={widthPx} height={heightPx} />
        {box ? (
          <rect
            className={event.person === null ? sightingsLook.boxUnknown : sightingsLook.boxKnown}
            x={box.x * widthPx}
            y={box.y * heightPx}
            width={box.width * widthPx}
            height={box.height * heightPx}
            vectorEffect="non-scaling-stroke"
          />
        ) : null}
      </svg>
      {note === '' ? null : <figcaption>{note}</figcaption>}
    </figure>
  )
}

/** Only a face that is cut out for certain may become somebody's first photo. */
function AddToLibrary({ event }: { readonly event: DetectionEvent }) {
  const { t } = useTranslation('faces')
  const mayAct = useMay('operator')
  const picture = usePicture(event.evidence?.sha256 ?? null)
  const [isOpen, setOpen] = useState(false)
  const box = boxOn(event)
  const url = picture?.is === 'here' && box ? picture.url : null
  return (
    <>
      <Button disabled={!mayAct} onClick={() => setOpen(true)}>
        {t('addToLibrary')}
      </Button>
      {isOpen ? (
        <AddPersonDialog
          link={event.link}
          preview={url === null ? null : event}
          makePhoto={
            url === null || box === null
              ? null
              : () =>
                  photoOfUrl(
                    url,
                    (width, height) => cropOf(box, width, height) ?? { x: 0, y: 0, width, height },
                  )
          }
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}

function SightingFacts({ event }: { readonly event: DetectionEvent }) {
  const { t } = useTranslation('faces')
  const { t: tc } = useTranslation('common')
  const times = useTimes()
  const words = useSightingWords()
  const links = useLinks()
  const { box, evidence } = event
  const delayMs = event.receivedAt - event.at
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  return (
    <Facts>
      <Fact name={t('firstSeen')}>{times.dateTime(event.at)}</Fact>
      <Fact name={t('lastSeen')}>{times.dateTime(event.lastAt)}</Fact>
      <Fact name={t('columnStay')}>{words.stay(event) || `< 1 ${tc('second')}`}</Fact>
      <Fact name={t('detections')}>{event.count}</Fact>
      <Fact name={t('confidenceHighest')}>{words.sure(event)}</Fact>
      <Fact name={t('receivedAt')}>
        {times.dateTime(event.receivedAt)}{' '}
        <span className={styles.soft}>
          {t(delayMs < 0 ? 'before' : 'after', { delay: fine(Math.abs(delayMs), times.duration) })}
        </span>
      </Fact>
      <Fact name={t('pictureAt')}>{event.pictureAt === null ? '—' : times.dateTime(event.pictureAt)}</Fact>
      {evidence ? (
        <Fact name={t('pictureSize')}>
          {evidence.widthPx} × {evidence.heightPx} px
        </Fact>
      ) : null}
      <Fact name={t('box')}>
        {box === null
          ? '—'
          : t('boxAt', {
              x: percent(box.x),
              y: percent(box.y),
              width: percent(box.width),
              height: percent(box.height),
            })}
      </Fact>
      <Fact name={t('text')}>{event.text === '' ? '—' : event.text}</Fact>
      <Fact name={t('source')}>{links?.find((link) => link.id === event.link)?.name ?? event.link}</Fact>
      <Fact name={t('kind')}>
        <code>{event.kind}</code>
      </Fact>
      {event.dismissed ? (
        <Fact name={t('dismissed')}>
          {t('dismissedBy', { by: event.dismissed.by, at: times.dateTime(event.dismissed.at) })}
        </Fact>
      ) : null}
      <Fact name={t('stored')}>
        <code>{event.seq}</code>
      </Fact>
    </Facts>
  )
}

/** Most events arrive within a second, where whole seconds would say nothing. */
function fine(ms: number, duration: (ms: number) => string): string {
  return ms < 1000 ? `${ms} ms` : duration(ms)
}
