/**
 * Makes test/assets/counter.h264, the clip the simulated RTSP camera loops: `node scripts/make-clip.ts`.
 * 300 frames of 640x480 at 30/s, H.264 constrained baseline, Annex B, a key frame each second, access unit delimiters.
 * The top 32 rows are 16 blocks of 40 pixels: the frame number in binary, the highest bit first, white is 1.
 * Needs gst-launch-1.0 with x264enc (Debian: gstreamer1.0-tools, gstreamer1.0-plugins-base, gstreamer1.0-plugins-ugly).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const width = 640
const height = 480
const frames = 300
const strip = { rows: 32, blocks: 16 }
const snow = 52
const black = 16
const white = 235

/** One picture as I420: a wall, a floor, a door, and somebody who walks from left to right in ten seconds. */
function paint(frame: number): Buffer {
  const luma = width * height
  const bytes = Buffer.alloc(luma + luma / 2, 128)
  const box = (x: number, y: number, w: number, h: number, level: number) => {
    for (let row = y; row < y + h; row++) bytes.fill(level, row * width + x, row * width + x + w)
  }
  for (let row = strip.rows; row < height; row++)
    bytes.fill(row < 340 ? 90 : 60, row * width, (row + 1) * width)
  box(460, 140, 90, 200, 120)
  box(532, 240, 8, 8, 200)
  const x = 20 + 2 * Math.floor((frame * 560) / frames / 2)
  box(x + 8, 180, 32, 36, 180)
  box(x, 220, 48, 90, 150)
  const stride = Math.floor(frame / 8) % 2 === 0 ? 0 : 12
  box(x + 2, 310, 16, 80 - stride, 130)
  box(x + 30, 310, 16, 68 + stride, 130)
  // A screen with snow on it, so that the clip costs about what a camera's pictures cost.
  let seed = frame + 1
  for (let row = 160; row < 160 + snow; row++)
    for (let column = 60; column < 60 + snow; column++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      bytes[row * width + column] = 90 + (seed >>> 27)
    }
  const block = width / strip.blocks
  for (let bit = 0; bit < strip.blocks; bit++) {
    const isOne = ((frame >> (strip.blocks - 1 - bit)) & 1) === 1
    box(bit * block, 0, block, strip.rows, isOne ? white : black)
  }
  return bytes
}

const out = fileURLToPath(new URL('../test/assets/counter.h264', import.meta.url))
const pipeline =
  `fdsrc ! rawvideoparse width=${width} height=${height} format=i420 framerate=30/1 ! ` +
  'x264enc pass=quant quantizer=24 speed-preset=slower tune=zerolatency sliced-threads=false threads=1 ' +
  'key-int-max=30 bframes=0 byte-stream=true aud=true option-string=scenecut=0 ! ' +
  `video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au ! filesink location=${out}`
const encoder = spawn('gst-launch-1.0', ['-q', ...pipeline.split(' ')], {
  stdio: ['pipe', 'inherit', 'inherit'],
})
for (let frame = 0; frame < frames; frame++)
  if (!encoder.stdin.write(paint(frame))) await once(encoder.stdin, 'drain')
encoder.stdin.end()
const [code] = await once(encoder, 'close')
console.log(code === 0 ? out : `gst-launch-1.0 ended with ${code}`)
process.exitCode = code === 0 ? 0 : 1
