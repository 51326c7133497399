/** The table: everything a device, or something that says it is one, may send to the hub. Each row ends with the same verdict. */
import { expect } from 'vitest'
import { pictureAttacks } from './picture-attacks.ts'
import { frame, open } from './raw-socket.ts'
import type { Attack, Site } from './site.ts'

const years = 365 * 24 * 3600_000

/** One connection that sends bytes the protocol forbids, and is shown the door. */
function refusedFrame(name: string, bytes: Buffer, codes: readonly number[]): Attack {
  return {
    name,
    async run(site) {
      const socket = await open(site.hub)
      socket.write(bytes)
      await socket.closed()
      // Some breaches end in a bare close: no code is then the answer.
      if (socket.closeCode !== null) expect(codes).toContain(socket.closeCode)
    },
  }
}

/** Texts that are no message of ours: the connection may stay, nothing is stored for them. */
function oddTexts(name: string, texts: readonly (string | Buffer)[]): Attack {
  return {
    name,
    async run(site) {
      for (const text of texts) {
        const socket = await open(site.hub)
        socket.send(text)
        // A ping behind it: its pong says that the text before it has been dealt with.
        socket.send('after', { opcode: 9 })
        await socket.until((seen) => seen.isClosed || seen.text.includes('after'), 'a pong or a close')
        expect(socket.text).not.toContain('"received"')
        socket.end()
      }
    },
  }
}

/** An alert with something odd in it that is a true alert all the same: it must be kept. */
function keptAlert(
  name: string,
  more: Record<string, unknown>,
  payload: Record<string, unknown> = {},
): Attack {
  return {
    name,
    async run(site) {
      const camera = await site.camera('odd')
      const id = await camera.alertReceived(payload, more)
      const kept = (await site.rows()).filter((row) => row.sourceId === id)
      expect(kept).toHaveLength(1)
      await camera.close()
    },
  }
}

const alertText = (deviceId: string, body: string) =>
  `{"type":"blueAlert","deviceId":"${deviceId}","deviceName":"x","timestamp":"2026-01-01T00:00:00Z",${body}}`

export const attacks: readonly Attack[] = [
  refusedFrame('malformed frame: four bytes with reserved bits', Buffer.from([0xf1, 0x85, 0, 0]), [1002]),
  refusedFrame('frame without a mask', frame('{}', { masked: false }), [1002]),
  refusedFrame('unknown opcode', frame('x', { opcode: 5 }), [1002]),
  refusedFrame('fragmented ping', frame('x', { opcode: 9, fin: false }), [1002]),
  refusedFrame('continuation of nothing', frame('x', { opcode: 0 }), [1002]),
  refusedFrame('close frame with code 1005', frame(Buffer.from([0x03, 0xed]), { opcode: 8 }), [1002]),
  refusedFrame('bad UTF-8', frame(Buffer.from([0x7b, 0xff, 0xfe, 0xc0, 0x80, 0x7d])), [1007]),
  refusedFrame('length of 2^63', frame('', { claims: 2n ** 63n }), [1002, 1009]),
  refusedFrame('ten megabytes announced', frame('x'.repeat(100), { claims: 10_000_000 }), [1009]),
  {
    name: 'ten megabytes sent',
    async run(site) {
      const socket = await open(site.hub)
      const piece = Buffer.alloc(65_536, 'a')
      socket.write(frame(piece, { claims: 10_000_000 }))
      for (let sent = 0; sent < 150 && !socket.isClosed; sent += 1) await socket.writeAll(piece)
      await socket.closed()
    },
  },
  {
    name: 'a message in ten thousand fragments',
    async run(site) {
      const socket = await open(site.hub)
      socket.send('{', { fin: false })
      for (let n = 0; n < 10_000 && !socket.isClosed; n += 1) socket.send(' ', { opcode: 0, fin: false })
      await socket.closed()
    },
  },
  oddTexts('JSON 5,000 deep', [
    '['.repeat(5000) + ']'.repeat(5000),
    `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    alertText('deep', `"payload":${'['.repeat(4000)}${']'.repeat(4000)}`),
  ]),
  oddTexts('not a message', [
    '',
    ' ',
    'null',
    'true',
    '0',
    '1e999',
    '"text"',
    '[]',
    '{}',
    '{"type":',
    'ping',
    '\0',
  ]),
  oddTexts('not a device', [
    '{"type":"blueAlert"}',
    '{"type":"blueAlert","deviceId":null,"payload":{}}',
    '{"type":"blueAlert","deviceId":{"a":1},"payload":{}}',
    `{"type":"blueAlert","deviceId":"${'x'.repeat(5000)}","payload":{}}`,
    '{"type":"blueAlert","deviceId":"\\u202e\\u0000","payload":{}}',
  ]),
  oddTexts('unknown types', [
    ...['teleport', 'Heartbeat ', 'constructor', 'toString', '__proto__', ''].map(
      (type) => `{"type":"${type}","deviceId":"odd-types","timestamp":"2026-01-01T00:00:00Z","payload":{}}`,
    ),
    '{"type":7,"deviceId":"odd-types","payload":{}}',
    '{"type":{"blueAlert":true},"deviceId":"odd-types","payload":{}}',
    `{"type":"${'t'.repeat(9000)}","deviceId":"odd-types","payload":{}}`,
  ]),
  oddTexts('binary garbage', [Buffer.from([0, 1, 2, 3, 255].map(() => 0x20)), Buffer.from('ÿþ', 'utf8')]),
  {
    name: '__proto__, constructor and prototype as keys',
    async run(site) {
      const camera = await site.camera('proto')
      const socket = await open(site.hub)
      const evil = '{"polluted":true,"isAdmin":true,"toString":null}'
      socket.send(
        alertText(
          'proto-raw',
          `"messageId":"proto-1","__proto__":${evil},"constructor":{"prototype":${evil}},"payload":{"intensity":0.9,"__proto__":${evil},"constructor":{"prototype":${evil}},"detectionArea":{"__proto__":${evil}}}`,
        ),
      )
      socket.send('after', { opcode: 9 })
      await socket.until((seen) => seen.isClosed || seen.text.includes('after'), 'a pong or a close')
      const id = await camera.alertReceived()
      const row = (await site.rows()).find((each) => each.sourceId === id)
      expect(row).toBeDefined()
      expect(JSON.stringify(row)).not.toContain('polluted')
      socket.end()
      await camera.close()
    },
  },
  {
    name: 'the same alert fifty times over two connections at once',
    async run(site) {
      const camera = await site.camera('twice')
      const second = await open(site.hub)
      const id = camera.alert()
      const text = camera.envelope('blueAlert', { intensity: 0.85 }, { messageId: id })
      for (let n = 0; n < 25; n += 1) {
        camera.again(id)
        second.send(text)
      }
      await camera.ack(id, 'received')
      await second.until((seen) => seen.isClosed || seen.text.includes(id), 'an ack for the repeat')
      expect((await site.rows()).filter((row) => row.sourceId === id)).toHaveLength(1)
      second.end()
      await camera.close()
    },
  },
  {
    name: 'alerts out of order, times and sequence running backwards',
    async run(site) {
      const camera = await site.camera('backwards')
      const ids: string[] = []
      for (let n = 40; n > 0; n -= 1)
        ids.push(
          camera.alert({}, { seq: n, timestamp: new Date(Date.now() - (40 - n) * 7000).toISOString() }),
        )
      await camera.settled()
      const kept = new Set((await site.rows()).map((row) => row.sourceId))
      expect(ids.filter((id) => !kept.has(id))).toEqual([])
      await camera.close()
    },
  },
  keptAlert('clock ten years ahead', { timestamp: new Date(Date.now() + 10 * years).toISOString() }),
  keptAlert('clock thirty years behind', { timestamp: new Date(Date.now() - 30 * years).toISOString() }),
  keptAlert('clock at zero', { timestamp: 0 }),
  keptAlert('clock before 1970', { timestamp: '1901-12-13T20:45:52Z' }),
  keptAlert('clock beyond dates', { timestamp: 1e20 }),
  keptAlert('no time at all', { timestamp: undefined }),
  keptAlert('a time without a zone, as the old app writes it', { timestamp: '2026-03-01T10:00:00.123456' }),
  keptAlert('a day that does not exist', { timestamp: '2026-02-31T25:61:00Z' }),
  keptAlert(
    'measures that are no numbers',
    {},
    { intensity: 'very', confidence: null, duration: -5, detectionArea: [] },
  ),
  keptAlert('measures out of range', {}, { intensity: 1e300, confidence: -1, duration: 1e308 }),
  keptAlert('a name of 9,000 letters', { deviceName: 'n'.repeat(9000) }),
  keptAlert('a name of control and direction characters', { deviceName: '\u202egnp.exe\u0000\u001b[31m' }),
  ...pictureAttacks,
  {
    name: 'half-open: connections that stop in the middle of a word',
    async run(site) {
      const sockets = await Promise.all(Array.from({ length: 30 }, () => open(site.hub)))
      for (const [n, socket] of sockets.entries()) {
        socket.write(frame(alertText(`half-${n}`, '"payload":{}')).subarray(0, 20))
        socket.pause()
      }
      const late = await site.camera('beside-half-open')
      await late.alertReceived()
      for (const socket of sockets) socket.end()
      await late.close()
    },
  },
  {
    name: 'flood: thousands of messages and alerts beyond the budget',
    async run(site) {
      const flood = await site.camera('flood')
      for (let n = 0; n < 400; n += 1) flood.alert({ intensity: (n % 100) / 100 })
      for (let n = 0; n < 5000; n += 1) flood.heartbeat()
      const beside = await site.camera('beside-flood')
      for (let n = 0; n < 20; n += 1) await beside.alertReceived()
      flood.cut()
      await beside.close()
    },
  },
  {
    name: 'slow reader: a device that never reads what it is told',
    async run(site) {
      const before = await memoryBytes(site)
      const slow = await open(site.hub)
      slow.send(`{"type":"deviceRegister","deviceId":"slow","payload":{"mode":"monitor"}}`)
      slow.send('registered', { opcode: 9 })
      await slow.until((seen) => seen.text.includes('registered'), 'the pong')
      slow.pause()
      // Every alert of the others is relayed to a monitor of their group: this one lets it all pile up.
      const talker = await site.camera('talker')
      for (let n = 0; n < 150; n += 1) talker.alert({ message: 'x'.repeat(4000) })
      for (let n = 0; n < 2000; n += 1) slow.send('{"type":"heartbeat","deviceId":"slow","payload":{}}')
      await talker.settled()
      expect((await memoryBytes(site)) - before).toBeLessThan(64 * 1024 * 1024)
      slow.end()
      await talker.close()
    },
  },
  {
    name: 'hundreds of connections, all dropped at once',
    async run(site) {
      const sockets = await Promise.all(Array.from({ length: 300 }, () => open(site.hub).catch(() => null)))
      for (const socket of sockets) socket?.end()
      const camera = await site.camera('after-crowd')
      await camera.alertReceived()
      await camera.close()
    },
  },
]

async function memoryBytes(site: Site): Promise<number> {
  const report = (await (await site.app.get('/api/health')).json()) as { memory: { rssBytes: number } }
  return report.memory.rssBytes
}
