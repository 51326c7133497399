/** The contract's version. Free of zod, so a strict-CSP page may import it at run time. */

/** Raised whenever an older screen could misread the contract. */
export const apiVersion = 1
