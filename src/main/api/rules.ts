/** Rules as screens edit and try them. A change is recorded: a rule decides what an operator gets to see. */
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'rules' | `rules.${string}`>

/** Each event is put before every rule. */
const mostRules = 200

export function ruleHandlers({ store, live, clock, tryRule }: ApiParts): Pick<Handlers<Api>, Names> {
  function note(by: string, text: string): Promise<void> {
    return store.addTimeline({ at: clock.now(), type: 'rule-changed', link: null, device: null, by, text })
  }

  return {
    rules: live.rules,
    async 'rules.save'({ rule }, { user: by }) {
      const before = live.rules.get(rule.id)
      if (before === undefined && live.rules.size >= mostRules)
        throw new Fault('wrong-state', `There are ${mostRules} rules`, 'Remove one that is not needed.')
      await store.keep('rule', rule)
      live.rules.set(rule)
      const change = before === undefined ? 'added' : 'changed'
      await note(by, `${rule.name}: ${change}${rule.enabled ? '' : ', switched off'}`)
      return {}
    },
    async 'rules.remove'({ id }, { user: by }) {
      const rule = live.rules.get(id)
      if (rule === undefined)
        throw new Fault('not-found', 'That rule is gone', 'It may have been removed; look at the list again.')
      await store.unkeep('rule', id)
      live.rules.delete(id)
      await note(by, `${rule.name}: removed`)
      return {}
    },
    'rules.test': ({ rule, days }, _, signal) => tryRule(rule, days, signal),
  }
}
