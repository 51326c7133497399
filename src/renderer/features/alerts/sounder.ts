/** Plays the sounds. A browser that has not been clicked refuses them: that is told, never swallowed. */
import blueLightUrl from '../../../../resources/sounds/blue-light.wav?url'
import criticalUrl from '../../../../resources/sounds/critical.wav?url'
import highUrl from '../../../../resources/sounds/high.wav?url'
import lowUrl from '../../../../resources/sounds/low.wav?url'
import mediumUrl from '../../../../resources/sounds/medium.wav?url'
import type { Pattern } from './annunciation.ts'

const urls: Record<Pattern, string> = {
  critical: criticalUrl,
  'blue-light': blueLightUrl,
  high: highUrl,
  medium: mediumUrl,
  low: lowUrl,
}

export type Played = 'played' | 'blocked' | 'failed'

export class Sounder {
  readonly #sounds = new Map<Pattern, HTMLAudioElement>()
  #playing: HTMLAudioElement | null = null

  async play(pattern: Pattern): Promise<Played> {
    this.stop()
    const sound = this.#sound(pattern)
    this.#playing = sound
    sound.currentTime = 0
    try {
      await sound.play()
      return 'played'
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') return 'blocked'
      // Stopped by the next sound before it began: that one speaks for both.
      if (error instanceof DOMException && error.name === 'AbortError') return 'played'
      return 'failed'
    }
  }

  stop(): void {
    this.#playing?.pause()
    this.#playing = null
  }

  #sound(pattern: Pattern): HTMLAudioElement {
    const known = this.#sounds.get(pattern)
    if (known) return known
    const made = new Audio(urls[pattern])
    made.preload = 'auto'
    this.#sounds.set(pattern, made)
    return made
  }
}
