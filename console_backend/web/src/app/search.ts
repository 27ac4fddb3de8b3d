// The search parameters of each page: what may stand in an address, read strictly. Pages read them with these functions
// again, because the router hands on parameters that a route's own check left out.
import type { AppDecision, DeviceState } from '~/api/types'
import { outcome_ranges, type OutcomeRange } from '~/words/guardrails'
import { given, oneOf, readLogSearch, text, type LogSearch } from '~/words/log_search'

type Raw = Record<string, unknown>

export const device_states: readonly DeviceState[] = ['active', 'stale', 'revoked']
export const app_decisions: readonly AppDecision[] = ['pending', 'approved', 'denied']

export type DeviceSearch = { q?: string; state?: DeviceState; device?: string }

export function readDeviceSearch(raw: Raw): DeviceSearch {
  return given<DeviceSearch>({
    q: text(raw, 'q'),
    state: oneOf(raw, 'state', device_states),
    device: text(raw, 'device', 64),
  })
}

export type ApprovalSearch = { q?: string; decision?: AppDecision; app?: string }

export function readApprovalSearch(raw: Raw): ApprovalSearch {
  return given<ApprovalSearch>({
    q: text(raw, 'q'),
    decision: oneOf(raw, 'decision', app_decisions),
    app: text(raw, 'app', 64),
  })
}

export const guardrail_tabs = [
  'rules',
  'test',
  'outcomes',
  'patterns',
  'word-lists',
  'topics',
  'allow-lists',
  'gitleaks',
  'providers',
] as const
export type GuardrailTab = (typeof guardrail_tabs)[number]
// `rule` is the rule whose form is open, or whose outcomes are shown.
export type GuardrailSearch = { tab?: GuardrailTab; rule?: string; range?: OutcomeRange }

export function readGuardrailSearch(raw: Raw): GuardrailSearch {
  return given<GuardrailSearch>({
    tab: oneOf(raw, 'tab', guardrail_tabs),
    rule: text(raw, 'rule', 64),
    range: oneOf(raw, 'range', Object.keys(outcome_ranges) as OutcomeRange[]),
  })
}

// `request` is the row whose details are open.
export type LogPageSearch = LogSearch & { request?: string }

export function readLogPageSearch(raw: Raw): LogPageSearch {
  return { ...readLogSearch(raw), ...given<{ request: string }>({ request: text(raw, 'request', 64) }) }
}

export type SignInSearch = { next?: string }

// Only a path of this console is accepted: an address must not send a person who signed in to another site.
export function readSignInSearch(raw: Raw): SignInSearch {
  const next = text(raw, 'next', 1000)
  const own = next !== undefined && /^\/(?![/\\])/.test(next)
  return given<SignInSearch>({ next: own ? next : undefined })
}
