/** The strict master beside modbus-serial in the same run: FC 03 of ten registers from one slave, over a pty, which has no baud rate. */

import { wordAt } from '../test/sim/modbus/rtu.ts'
import { lateAnswers, onPair } from './modbus-hazards.ts'
import { modbusSerial, type StartMaster, strict } from './modbus-masters.ts'
import { type Area, percentile } from './report.ts'

const transactions = 1000

async function speed(start: StartMaster) {
  return onPair(start, async (master) => {
    const took: number[] = []
    let wrong = 0
    const from = performance.now()
    for (let n = 0; n < transactions; n++) {
      const at = performance.now()
      const words = await master.read(2, n, 10)
      took.push(performance.now() - at)
      if (!words.every((word, nth) => word === wordAt(2, n + nth))) wrong++
    }
    return { perSecond: (1000 * transactions) / (performance.now() - from), took, wrong }
  })
}

export const run: Area = async (row) => {
  const peer = await speed(modbusSerial)
  const ours = await speed(strict)
  const name = 'FC 03 ×10, one slave over a pty'
  row({
    name: `${name}: transactions, each after 1.75 ms of silence`,
    value: ours.perSecond,
    unit: '/s',
    target: '>= 200',
    baseline: peer.perSecond,
  })
  row({
    name: `${name}: p50 until the answer is used`,
    value: percentile(ours.took, 50),
    unit: 'ms',
    target: '<= 5',
    baseline: percentile(peer.took, 50),
  })
  row({
    name: `${name}: p99 until the answer is used`,
    value: percentile(ours.took, 99),
    unit: 'ms',
    target: '<= 10',
    baseline: percentile(peer.took, 99),
  })
  row({ name: `${name}: wrong answers`, value: ours.wrong, unit: '', target: '<= 0', baseline: peer.wrong })
  row({
    name: 'two answers 150 ms too late, each before four good reads: wrong answers',
    value: (await lateAnswers(strict)).wrong,
    unit: '',
    target: '<= 0',
    baseline: (await lateAnswers(modbusSerial)).wrong,
  })
}
