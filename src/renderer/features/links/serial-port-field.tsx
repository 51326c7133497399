/** Where a device is plugged in: the ports there are now, each with what it says of itself, or one that is typed. */
import { Autocomplete } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { SerialPortRow } from '../../../contract/site.ts'
import { useSerialPorts } from '../../data/serial-ports.ts'
import styles from './links.module.css'

interface Props {
  readonly label: string
  readonly description: string | undefined
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (text: string) => void
  readonly onBlur: () => void
}

export function SerialPortField({ description, value, ...field }: Props) {
  const found = useSerialPorts()
  const ports = found?.ports ?? []
  const chosen = ports.find((port) => names(port).includes(value.trim()))
  return (
    <Autocomplete
      {...field}
      value={value}
      description={
        <>
          {description} <Standing found={found !== null} ports={ports} chosen={chosen} value={value} />
          {found?.trouble}
        </>
      }
      autoComplete="off"
      spellCheck={false}
      data={[...new Set(ports.map(({ address }) => address))]}
      // What is chosen already hides none of the others; what is half typed leaves those it fits.
      filter={({ options, search }) =>
        options.filter(
          (option) =>
            !('value' in option) ||
            chosen !== undefined ||
            ports.some((port) => port.address === option.value && fits(port, search)),
        )
      }
      renderOption={({ option }) => {
        const port = ports.find(({ address }) => address === option.value)
        return port === undefined ? option.value : <PortOption port={port} />
      }}
      maxDropdownHeight={260}
    />
  )
}

interface StandingProps {
  readonly found: boolean
  readonly ports: readonly SerialPortRow[]
  readonly chosen: SerialPortRow | undefined
  readonly value: string
}

/** What is known of the port in the field: who has it, or that it is not there. */
function Standing({ found, ports, chosen, value }: StandingProps) {
  const { t } = useTranslation('serialPort')
  const used = chosen === undefined ? null : usedText(chosen, t)
  const text =
    used ??
    (!found || chosen !== undefined
      ? null
      : value.trim() !== ''
        ? t('away')
        : ports.length === 0
          ? t('none')
          : null)
  return text === null ? null : <b role="status">{text}</b>
}

function PortOption({ port }: { readonly port: SerialPortRow }) {
  const { t } = useTranslation('serialPort')
  const { address, path, maker, usbId, serialNumber } = port
  const said = [maker, usbId, serialNumber === null ? null : t('serial', { serial: serialNumber })].filter(
    (part) => part !== null,
  )
  const used = usedText(port, t)
  return (
    <span className={styles.port}>
      <strong>{said.length === 0 ? t('builtIn') : said.join(' · ')}</strong>
      {used !== null && <em>{used}</em>}
      <code>{address}</code>
      {path !== address && <small>{t('isAt', { path })}</small>}
    </span>
  )
}

function usedText({ usedBy }: SerialPortRow, t: TFunction<'serialPort'>): string | null {
  if (usedBy === null) return null
  return usedBy.is === 'link'
    ? t('usedByLink', { name: usedBy.name })
    : t('usedByProgram', { name: usedBy.name, pid: usedBy.pid })
}

function names({ address, path }: SerialPortRow): readonly string[] {
  return [address, path]
}

function fits(port: SerialPortRow, search: string): boolean {
  const { address, path, maker, usbId, serialNumber } = port
  const wanted = search.trim().toLowerCase()
  return [address, path, maker, usbId, serialNumber].some((part) => part?.toLowerCase().includes(wanted))
}
