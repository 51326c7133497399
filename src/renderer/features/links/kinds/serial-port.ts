/** The serial port a link's device is plugged in at. */
import { type Complaint, type Field, type Texts, textOf } from './kind.ts'

export const serialPortField: Field = {
  name: 'port',
  label: 'serialPort',
  hint: 'serialPortHint',
  input: 'serial-port',
}

export function serialPortComplaint(texts: Texts): Complaint | null {
  const port = textOf(texts, 'port')
  const isUsb = /^usb:[0-9a-f]{4}:[0-9a-f]{4}(?::.+)?$/i.test(port)
  const isName = /^(?:COM\d+|\/\S.*)$/i.test(port)
  return port.length <= 300 && (isUsb || isName) ? null : 'serial-odd'
}
