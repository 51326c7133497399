/**
 * A process that keeps serial ports open and, on the side, serves over HTTP what files, cryptography and names give: what hangs in a driver must not be
 * felt there. Arguments: the ports. Its first line is the address; `GET /` says how each port is, `GET /write` has something written to each, `GET /leave` ends it.
 */
import '../../src/main/shell/pool.ts'
import { pbkdf2 } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { systemClock } from '../../src/main/io/clock.ts'
import { driverCalls } from '../../src/main/io/driver-calls.ts'
import { keepSerialOpen, type SerialLine } from '../../src/main/io/serial.ts'
import { silentLog } from '../../src/main/log.ts'
import { leave } from '../../src/main/shell/leave.ts'

const derive = promisify(pbkdf2)

export interface PortState {
  readonly openings: number
  readonly isOpen: boolean
  /** The last words, of `closed` or `waiting`. */
  readonly said: string
  readonly heard: number
}

export interface ChildState {
  readonly ports: readonly PortState[]
  readonly inside: readonly string[]
  readonly poolThreads: number
  readonly files: number
}

const states = process.argv.slice(2).map((address) => {
  const state = { openings: 0, isOpen: false, said: '', heard: 0, line: null as SerialLine | null }
  keepSerialOpen(
    { address, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
    {
      opened(line) {
        Object.assign(state, { openings: line.generation, isOpen: true, line })
      },
      bytes: (_line, bytes) => {
        state.heard += bytes.length
      },
      closed: (said) => Object.assign(state, { said, isOpen: false, line: null }),
      waiting: (said) => Object.assign(state, { said }),
    },
    { clock: systemClock, log: silentLog },
  )
  return state
})

function poolThreads(): number {
  const names = readdirSync('/proc/self/task').map((task) =>
    readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim(),
  )
  return names.filter((name) => name === 'libuv-worker').length
}

const server = createServer(async (request, response) => {
  if (request.url === '/write')
    for (const { line } of states) line?.write(Buffer.alloc(30_000)).catch(() => {})
  await Promise.all([readFile('/etc/passwd'), derive('a', 'b', 1000, 32, 'sha256'), lookup('localhost')])
  const state: ChildState = {
    ports: states.map(({ line: _line, ...state }) => state),
    inside: driverCalls.inside,
    poolThreads: poolThreads(),
    files: readdirSync('/proc/self/fd').length,
  }
  // As a shell of the app ends.
  if (request.url === '/leave')
    void leave(
      silentLog,
      async () => {},
      () => process.exit(0),
    )
  response.setHeader('connection', 'close')
  response.end(JSON.stringify(state))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
