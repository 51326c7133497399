/**
 * The usual way beside ours: an `ffmpeg -c copy` child for each camera writes fragmented MP4, a WebSocket carries it, and the page's
 * Media Source Extensions play it. Nothing is transcoded there either.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

export function hasFfmpeg(): boolean {
  return spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0
}

interface FfmpegPath {
  /** A page with that many videos, laid out in a square. */
  url(count: number): string
  close(): void
}

/** As low as it goes: nothing is probed for longer than it must, and every frame is a fragment of its own. */
const low =
  '-fflags nobuffer -flags low_delay -probesize 32768 -analyzeduration 0 -rtsp_transport tcp -allowed_media_types video'
const fragments =
  '-an -c copy -f mp4 -flush_packets 1 -movflags empty_moov+default_base_moof+frag_every_frame'

/** Plays at the newest it has: what is more than a fragment behind is jumped over. */
const script = `
const count = Number(new URLSearchParams(location.search).get('count'))
const side = Math.ceil(Math.sqrt(count))
document.body.style.cssText = 'margin:0;display:grid;grid-template-columns:repeat(' + side + ',1fr)'
for (let n = 0; n < count; n += 1) {
  const video = document.createElement('video')
  video.muted = true
  video.style.width = '100%'
  const media = new MediaSource()
  video.src = URL.createObjectURL(media)
  document.body.append(video)
  media.onsourceopen = () => {
    const buffer = media.addSourceBuffer('video/mp4; codecs="avc1.42C01F"')
    const waiting = []
    const next = () => {
      if (buffer.updating) return
      const ranges = buffer.buffered
      const end = ranges.length > 0 ? ranges.end(ranges.length - 1) : 0
      if (end - video.currentTime > 0.15) video.currentTime = end - 0.01
      if (end > 30 && ranges.start(0) < end - 20) return buffer.remove(0, end - 10)
      if (waiting.length > 0) buffer.appendBuffer(waiting.shift())
    }
    buffer.onupdateend = next
    const socket = new WebSocket('ws://' + location.host + '/' + n)
    socket.binaryType = 'arraybuffer'
    socket.onmessage = ({ data }) => { waiting.push(data); next() }
    video.play()
  }
}`

export async function startFfmpegPath(cameras: readonly string[]): Promise<FfmpegPath> {
  const children = new Set<ChildProcess>()
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><body><script>${script}</script>`)
  })
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (socket: WebSocket, request) => {
    const url = cameras[Number(request.url?.slice(1))] ?? ''
    const child = spawn('ffmpeg', [...low.split(' '), '-i', url, ...fragments.split(' '), 'pipe:1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    children.add(child)
    child.on('exit', () => children.delete(child))
    child.stdout.on('data', (bytes: Buffer) => socket.send(bytes))
    socket.on('close', () => child.kill())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: (count) => `http://127.0.0.1:${address.port}/?count=${count}`,
    close() {
      for (const child of children) child.kill()
      sockets.close()
      server.close()
    },
  }
}
