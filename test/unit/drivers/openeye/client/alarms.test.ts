/** Alerts are never lost to a full disk, and a server that was live and is gone is an alarm. */
import { expect, test } from 'vitest'
import type { LinkState } from '../../../../../src/contract/links.ts'
import { noCounters } from '../../../../../src/contract/links.ts'
import { Alarms } from '../../../../../src/main/drivers/openeye/client/alarms.ts'
import { silentLog } from '../../../../../src/main/log.ts'
import { HandClock } from '../../blue-light/hand-clock.ts'
import { Ledger, profileOf } from './stand.ts'

const waiting: LinkState = { is: 'waiting', retryAt: 0, attempt: 1, reason: 'nothing listens there' }

function stand() {
  const ledger = new Ledger()
  const clock = new HandClock()
  const context = {
    profile: profileOf('http://127.0.0.1:1'),
    clock,
    log: silentLog,
    raise: (fact: Parameters<Ledger['raise']>[0]) => ledger.raise(fact),
    tell: (fact: Parameters<Ledger['tell']>[0]) => ledger.tell(fact),
  }
  const counters = { ...noCounters }
  return { ledger, clock, counters, alarms: new Alarms(context, counters, 30_000) }
}

const live = (clock: HandClock): LinkState => ({ is: 'live', since: clock.now() })

test('gone for longer than two budgets is one alarm, which ends with the outage and says how long it was', async () => {
  const { ledger, clock, alarms } = stand()
  alarms.state(live(clock))
  expect(ledger.of('alert-cleared')).toHaveLength(1)
  const lostAt = clock.now()
  alarms.state({ is: 'silent', since: lostAt })
  clock.advance(10_000)
  alarms.state(waiting)
  clock.advance(19_999)
  expect(ledger.of('alert-raised')).toEqual([])
  clock.advance(1)
  clock.advance(60_000)
  await Promise.resolve()
  const [alarm, ...more] = ledger.of('alert-raised')
  expect(more).toEqual([])
  expect(alarm).toMatchObject({
    kind: 'link-silent',
    device: null,
    sourceId: `silent-link:${lostAt}`,
    text: 'Entrance is silent: nothing useful came for 30 s: nothing listens there',
  })
  alarms.state(live(clock))
  expect(ledger.of('alert-cleared').at(-1)).toMatchObject({
    kind: 'link-silent',
    note: 'heard again after 90 s',
  })
})

test('asking over HTTP is a way to work, and no alarm', () => {
  const { ledger, clock, alarms } = stand()
  alarms.state(live(clock))
  alarms.state(waiting)
  clock.advance(3000)
  alarms.state({ is: 'polling', since: 0, retryAt: 0, reason: 'x' })
  clock.advance(600_000)
  expect(ledger.of('alert-raised')).toEqual([])
})

test('a link that never worked is no alarm, and closing ends a pending one', () => {
  const never = stand()
  never.alarms.state(waiting)
  never.clock.advance(600_000)
  expect(never.ledger.facts).toEqual([])
  const closed = stand()
  closed.alarms.state(live(closed.clock))
  closed.alarms.state(waiting)
  closed.alarms.close()
  closed.clock.advance(600_000)
  expect(closed.ledger.of('alert-raised')).toEqual([])
})

test('an alert the store could not keep is tried until it is kept', async () => {
  const { ledger, clock, alarms, counters } = stand()
  ledger.failsToStore = 2
  alarms.state(live(clock))
  alarms.state(waiting)
  clock.advance(30_000)
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise(setImmediate)
    clock.advance(5000)
  }
  await new Promise(setImmediate)
  expect(ledger.of('alert-raised')).toHaveLength(1)
  expect(counters.alertsStored).toBe(1)
})
