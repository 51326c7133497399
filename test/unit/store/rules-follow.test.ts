/** Rules that name a person who is merged into another or renamed: they follow, on disk and for whoever looks, in the change's own transaction. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mostPeople, Rule } from '../../../src/contract/rules.ts'
import type { Change } from '../../../src/main/store/store.ts'
import { scratchDir, scratchStore } from './scratch.ts'

function rule(id: string, people: readonly string[]): Rule {
  return {
    id,
    name: `Rule ${id}`,
    enabled: true,
    when: { kinds: ['face-recognized'], cameras: [], people: [...people], confidenceAtLeast: 0, hours: null },
    priority: 'high',
    holdOffS: 60,
    instruction: 'Call the gate.',
  }
}

const gone = 'Someone-With-A-Name-Nobody-Else-Has'
const merge = { do: 'merge-people', name: gone, into: 'An', by: 'Linh', at: 7000 } as const

it('name who stays, once each, with an entry for each rule; others are left as they are', async () => {
  const store = await scratchStore()
  const changes: Change[] = []
  await store.keep(
    'rule',
    rule('a', [gone]),
    rule('b', ['Binh', gone, 'An']),
    rule('c', ['Binh']),
    rule('d', []),
  )
  for (const name of [gone, 'An']) await store.changeFaces({ do: 'add-person', name, at: 1 })
  store.onChange((change) => changes.push(change))
  await store.changeFaces(merge)
  const people = async () =>
    Object.fromEntries((await store.kept('rule')).map(({ id, when }) => [id, when.people]))
  const after = { a: ['An'], b: ['Binh', 'An'], c: ['Binh'], d: [] }
  expect(await people()).toEqual(after)
  expect((await store.faceLibrary()).people).toEqual(['An'])
  // Told once, rules and entries together: they were one transaction.
  expect(changes).toHaveLength(1)
  expect(changes[0]?.rules).toEqual([rule('a', ['An']), rule('b', ['Binh', 'An'])])
  const entries = (await store.timeline(0, 100)).map(({ seq: _, ...entry }) => entry)
  const entry = { at: 7000, type: 'rule-changed', link: null, device: null, by: 'Linh' }
  expect(entries).toEqual([
    { ...entry, text: `Rule a: names An in place of ${gone}, who was merged into them` },
    { ...entry, text: `Rule b: names An in place of ${gone}, who was merged into them` },
  ])
  // Done again it is as it was.
  await store.changeFaces(merge)
  expect(await people()).toEqual(after)
  expect(await store.timeline(0, 100)).toHaveLength(2)
})

it('are right after a restart, and no row keeps the name that is gone', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  await store.keep('rule', rule('a', [gone]))
  for (const name of [gone, 'An']) await store.changeFaces({ do: 'add-person', name, at: 1 })
  await store.changeFaces(merge)
  await store.close()
  const bytes = readFileSync(join(dir, 'watchfloor.db')).toString('latin1')
  // Only the words of the entry, which say what happened.
  expect(bytes.split(gone)).toHaveLength(2)
  expect((await (await scratchStore(dir)).kept('rule'))[0]?.when.people).toEqual(['An'])
})

describe('a rename', () => {
  const rename = {
    do: 'rename-person',
    name: gone,
    to: 'An Le',
    keepsOld: false,
    by: 'Linh',
    at: 8000,
  } as const
  const entry = { at: 8000, type: 'rule-changed', link: null, device: null, by: 'Linh' }

  it('is followed in its own transaction, and no row keeps the old name', async () => {
    const dir = scratchDir()
    const store = await scratchStore(dir)
    const changes: Change[] = []
    await store.keep('rule', rule('a', [gone, 'Binh']), rule('b', ['Binh']))
    await store.changeFaces({ do: 'add-person', name: gone, at: 1 })
    store.onChange((change) => changes.push(change))
    await store.changeFaces(rename)
    expect((await store.faceLibrary()).people).toEqual(['An Le'])
    expect(changes).toHaveLength(1)
    expect(changes[0]?.rules).toEqual([rule('a', ['An Le', 'Binh'])])
    await store.changeFaces(rename)
    const entries = (await store.timeline(0, 100)).map(({ seq: _, ...rest }) => rest)
    expect(entries).toEqual([{ ...entry, text: `Rule a: names An Le in place of ${gone}, who was renamed` }])
    await store.close()
    const bytes = readFileSync(join(dir, 'watchfloor.db')).toString('latin1')
    expect(bytes.split(gone)).toHaveLength(2)
    const people = (await (await scratchStore(dir)).kept('rule')).map(({ when }) => when.people)
    expect(people).toEqual([['An Le', 'Binh'], ['Binh']])
  })

  it('adds the new name where the old one may still be told, once', async () => {
    const store = await scratchStore()
    await store.keep('rule', rule('a', ['Binh', gone]), rule('b', []))
    const changes: Change[] = []
    store.onChange((change) => changes.push(change))
    const { do: _, ...renamed } = { ...rename, keepsOld: true }
    await store.renameInRules(renamed)
    await store.renameInRules(renamed)
    expect(changes.map(({ rules }) => rules)).toEqual([[rule('a', ['Binh', gone, 'An Le'])]])
    const entries = (await store.timeline(0, 100)).map(({ text }) => text)
    expect(entries).toEqual([`Rule a: names An Le beside ${gone}, as that name may still be told`])
  })

  it('takes the place of the old one in a rule that names as many as it may', async () => {
    const store = await scratchStore()
    const others = Array.from({ length: mostPeople - 1 }, (_, n) => `Person ${n}`)
    await store.keep('rule', rule('a', [gone, ...others]))
    const { do: _, ...renamed } = { ...rename, keepsOld: true }
    await store.renameInRules(renamed)
    const [full] = await store.kept('rule')
    expect(Rule.parse(full).when.people).toEqual(['An Le', ...others])
    const entries = (await store.timeline(0, 100)).map(({ text }) => text)
    expect(entries).toEqual([`Rule a: names An Le in place of ${gone}, who was renamed`])
  })
})
