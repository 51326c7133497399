/** A photo of somebody, small, where the library gives its photos out. */
import { useEffect, useState } from 'react'
import { useClient } from '../../data/client.ts'
import libraryLook from './library.module.css'

interface Props {
  readonly person: string
  readonly file: string
}

export function PhotoPicture({ person, file }: Props) {
  const client = useClient()
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    let made: string | null = null
    const stop = client.feed(
      'people.photo',
      { id: person, file },
      ({ mime }, bytes) => {
        made = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: mime }))
        setUrl(made)
      },
      () => {}, // The row still names the photo.
    )
    return () => {
      stop()
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [client, person, file])
  return url === null ? (
    <span className={libraryLook.thumb} />
  ) : (
    <img className={libraryLook.thumb} src={url} alt={file} />
  )
}
