/** What the page and its analysis worker say to each other. */

export type ToWorker =
  | {
      readonly is: 'start'
      /** Null: pipes come as ports, one for each `dial`. */
      readonly url: string | null
      readonly token: string
      readonly name: string | undefined
    }
  /** Comes with the port. */
  | { readonly is: 'port' }
  | { readonly is: 'name'; readonly name: string | undefined }

export type FromWorker = { readonly is: 'dial' }
