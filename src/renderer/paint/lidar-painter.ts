/**
 * Draws the latest whole revolution of a LiDAR: range rings, the three zones, every echo, the nearest one. It holds one scan and
 * draws at the screen's next refresh, so a page that stood still for a minute draws one picture and not six hundred.
 */
import type { ScanHeader } from '../../contract/lidar.ts'
import { eachPoint, placeOf, reachMm, ringMm } from './lidar-scan.ts'

export interface LidarColours {
  readonly line: string
  readonly text: string
  readonly point: string
  readonly emergency: string
  readonly warning: string
  readonly caution: string
}

/** Of the page's theme, read again when it changes. */
export function lidarColours(element: Element): LidarColours {
  const style = getComputedStyle(element)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return {
    line: of('--line'),
    text: of('--soft'),
    point: of('--accent'),
    emergency: of('--critical'),
    warning: of('--high'),
    caution: of('--medium'),
  }
}

interface Scan {
  readonly header: ScanHeader
  readonly bytes: Uint8Array
}

export class LidarPainter {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #onDrawn: (header: ScanHeader) => void
  #scan: Scan | null = null
  #reach = 0
  #asked = 0
  #colours: LidarColours
  /** Who waits for the scan to be on the screen. */
  #drawn: (() => void) | null = null

  constructor(canvas: HTMLCanvasElement, onDrawn: (header: ScanHeader) => void) {
    const context = canvas.getContext('2d', { alpha: true })
    if (context === null) throw new Error('this browser cannot draw')
    this.#canvas = canvas
    this.#context = context
    this.#onDrawn = onDrawn
    this.#colours = lidarColours(canvas)
  }

  /** Settles when it is drawn: only then is the next one asked for. */
  show(header: ScanHeader, bytes: Uint8Array): Promise<void> {
    // A copy: what came lies in the memory of its whole message.
    this.#scan = { header, bytes: bytes.slice() }
    return new Promise((done) => {
      this.#drawn?.()
      this.#drawn = done
      this.#ask()
    })
  }

  /** The size or the theme changed. */
  refresh(): void {
    this.#colours = lidarColours(this.#canvas)
    this.#ask()
  }

  close(): void {
    cancelAnimationFrame(this.#asked)
    this.#drawn?.()
    this.#drawn = null
  }

  #ask(): void {
    cancelAnimationFrame(this.#asked)
    this.#asked = requestAnimationFrame(() => {
      if (this.#scan !== null) this.#draw(this.#scan)
      this.#drawn?.()
      this.#drawn = null
    })
  }

  #draw({ header, bytes }: Scan): void {
    const canvas = this.#canvas
    const ratio = devicePixelRatio
    const sizePx = Math.min(canvas.clientWidth, canvas.clientHeight)
    if (sizePx === 0) return
    const across = Math.round(sizePx * ratio)
    if (canvas.width !== across) canvas.width = across
    if (canvas.height !== across) canvas.height = across
    const reach = reachMm(bytes, header)
    // Nearer only when it is clearly nearer: a door that opens must not make the picture jump back and forth.
    this.#reach = reach > this.#reach || reach < this.#reach * 0.6 ? reach : this.#reach
    const context = this.#context
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, sizePx, sizePx)
    const middle = sizePx / 2
    const pxPerMm = middle / this.#reach
    this.#rings(middle, pxPerMm)
    this.#zones(header, middle, pxPerMm)
    context.fillStyle = this.#colours.point
    eachPoint(bytes, (angleDeg, rangeMm) => {
      const { x, y } = placeOf(angleDeg, rangeMm, middle, pxPerMm)
      context.fillRect(x - 1, y - 1, 2, 2)
    })
    this.#vehicle(middle)
    this.#nearest(header, middle, pxPerMm)
    this.#onDrawn(header)
  }

  #rings(middle: number, pxPerMm: number): void {
    const context = this.#context
    const step = ringMm(this.#reach)
    context.strokeStyle = this.#colours.line
    context.fillStyle = this.#colours.text
    context.lineWidth = 1
    context.font = '10px Inter Variable, sans-serif'
    context.textAlign = 'left'
    for (let rangeMm = step; rangeMm <= this.#reach; rangeMm += step) {
      this.#circle(middle, rangeMm * pxPerMm)
      context.fillText(`${rangeMm / 1000} m`, middle + 3, middle - rangeMm * pxPerMm + 11)
    }
    context.beginPath()
    context.moveTo(middle, 0)
    context.lineTo(middle, middle * 2)
    context.moveTo(0, middle)
    context.lineTo(middle * 2, middle)
    context.stroke()
  }

  #zones({ zones }: ScanHeader, middle: number, pxPerMm: number): void {
    const context = this.#context
    const { emergency, warning, caution } = this.#colours
    context.lineWidth = 1.5
    for (const [rangeMm, colour, dash] of [
      [zones.cautionMm, caution, [2, 5]],
      [zones.warningMm, warning, [6, 4]],
      [zones.emergencyMm, emergency, []],
    ] as const) {
      context.strokeStyle = colour
      context.setLineDash([...dash])
      this.#circle(middle, rangeMm * pxPerMm)
    }
    context.setLineDash([])
  }

  /** An arrow head: up is where it drives. */
  #vehicle(middle: number): void {
    const context = this.#context
    context.fillStyle = this.#colours.text
    context.beginPath()
    context.moveTo(middle, middle - 9)
    context.lineTo(middle + 6, middle + 8)
    context.lineTo(middle - 6, middle + 8)
    context.fill()
  }

  #nearest({ nearest, zone }: ScanHeader, middle: number, pxPerMm: number): void {
    if (nearest === null) return
    const context = this.#context
    const { x, y } = placeOf(nearest.angleDeg, nearest.rangeMm, middle, pxPerMm)
    const colour = zone === 'clear' ? this.#colours.text : this.#colours[zone]
    context.fillStyle = colour
    context.beginPath()
    context.arc(x, y, 4, 0, 2 * Math.PI)
    context.fill()
    context.font = '600 12px Inter Variable, sans-serif'
    // Away from the middle, where the vehicle and the zones are, as long as it stays inside the picture.
    const text = `${(nearest.rangeMm / 1000).toFixed(2)} m`
    const room = context.measureText(text).width + 8
    const isRight = x >= middle ? x + room < middle * 2 : x - room < 0
    context.textAlign = isRight ? 'left' : 'right'
    context.fillText(text, x + (isRight ? 8 : -8), y + 4)
  }

  #circle(middle: number, radius: number): void {
    this.#context.beginPath()
    this.#context.arc(middle, middle, radius, 0, 2 * Math.PI)
    this.#context.stroke()
  }
}
