/** Gives up being root, then says what a serial port that is kept open says first. Its own process: there is no way back. */
import { systemClock } from '../../src/main/io/clock.ts'
import { keepSerialOpen } from '../../src/main/io/serial.ts'
import { silentLog } from '../../src/main/log.ts'

process.setgroups?.([])
process.setgid?.(65_534)
process.setuid?.(65_534)
const address = process.argv[2] ?? ''
const keeper = keepSerialOpen(
  { address, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
  {
    opened: () => end('opened'),
    bytes() {},
    closed: end,
    waiting: end,
  },
  { clock: systemClock, log: silentLog },
)

function end(said: string): void {
  console.log(said)
  void keeper.close()
}
