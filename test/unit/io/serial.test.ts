/** Serial ports over real pseudo terminals: opened, lost, found again, fought over, stuck. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { systemPlaces } from '../../../src/main/io/serial-sys.ts'
import { hasSocat } from '../../fakes/pty-pair.ts'
import { Stand, until } from './serial-stand.ts'

let stand = new Stand()
afterEach(async () => {
  await stand.end()
  stand = new Stand()
})

async function opened() {
  const pair = await stand.pair()
  const peer = await stand.peer(stand.at('b'))
  const kept = stand.keep(stand.at('a'), systemPlaces, { baudRate: 921_600 })
  await until(() => expect(kept.heard.lines).toHaveLength(1))
  const line = kept.heard.lines[0]
  if (line === undefined) throw new Error('no line')
  return { pair, peer, line, ...kept }
}

describe.skipIf(!hasSocat)('a serial port', () => {
  test('opens, and carries bytes both ways', async () => {
    const { peer, line, keeper, heard } = await opened()
    expect(line).toMatchObject({ generation: 1, isOpen: true, path: realpathSync(stand.at('a')) })
    expect(keeper.line).toBe(line)
    await line.write(Buffer.from('\x00\x11\x13\xffask', 'latin1'))
    await until(() => expect(peer.text()).toBe('\x00\x11\x13\xffask'))
    await peer.say('tell')
    await until(() => expect(heard.text).toBe('tell'))
  })

  test('unplugged and plugged in again under another name, it is another line', async () => {
    const { pair, line, keeper, heard } = await opened()
    await pair.unplug()
    await until(() => expect(heard.closed).toHaveLength(1))
    expect(heard.closed[0]).toContain('unplugged')
    expect(keeper.line).toBeNull()
    expect(line.isOpen).toBe(false)
    await until(() => expect(heard.waiting.at(-1)).toContain('is it plugged in?'))
    // Somebody else takes the old name meanwhile.
    await stand.pair(stand.at('other-a'), stand.at('other-b'))
    await stand.pair()
    await until(() => expect(heard.lines).toHaveLength(2))
    expect(heard.lines[1]).toMatchObject({ generation: 2, isOpen: true })
    expect(heard.lines[1]?.path).not.toBe(realpathSync(stand.at('other-a')))
    expect(line.isOpen).toBe(false)
  })

  test('a write on a closed line is refused at once, and nothing of it is sent after the port is open again', async () => {
    const { pair, line, heard } = await opened()
    await pair.unplug()
    await until(() => expect(heard.closed).toHaveLength(1))
    await expect(line.write(Buffer.from('STALE'))).rejects.toThrow('the port is closed: it was unplugged')
    await expect(line.setDtr(true)).rejects.toThrow('the port is closed')
    await stand.pair()
    const peer = await stand.peer(stand.at('b'))
    await until(() => expect(heard.lines).toHaveLength(2))
    await expect(line.write(Buffer.from('STALE'))).rejects.toThrow('the port is closed')
    // The new line works, and its bytes are the first and only ones on the wire.
    await heard.lines[1]?.write(Buffer.from('fresh'))
    await until(() => expect(peer.text()).toContain('fresh'))
    expect(peer.text()).toBe('fresh')
  })

  test('what waited to be written when the device was pulled is refused and dies', async () => {
    const { pair, line, heard } = await opened()
    pair.freeze()
    // More than the system takes for a reader that stands still.
    const writes = Array.from({ length: 8 }, () => line.write(Buffer.alloc(8000, 'S')))
    const results = Promise.allSettled(writes)
    await pair.unplug()
    await until(() => expect(heard.closed).toHaveLength(1))
    const rejected = (await results).filter(({ status }) => status === 'rejected')
    expect(rejected.length).toBeGreaterThan(0)
    await stand.pair()
    const peer = await stand.peer(stand.at('b'))
    await until(() => expect(heard.lines).toHaveLength(2))
    await heard.lines[1]?.write(Buffer.from('fresh'))
    await until(() => expect(peer.text()).toContain('fresh'))
    expect(peer.text()).toBe('fresh')
  })

  test('a write that is never taken closes the port, and it is opened again', async () => {
    const { pair, line, heard } = await opened()
    pair.freeze()
    await expect(line.write(Buffer.alloc(60_000, 'x'))).rejects.toThrow('took no bytes')
    expect(heard.closed).toEqual([expect.stringContaining('took no bytes for a second')])
    expect(line.isOpen).toBe(false)
    await until(() => expect(heard.lines).toHaveLength(2))
    expect(heard.lines[1]?.isOpen).toBe(true)
    pair.thaw()
  })

  test('more than may wait is refused, and does no harm to what does', async () => {
    const { peer, line } = await opened()
    const first = line.write(Buffer.from('first'))
    await expect(line.write(Buffer.alloc(70_000))).rejects.toThrow('wait for each write')
    await first
    await until(() => expect(peer.text()).toBe('first'))
  })

  test('after close nothing is told any more and the port is free', async () => {
    const { keeper, heard, line } = await opened()
    await keeper.close()
    keeper.retry()
    expect(line.isOpen).toBe(false)
    expect(heard.closed).toEqual([])
    const other = stand.keep(stand.at('a'))
    await until(() => expect(other.heard.lines).toHaveLength(1))
  })

  test('a hundred openings leave no file open', async () => {
    await stand.pair()
    const cycle = async () => {
      const { keeper, heard } = stand.keep(stand.at('a'))
      await until(() => expect(heard.lines).toHaveLength(1))
      await keeper.close()
    }
    await cycle()
    const before = readdirSync('/proc/self/fd').length
    for (let round = 0; round < 100; round += 1) await cycle()
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before)
  })
})

describe.skipIf(!hasSocat)('who else has the port', () => {
  test('another link of this program', async () => {
    await opened()
    const second = stand.keep(stand.at('a'))
    await until(() => expect(second.heard.waiting).toHaveLength(1))
    expect(second.heard.waiting[0]).toContain('in use by another link of this program')
    expect(second.heard.lines).toEqual([])
  })

  test('another program, that asks for no lock, is named; when it ends the port is taken', async () => {
    await stand.pair()
    const script = `require('fs').openSync(${JSON.stringify(stand.at('a'))}, 'r+'); process.title = 'minicom'; console.log('has it'); setInterval(() => {}, 1e6)`
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    const { heard } = stand.keep(stand.at('a'))
    await until(() => expect(heard.waiting).toHaveLength(1))
    expect(heard.waiting[0]).toContain(`in use by minicom (process ${holder.pid}): end that program`)
    holder.kill('SIGKILL')
    await until(() => expect(heard.lines).toHaveLength(1))
  })
})

describe.skipIf(!hasSocat)('what is not a port', () => {
  test.each([
    ['/nowhere/ttyUSB7', 'is it plugged in?'],
    ['ttyUSB0', 'write its whole name'],
    ['usb:1a86', 'is not an address of a serial port'],
    ['/etc/hostname', 'is not a serial port'],
    ['/dev/null', 'is not a serial port'],
  ])('%s: %s', async (address, words) => {
    const { heard } = stand.keep(address)
    await until(() => expect(heard.waiting).toHaveLength(1))
    expect(heard.waiting[0]).toContain(words)
    expect(heard.lines).toEqual([])
  })
})

describe.skipIf(!hasSocat)('a USB address', () => {
  const ch340 = { vendorId: '1a86', productId: '7523' }

  test('is found again under whatever name the device has then', async () => {
    const first = await stand.pair(join(stand.places.dev, 'ttyUSB0'))
    stand.usb('ttyUSB0', '1-1', { ...ch340, serialNumber: 'AB:01' })
    const { heard } = stand.keep('usb:1A86:7523:ab:01', stand.places)
    await until(() => expect(heard.lines).toHaveLength(1))
    stand.unplugUsb('ttyUSB0', '1-1')
    await first.unplug()
    await until(() => expect(heard.waiting.at(-1)).toContain('usb:1A86:7523:ab:01 is not plugged in'))
    // Another device has the old name by now.
    await stand.pair(join(stand.places.dev, 'ttyUSB0'), stand.at('c'))
    stand.usb('ttyUSB0', '1-1', { ...ch340, serialNumber: 'OTHER' })
    await stand.pair(join(stand.places.dev, 'ttyUSB1'), stand.at('d'))
    stand.usb('ttyUSB1', '1-2', { ...ch340, serialNumber: 'AB:01' })
    await until(() => expect(heard.lines).toHaveLength(2))
    expect(heard.lines.map(({ path }) => path)).toEqual([
      join(stand.places.dev, 'ttyUSB0'),
      join(stand.places.dev, 'ttyUSB1'),
    ])
  })

  test('that two devices fit is told, and neither is opened', async () => {
    await stand.pair(join(stand.places.dev, 'ttyUSB0'), stand.at('c'))
    const second = await stand.pair(join(stand.places.dev, 'ttyUSB1'), stand.at('d'))
    stand.usb('ttyUSB0', '1-1', ch340)
    stand.usb('ttyUSB1', '1-2', ch340)
    const { heard } = stand.keep('usb:1a86:7523', stand.places)
    await until(() => expect(heard.waiting).toHaveLength(1))
    expect(heard.waiting[0]).toMatch(
      /ttyUSB0 and .*ttyUSB1 are both usb:1a86:7523 and nothing tells them apart/,
    )
    expect(heard.lines).toEqual([])
    stand.unplugUsb('ttyUSB1', '1-2')
    await second.unplug()
    await until(() => expect(heard.lines).toHaveLength(1))
  })

  test('that a serial number would settle says which', async () => {
    stand.usb('ttyUSB0', '1-1', { ...ch340, serialNumber: 'A1' })
    stand.usb('ttyUSB1', '1-2', { ...ch340, serialNumber: 'B2' })
    const { heard } = stand.keep('usb:1a86:7523', stand.places)
    await until(() => expect(heard.waiting).toHaveLength(1))
    expect(heard.waiting[0]).toContain('add the serial number (A1 or B2)')
  })
})

const isRoot = process.getuid?.() === 0

describe.skipIf(!hasSocat || !isRoot)('without permission (needs root to give it up)', () => {
  /** Prints what a keeper of another user hears of this port. */
  async function heardByNobody(path: string): Promise<string> {
    const script = new URL('../../fakes/serial-nobody.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await once(child, 'close')
    return said.trim()
  }

  test('the group and the way into it are named', async () => {
    await stand.pair()
    const port = realpathSync(stand.at('a'))
    const dialout = /^dialout:[^:]*:(\d+)/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]
    chownSync(port, 0, Number(dialout ?? 20))
    chmodSync(port, 0o660)
    expect(await heardByNobody(port)).toMatch(
      /members of the group dialout only: run “sudo usermod -aG dialout nobody”, then log out and in again$/,
    )
    chmodSync(port, 0o600)
    expect(await heardByNobody(port)).toContain('ask who administers this machine')
  })
})
