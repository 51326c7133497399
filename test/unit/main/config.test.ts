import { describe, expect, it } from 'vitest'
import { Fault } from '../../../src/contract/fault.ts'
import { helpText, readConfig, resolveSettings, settingRows } from '../../../src/main/config.ts'

describe('options', () => {
  it('take the flag before the environment before what was stored before the default', () => {
    const env = { WATCHFLOOR_HUB_PORT: '9001', WATCHFLOOR_PORT: '9002' }
    const config = readConfig(['--hub-port', '9003'], env)
    const settings = resolveSettings(config, { hubPort: 1, port: 2, retentionDays: 30 })
    expect(settings).toMatchObject({ hubPort: 9003, port: 9002, retentionDays: 30, heartbeatMs: 30_000 })
    const from = Object.fromEntries(
      settingRows(config, { retentionDays: 30 }).map((row) => [row.id, row.from]),
    )
    expect(from).toMatchObject({
      hubPort: 'flag',
      port: 'environment',
      retentionDays: 'stored',
      heartbeatMs: 'default',
    })
  })

  it('read numbers, booleans and words as what they are', () => {
    const config = readConfig(
      ['--sound=false', '--language', 'vi', '--blue-sensitivity', '0.25', '--site-name', '7'],
      {},
    )
    expect(resolveSettings(config, {})).toMatchObject({
      sound: false,
      language: 'vi',
      blueSensitivity: 0.25,
      siteName: '7',
    })
  })

  it.each([
    [['--port', 'eighty'], '--port', 'a number from 0 to 65535'],
    [['--port', '70000'], '--port', 'a number from 0 to 65535'],
    [['--language', 'fr'], '--language', 'one of auto, en, vi'],
    [['--sound', 'loud'], '--sound', 'true or false'],
    [['--nonsense', '1'], '--nonsense', '--help'],
  ])('%j is refused, naming the option and what it takes', (argv, name, tip) => {
    const fault = faultOf(() => readConfig(argv, {}))
    expect(fault.code).toBe('bad-input')
    expect(fault.message).toContain(name)
    expect(fault.tip).toContain(tip)
  })

  it('names the variable when the environment is wrong', () => {
    expect(faultOf(() => readConfig([], { WATCHFLOOR_PORT: 'x' })).message).toContain('WATCHFLOOR_PORT')
  })

  it('fall back when a stored value no longer fits', () => {
    expect(resolveSettings(new Map(), { port: 'from an older version' }).port).toBe(8080)
  })

  it('are all in the help text, with their variable', () => {
    const help = helpText()
    for (const row of settingRows(new Map(), {})) {
      expect(help).toContain(row.flag)
      expect(help).toContain(row.variable)
    }
  })

  it('cannot be edited on screen when fixed from outside', () => {
    const rows = settingRows(readConfig(['--port', '1'], {}), {})
    expect(rows.find((row) => row.id === 'port')?.editable).toBe(false)
    expect(rows.find((row) => row.id === 'hubPort')?.editable).toBe(true)
    expect(rows.find((row) => row.id === 'dataDir')?.editable).toBe(false)
  })
})

function faultOf(run: () => unknown): Fault {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was refused')
}
