/** Known or unknown as a shape with a colour of its own; the words always stand beside it. */
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
          <path d="M10 .5 19.5 10 10 19.5.5 10z" />
          <text x="10" y="14" textAnchor="middle">
            ?
          </text>
        </>
      )}
    </svg>
  )
}
