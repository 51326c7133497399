/** What is remembered of one camera somebody is to look at, and what screens are told of it. */
import type { AnalysisNow, BlueReading } from '../../contract/analysis.ts'
import type { CameraId } from '../../contract/cameras.ts'
import type { Clock } from '../io/clock.ts'
import type { FaceChoice } from './face-choice.ts'
import { Figures } from './figures.ts'

const nobodyHere = 'No screen is open that can look at pictures'

export class Watched {
  readonly figures: Figures
  #choice: FaceChoice
  blue: BlueReading | null = null
  /** Why the screen cannot look at it, in its words. */
  trouble = ''

  constructor(clock: Clock, choice: FaceChoice) {
    this.figures = new Figures(clock)
    this.#choice = choice
  }

  get choice(): FaceChoice {
    return this.#choice
  }

  become(choice: FaceChoice): void {
    if (this.#choice.by !== choice.by) this.figures.reset()
    this.#choice = choice
  }

  /** Another screen looks from now on. */
  begin(): void {
    this.figures.reset()
    this.blue = null
    this.trouble = ''
  }

  /** `analyst` is the user of the screen that looks, null when there is none. */
  row(id: CameraId, analyst: string | null, engineTrouble: string): AnalysisNow {
    const { latencyMs, passedOver } = this.figures
    const perSecond = this.figures.perSecond()
    const faces = { ...this.#who(analyst, engineTrouble), perSecond, latencyMs, passedOver }
    return { id, analyst, faces, blue: this.blue }
  }

  #who(analyst: string | null, engineTrouble: string): Pick<AnalysisNow['faces'], 'by' | 'reason'> {
    const { by, reason } = this.#choice
    if (analyst === null) return { by: 'nobody', reason: nobodyHere }
    if (by === 'device' && engineTrouble !== '')
      return { by: 'nobody', reason: `The face engine does not run in that screen: ${engineTrouble}` }
    return { by, reason: this.trouble === '' ? reason : this.trouble }
  }
}
