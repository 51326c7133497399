/** What the firmware's HTTP answers to what it means. Pure. */
import { readInstant } from '../../io/times.ts'
import { type Fields, fieldsIn, flagIn, isFields, listIn, textIn } from './fields.ts'
import { readModule } from './modules-read.ts'
import { isEmpty, readReadings, readState } from './readings.ts'
import type { SaidModule, SaidReadings, Values } from './said.ts'

function inner(value: unknown): Fields | null {
  if (!isFields(value) || flagIn(value, 'success') === false) return null
  return fieldsIn(value, 'data') ?? value
}

function told(values: Values, fields: Fields): SaidReadings | null {
  return isEmpty(values) ? null : { is: 'readings', values, at: readInstant(fields.timestamp) }
}

/** `GET /api/v1/system/state`, the one that tells the truth of the state. Null: it makes no sense. */
export function readSystemState(value: unknown): SaidReadings | null {
  const fields = inner(value)
  if (fields === null) return null
  const state = readState(fields, 'current_state', 'state')
  if (state === null) return null
  const { fault, safetyOk } = readReadings(fields)
  const values: Values = { state, estop: state === 'ESTOP' || fault === 'ESTOP' }
  if (safetyOk !== undefined) values.safetyOk = safetyOk
  if (fault !== undefined) values.fault = fault
  return told(values, fields)
}

/** What only `system/state` is believed about. */
function withoutState(values: Values): Values {
  const { state: _state, estop: _estop, safetyOk: _safetyOk, fault: _fault, ...rest } = values
  return rest
}

/**
 * `GET /api/v1/robot/status`. The deployed firmware fills it with constants: nobody who answers has an empty battery and
 * 0 °C at once, so then neither is a measurement. Its position is 0 there too, and the motion's answer knows better.
 */
export function readRobotStatus(value: unknown): SaidReadings | null {
  const fields = inner(value)
  if (fields === null) return null
  const values = withoutState(readReadings(fields))
  if (values.batteryPercent === 0 && values.temperatureC === 0) {
    delete values.batteryPercent
    delete values.temperatureC
  }
  delete values.speedMmPerS
  if (values.xMm === 0 && values.yMm === 0) {
    delete values.xMm
    delete values.yMm
  }
  return told(values, fields)
}

/** `GET /api/v1/motion/state`: where it is on its track, and how fast. */
export function readMotion(value: unknown): SaidReadings | null {
  const fields = inner(value)
  return fields === null ? null : told(withoutState(readReadings(fields)), fields)
}

/** Units of `GET /api/v1/modules`, and whether each answers on the vehicle's own bus. */
export function readModuleList(value: unknown): readonly SaidModule[] | null {
  const fields = inner(value)
  const list = fields && listIn(fields, 'modules')
  if (list === null) return null
  return list.slice(0, 32).flatMap((item) => {
    const module = isFields(item) ? readModule(item, {}) : null
    return module === null ? [] : [{ ...module, values: null }]
  })
}

/** `GET /api/v1/modules/{unit}/telemetry`. */
export function readModuleTelemetry(value: unknown, unit: number): SaidModule | null {
  const fields = inner(value)
  if (fields === null) return null
  const around = isFields(value) ? value : fields
  // Where the values stand right in the answer, a name of their own keeps them apart from what is around them.
  const module = readModule({ ...fields }, around, unit)
  return module?.values == null ? null : module
}

/** What the firmware says to an order, or null. */
export function wordsOf(value: unknown): string | null {
  if (!isFields(value)) return null
  const error = fieldsIn(value, 'error')
  return (
    textIn(value, 'message', 300) ??
    textIn(value, 'error', 300) ??
    (error && textIn(error, 'message', 300)) ??
    textIn(value, 'detail', 300)
  )
}

export function saysSuccess(value: unknown): boolean {
  return isFields(value) && value.success === true
}
