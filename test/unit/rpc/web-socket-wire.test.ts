/** The wire of a page, on the WebSocket that Node shares with browsers, against the shell's end of it. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type WebSocket as NodeSocket, WebSocketServer } from 'ws'
import { socketWire } from '../../../src/rpc/socket-wire.ts'
import { webSocketWire } from '../../../src/rpc/web-socket-wire.ts'
import type { Wire, WireClose } from '../../../src/rpc/wire.ts'
import { Inbox } from './inbox.ts'

describe('a page’s wire', () => {
  let server: WebSocketServer
  let url: string
  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    for (const socket of server.clients) socket.terminate()
    await new Promise((resolve) => server.close(resolve))
  })

  async function pair(): Promise<{ page: Wire; shell: Wire; shellSocket: NodeSocket }> {
    const accepted: Promise<NodeSocket[]> = once(server, 'connection')
    const page = await webSocketWire(new WebSocket(url))
    const [shellSocket] = await accepted
    if (shellSocket === undefined) throw new Error('nobody came')
    return { page, shell: socketWire(shellSocket), shellSocket }
  }

  it('carries text and bytes both ways, in order', async () => {
    const { page, shell } = await pair()
    const atShell = new Inbox<unknown>()
    const atPage = new Inbox<unknown>()
    shell.onMessage(atShell.put)
    page.onMessage(atPage.put)
    await page.send('chào')
    await page.send(new Uint8Array([1, 2]))
    await shell.send('one')
    await shell.send(new Uint8Array([3]).subarray(0))
    await atShell.first(2)
    await atPage.first(2)
    expect(atShell.all[0]).toBe('chào')
    expect([...(atShell.all[1] as Uint8Array)]).toEqual([1, 2])
    expect(atPage.all[0]).toBe('one')
    expect([...(atPage.all[1] as Uint8Array)]).toEqual([3])
  })

  it('waits with a send until most of it is written', async () => {
    const { page, shell } = await pair()
    const got = new Inbox<number>()
    shell.onMessage((message) => got.put(message.length))
    await page.send(new Uint8Array(5_000_000))
    expect((await got.first(1))[0]).toBe(5_000_000)
  })

  it('tells of a close with its code, and takes no more', async () => {
    const { page, shell } = await pair()
    const closed = new Inbox<WireClose>()
    page.onClose(closed.put)
    shell.close(1008, 'token changed')
    expect((await closed.first(1))[0]).toEqual({ code: 1008, reason: 'token changed' })
    await expect(page.send('x')).rejects.toThrow('closed')
    const late = new Inbox<WireClose>()
    page.onClose(late.put)
    expect((await late.first(1))[0]?.code).toBe(1008)
  })

  it('tells of a cut as lost', async () => {
    const { page, shellSocket } = await pair()
    const closed = new Inbox<WireClose>()
    page.onClose(closed.put)
    shellSocket.terminate()
    expect((await closed.first(1))[0]?.code).toBe(1006)
  })

  it('closes with a code a page may use', async () => {
    const { page, shell } = await pair()
    const closed = new Inbox<WireClose>()
    shell.onClose(closed.put)
    page.close(1002, 'bad frame')
    expect((await closed.first(1))[0]).toEqual({ code: 4000, reason: 'bad frame' })
  })

  it('rejects when nobody answers', async () => {
    await new Promise((resolve) => server.close(resolve))
    await expect(webSocketWire(new WebSocket(url))).rejects.toThrow('closed')
    server = new WebSocketServer({ noServer: true })
  })
})
