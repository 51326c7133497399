// The few names that Node, browsers and Electron share. rpc is checked without Node's and the DOM's own types,
// so nothing else of a host can slip in.
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
interface AbortController {
  readonly signal: AbortSignal
  abort(): void
}
declare const AbortController: { new (): AbortController }
declare function setTimeout(run: () => void, delayMs: number): unknown
declare function clearTimeout(timer: unknown): void
declare function queueMicrotask(run: () => void): void
interface TextEncoder {
  encode(text: string): Uint8Array
}
declare const TextEncoder: { new (): TextEncoder }
interface TextDecoder {
  decode(bytes: Uint8Array): string
}
declare const TextDecoder: { new (label?: string, options?: { fatal?: boolean }): TextDecoder }
