/** A hostile Modbus slave from the command line: `node test/sim/modbus/run.ts --port /tmp/slave --hazard late-450`. */
import { parseArgs } from 'node:util'
import { hazards } from './hazards.ts'
import { startHostile } from './hostile.ts'

const { values } = parseArgs({
  options: { port: { type: 'string' }, hazard: { type: 'string', default: 'right' } },
})
const hazard = hazards[values.hazard]
if (values.port === undefined || hazard === undefined) {
  console.error(`--port PATH --hazard WORD, one of ${Object.keys(hazards).join(', ')}`)
  process.exit(2)
}
const slave = await startHostile(values.port)
slave.play(hazard)
console.log(`answers on ${values.port}: ${values.hazard}`)
