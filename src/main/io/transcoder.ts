/** An ffmpeg child that turns H.265 into H.264 as it comes: the one codec every browser decodes. Used where ffmpeg is installed. */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Bytes that wait for ffmpeg; more means that this machine is too slow for the stream. */
const waitingBytes = 8 * 1024 * 1024
const saidBytes = 2000

/** Null: it is not installed. */
export function findFfmpeg(path = process.env.PATH ?? ''): string | null {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  return null
}

export interface TranscoderDoors {
  /** H.264 in Annex B form with access unit delimiters, split anyhow. */
  readonly bytes: (chunk: Buffer) => void
  /** It ended by itself. Once. */
  readonly ended: (reason: string) => void
}

export interface Transcoder {
  /** Annex B. */
  write(bytes: Buffer): void
  close(): void
}

const args =
  '-hide_banner -loglevel error -fflags nobuffer -flags low_delay -probesize 1024 -analyzeduration 0 ' +
  '-fpsprobesize 0 -threads 1 -f hevc -i pipe:0 -an -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p ' +
  '-x264-params aud=1:repeat-headers=1:keyint=60 -f h264 -flush_packets 1 pipe:1'

export function startTranscoder(ffmpeg: string, doors: TranscoderDoors): Transcoder {
  const child = spawn(ffmpeg, args.split(' '), { stdio: ['pipe', 'pipe', 'pipe'] })
  let isOver = false
  let said = ''
  const end = (reason: string) => {
    if (isOver) return
    isOver = true
    child.kill('SIGKILL')
    doors.ended(reason)
  }
  child.on('error', (error) => end(`ffmpeg cannot be started: ${error.message}`))
  child.on('close', () => end(`ffmpeg gave up: ${said.trim().split('\n').at(-1) ?? ''}`.replace(/: $/, '')))
  child.stdin.on('error', () => {})
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-saidBytes)
  })
  child.stdout.on('data', (chunk: Buffer) => {
    if (!isOver) doors.bytes(chunk)
  })
  return {
    write(bytes) {
      if (isOver) return
      child.stdin.write(bytes)
      if (child.stdin.writableLength > waitingBytes)
        end('this machine is too slow to convert this H.265 stream')
    },
    close() {
      isOver = true
      child.kill('SIGKILL')
    },
  }
}
