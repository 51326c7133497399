/** This screen's export of video: asked for, saved by the browser as it comes, its paper saved beside it. One at a time; it goes on when its dialog is closed. */
import type { AlertId } from '../../../contract/alerts.ts'
import type { CameraId } from '../../../contract/cameras.ts'
import { Fault, never } from '../../../contract/fault.ts'
import type { ExportStep } from '../../../contract/recordings.ts'
import { Cell } from '../../data/cell.ts'
import type { Client } from '../../data/client.ts'
import { plain } from '../../paint/page-surface.ts'
import { saveFile } from '../../ui/save-file.ts'

export interface ExportWish {
  readonly camera: CameraId
  readonly fromAt: number
  readonly toAt: number
  readonly alert: AlertId | null
}

type Under<S extends ExportStep['is']> = Extract<ExportStep, { is: S }>

export type ExportState =
  | { readonly is: 'idle' }
  /** `what`: the camera's name. */
  | ((Under<'reading'> | Under<'ready'> | Under<'sending'> | Under<'done'>) & { readonly what: string })
  | { readonly is: 'failed'; readonly what: string; readonly fault: Fault }

export const exportState = new Cell<ExportState>({ is: 'idle' })

let stop = () => {}

export function isExporting(state: ExportState): boolean {
  return state.is === 'reading' || state.is === 'ready' || state.is === 'sending'
}

/** Ends what is under way, or puts away what came of it. */
export function endExport(): void {
  stop()
  exportState.set({ is: 'idle' })
}

/** `lost`: what to say when the connection broke, since then what is saved is not whole. */
export function startExport(client: Client, wish: ExportWish, what: string, lost: () => Fault): void {
  endExport()
  let [isSaving, isOver] = [false, false]
  const end = (state: ExportState) => {
    isOver = true
    // Not before the feed has been given to us: it may answer at once.
    queueMicrotask(() => leave())
    exportState.set(state)
  }
  const leave = client.feed(
    'recordings.export',
    wish,
    (step, bytes) => {
      if (isOver) return
      // After a reconnection the feed begins anew; what the browser was saving was cut off.
      if (isSaving && (step.is === 'reading' || step.is === 'ready'))
        return end({ is: 'failed', what, fault: lost() })
      switch (step.is) {
        case 'reading':
        case 'sending':
          exportState.set({ ...step, what })
          break
        case 'ready':
          isSaving = true
          exportState.set({ ...step, what })
          download(step.path, step.name)
          break
        case 'done':
          saveFile(`${step.name}.json`, [plain(bytes)], 'application/json')
          end({ ...step, what })
          break
        case 'failed':
          end({ is: 'failed', what, fault: new Fault(step.code, step.message, step.tip) })
          break
        default:
          never(step, 'step')
      }
    },
    (fault) => {
      if (!isOver) end({ is: 'failed', what, fault })
    },
  )
  stop = () => {
    isOver = true
    leave()
  }
  exportState.set({ is: 'reading', frames: 0, what })
}

/** Not by `fetch`: the browser writes it to the disk as it comes. */
function download(path: string, name: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
}
