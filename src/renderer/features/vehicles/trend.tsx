/** One register over time: the last value of each moment as a line, and between the least and the greatest a band. */
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

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Asked for again `everyMs`, so that a screen left open does not grow its own copy: as often as there is something new to see. */
const spans = {
  m1: { ms: minuteMs, everyMs: 1000, clock: '{HH}:{mm}:{ss}', labelPx: 70 },
  m5: { ms: 5 * minuteMs, everyMs: 1000, clock: '{HH}:{mm}:{ss}', labelPx: 70 },
  m30: { ms: 30 * minuteMs, everyMs: 1000, clock: '{HH}:{mm}', labelPx: 60 },
  h8: { ms: 8 * hourMs, everyMs: 30_000, clock: '{HH}:{mm}', labelPx: 60 },
  d7: { ms: 7 * 24 * hourMs, everyMs: 30_000, clock: '{MM}-{DD} {HH}:{mm}', labelPx: 110 },
} as const
type Span = keyof typeof spans
const spanNames = Object.keys(spans) as Span[]
const heightPx = 150

const steps = uPlot.paths.stepped?.({ align: 1 })
/** Between two readings the value was what it was at the first: no slope that nobody measured. */
const stepped = steps === undefined ? {} : { paths: steps }

interface Props {
  readonly module: VehicleModule
  readonly register: Register
}

export function Trend({ module, register }: Props) {
  const { t } = useTranslation('vehicles')
  const [span, setSpan] = useState<Span>('m5')
  const { box, fault, isEmpty } = usePlot(module.id, register, span)
  return (
    <figure className={styles.trend}>
      <figcaption>
        {t('trendOf', { register: register.text, module: module.name })}
        {spanNames.map((one) => (
          <button key={one} type="button" aria-pressed={one === span} onClick={() => setSpan(one)}>
            {t(`span-${one}`)}
          </button>
        ))}
        {isEmpty && <span role="status">{t('noTrend')}</span>}
      </figcaption>
      <div ref={box} />
      {fault && <FaultNote fault={fault} />}
    </figure>
  )
}

function usePlot(id: string, register: Register, span: Span) {
  const client = useClient()
  const zone = useZone()
  const scheme = useScheme()
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [isEmpty, setEmpty] = useState(false)
  const { ms, everyMs } = spans[span]
  const tick = Math.floor(useNow() / everyMs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const made = new uPlot(optionsOf(element, register, zone, span), [[], [], [], []], element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [register, zone, scheme, span])
  // biome-ignore lint/correctness/useExhaustiveDependencies: by the clock, and for a plot made anew
  useEffect(() => {
    let over = false
    const toAt = appNow()
    const fromAt = Math.round(toAt - ms)
    client.call('modules.trend', { id, register: register.name, fromAt }).then(
      ({ at, least, most, value }) => {
        if (over) return
        setFault(null)
        setEmpty(value.every((one) => one === null))
        plot.current?.setScale('x', { min: fromAt / 1000, max: toAt / 1000 })
        plot.current?.setData([at.map((one) => one / 1000), least, most, value], false)
      },
      (error: unknown) => {
        if (!over) setFault(asFault(error))
      },
    )
    return () => {
      over = true
    }
  }, [client, id, register, ms, tick, scheme])
  return { box, fault, isEmpty }
}

function optionsOf(element: HTMLElement, register: Register, zone: string, span: Span): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const edge = { width: 0, points: { show: false }, ...stepped, spanGaps: false }
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
      {
        ...axis,
        space: spans[span].labelPx,
        values: [[1, spans[span].clock, null, null, null, null, null, null, 1]],
      },
      { ...axis, size: 60 },
    ],
    scales: { y: { range: (_, min, max) => spread(min, max) } },
    // From the greatest down to the least.
    bands: [{ series: [2, 1], fill: `color-mix(in srgb, ${colour('--accent')} 30%, transparent)` }],
    series: [
      {},
      edge,
      edge,
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
