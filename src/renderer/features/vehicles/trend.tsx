/** One register over time: what the app kept of it, and every change since. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Fault } from '../../../contract/fault.ts'
import type { Register, VehicleModule } from '../../../contract/modules.ts'
import { asFault } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { appNow, useNow } from '../../data/now.ts'
import { useZone } from '../../data/site.ts'
import { useScheme } from '../../theme/scheme.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './vehicles.module.css'

const spans = [1, 5, 30] as const
const heightPx = 150
/** As often as the app keeps a value; asked again so that a screen left open does not grow its own copy. */
const everyMs = 1000

const steps = uPlot.paths.stepped?.({ align: 1 })
/** Between two readings the value was what it was at the first: no slope that nobody measured. */
const stepped = steps === undefined ? {} : { paths: steps }

interface Props {
  readonly module: VehicleModule
  readonly register: Register
}

export function Trend({ module, register }: Props) {
  const { t } = useTranslation('vehicles')
  const [minutes, setMinutes] = useState<(typeof spans)[number]>(5)
  const { box, fault } = usePlot(module.id, register, minutes)
  return (
    <figure className={styles.trend}>
      <figcaption>
        {t('trendOf', { register: register.text, module: module.name })}
        {spans.map((span) => (
          <button key={span} type="button" aria-pressed={span === minutes} onClick={() => setMinutes(span)}>
            {t('minutes', { count: span })}
          </button>
        ))}
      </figcaption>
      <div ref={box} />
      {fault && <FaultNote fault={fault} />}
    </figure>
  )
}

function usePlot(id: string, register: Register, minutes: number) {
  const client = useClient()
  const zone = useZone()
  const scheme = useScheme()
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const tick = Math.floor(useNow() / everyMs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const made = new uPlot(optionsOf(element, register, zone), [[], []], element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [register, zone, scheme])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each second, and for a plot made anew
  useEffect(() => {
    let over = false
    const toAt = appNow()
    const fromAt = Math.round(toAt - minutes * 60_000)
    client.call('modules.trend', { id, register: register.name, fromAt }).then(
      ({ at, value }) => {
        if (over) return
        setFault(null)
        plot.current?.setScale('x', { min: fromAt / 1000, max: toAt / 1000 })
        plot.current?.setData([at.map((ms) => ms / 1000), value], false)
      },
      (error: unknown) => {
        if (!over) setFault(asFault(error))
      },
    )
    return () => {
      over = true
    }
  }, [client, id, register, minutes, tick, scheme])
  return { box, fault }
}

function optionsOf(element: HTMLElement, register: Register, zone: string): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: heightPx,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    legend: { show: false },
    cursor: { y: false },
    axes: [
      { ...axis, values: [[1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1]] },
      { ...axis, size: 60 },
    ],
    scales: { y: { range: (_, min, max) => spread(min, max) } },
    series: [
      {},
      {
        label: register.text,
        stroke: colour('--accent'),
        width: 1.5,
        ...stepped,
        spanGaps: false,
      },
    ],
  }
}

/** Room around the line, and a line in the middle where nothing moves. */
function spread(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1]
  const room = (max - min) * 0.1 || Math.abs(max) * 0.05 || 1
  return [min - room, max + room]
}
