/** Exported files as ffmpeg sees them. What it complains of fails the test. */
import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'

export const hasFfmpeg = ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version']).status === 0)

interface Probe {
  readonly streams: {
    codec_name: string
    codec_tag_string: string
    width: number
    height: number
    nb_read_frames: string
  }[]
  readonly packets: { pts: number; dts: number; flags: string }[]
}

export function probe(file: string): Probe {
  const entries = 'stream=codec_name,codec_tag_string,width,height,nb_read_frames:packet=pts,dts,flags'
  const args = [
    '-v',
    'error',
    '-count_frames',
    '-show_packets',
    '-show_entries',
    entries,
    '-of',
    'json',
    file,
  ]
  const { stdout, stderr } = spawnSync('ffprobe', args, { maxBuffer: 64e6 })
  expect(stderr.toString()).toBe('')
  return JSON.parse(stdout.toString())
}

/** A hash of each decoded picture; whatever the decoder complains of fails the test. */
export function decoded(file: string): string[] {
  const args = ['-v', 'error', '-xerror', '-i', file, '-fps_mode', 'passthrough', '-f', 'framemd5', '-']
  const { stdout, stderr } = spawnSync('ffmpeg', args, { maxBuffer: 64e6 })
  expect(stderr.toString().replaceAll(/.*non monotonically increasing dts.*\n/g, '')).toBe('')
  const lines = stdout.toString().split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '')
}
