/** Known as a filled person, unknown as a question in a finder’s frame, each in its own colour; the words always stand beside it. */
import styles from './faces.module.css'

export function FaceMark({ isKnown }: { readonly isKnown: boolean }) {
  return (
    <svg className={isKnown ? styles.markKnown : styles.markUnknown} viewBox="0 0 20 20" aria-hidden>
      {isKnown ? (
        <>
          <circle cx="10" cy="6" r="4" />
          <path d="M2 18.5c0-4.4 3.4-7 8-7s8 2.6 8 7z" />
        </>
      ) : (
        <>
          <path d="M1 6V1h5M14 1h5v5M19 14v5h-5M6 19H1v-5" />
          <text x="10" y="15" textAnchor="middle">
            ?
          </text>
        </>
      )}
    </svg>
  )
}
