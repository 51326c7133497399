/** Hands a file made on this screen to the browser's own saving. */

/** Long enough for the browser to have begun reading; the memory is freed after it. */
const keepMs = 60_000

export function saveFile(name: string, pieces: readonly BlobPart[], mime: string): void {
  const url = URL.createObjectURL(new Blob([...pieces], { type: mime }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), keepMs)
}
