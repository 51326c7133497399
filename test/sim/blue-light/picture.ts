/** Paints what a camera would have seen: a blue beacon in a dark room, as a real PNG. */
import { crc32, deflateSync } from 'node:zlib'
import type { Chance } from './chance.ts'

export interface Scene {
  readonly widthPx: number
  readonly heightPx: number
  /** 0..1: how bright the beacon is. */
  readonly intensity: number
  /** Sensor noise, 0..1: makes the file large. */
  readonly noise: number
}

export interface Painted {
  readonly png: Buffer
  readonly area: { x: number; y: number; width: number; height: number }
}

function chunk(name: string, body: Buffer): Buffer {
  const framed = Buffer.alloc(body.length + 12)
  framed.writeUInt32BE(body.length, 0)
  framed.write(name, 4, 'latin1')
  body.copy(framed, 8)
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + body.length)), 8 + body.length)
  return framed
}

/** RGB rows, each already led by its filter byte, to a PNG. */
export function encodePng(widthPx: number, heightPx: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

interface Block {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly shade: number
}

export function paintRoom(scene: Scene, chance: Chance): Painted {
  const { widthPx, heightPx, intensity, noise } = scene
  const horizon = heightPx * chance.between(0.55, 0.7)
  const lampX = widthPx * chance.between(0.25, 0.75)
  const lampY = heightPx * chance.between(0.25, 0.5)
  const lamp = heightPx * chance.between(0.04, 0.07)
  const blocks: Block[] = Array.from({ length: 5 }, () => {
    const height = heightPx * chance.between(0.12, 0.35)
    return {
      x: widthPx * chance.between(0, 0.9),
      y: horizon - height * chance.between(0.4, 0.9),
      width: widthPx * chance.between(0.08, 0.22),
      height,
      shade: chance.between(0.35, 0.75),
    }
  })
  const rows = Buffer.alloc(heightPx * (1 + widthPx * 3))
  let at = 0
  for (let y = 0; y < heightPx; y += 1) {
    at += 1
    for (let x = 0; x < widthPx; x += 1) {
      const isFloor = y > horizon
      let shade = isFloor ? 0.5 + 0.5 * ((y - horizon) / (heightPx - horizon)) : 0.75 - 0.25 * (y / horizon)
      for (const block of blocks) {
        const inside = x >= block.x && x < block.x + block.width && y >= block.y && y < block.y + block.height
        if (inside) shade *= block.shade
      }
      const distance = Math.hypot(x - lampX, y - lampY) / lamp
      const glow = intensity * (distance < 1 ? 1 : 1 / (1 + (distance - 1) ** 1.35))
      // On the floor the lamp is mirrored as a vertical streak.
      const streak = isFloor ? (intensity * 0.35) / (1 + ((x - lampX) / (lamp * 1.2)) ** 2) : 0
      const light = glow + streak * shade
      const grain = noise === 0 ? 0 : (chance.next() - 0.5) * 255 * noise
      const white = distance < 0.6 ? 0.8 * intensity : 0
      rows[at] = clamp(34 * shade + 40 * light + 215 * white + grain)
      rows[at + 1] = clamp(37 * shade + 95 * light + 160 * white + grain)
      rows[at + 2] = clamp(46 * shade + 250 * light + 60 * white + grain)
      at += 3
    }
  }
  const box = lamp * 3
  const area = {
    x: Math.round(lampX - box),
    y: Math.round(lampY - box),
    width: Math.round(box * 2),
    height: Math.round(box * 2),
  }
  return { png: encodePng(widthPx, heightPx, rows), area }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value)
}
