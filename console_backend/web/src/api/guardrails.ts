import { request, segment } from './http'
import type {
  GuardPartKind,
  GuardParts,
  GuardProvider,
  GuardrailDocument,
  GuardrailReplacement,
  GuardRule,
  GuardrailOutcomes,
  GuardrailTemplates,
  GuardrailTrial,
  OutcomeFilters,
  Page,
  PutGuardProvider,
  PutGuardRule,
  TestGuardrails,
} from './types'

// What is put or tried is compiled first, which may take long on a machine that is busy.
const compiled = { deadlineMs: 120_000 }

export function listGuardRules(cursor: string | null, signal?: AbortSignal): Promise<Page<GuardRule>> {
  return request('GET', '/api/guardrails/rules', { query: { cursor }, signal })
}

export function readGuardRule(id: string, signal?: AbortSignal): Promise<GuardRule> {
  return request('GET', `/api/guardrails/rules/${segment(id)}`, { signal })
}

export function putGuardRule(id: string, body: PutGuardRule, creates = false): Promise<GuardRule> {
  return request('PUT', `/api/guardrails/rules/${segment(id)}`, { body, creates, ...compiled })
}

export function deleteGuardRule(id: string): Promise<void> {
  return request('DELETE', `/api/guardrails/rules/${segment(id)}`)
}

export function readGuardrailDocument(): Promise<GuardrailDocument> {
  return request('GET', '/api/guardrails/document')
}

// What would change by the document, which may be anything that is JSON.
export function tryGuardrailDocument(body: unknown, signal?: AbortSignal): Promise<GuardrailReplacement> {
  return request('PUT', '/api/guardrails/document', { body, query: { dry_run: 'true' }, signal, ...compiled })
}

export function putGuardrailDocument(body: unknown, ifMatch: string): Promise<GuardrailReplacement> {
  return request('PUT', '/api/guardrails/document', { body, ifMatch, ...compiled })
}

export function listGuardParts<Kind extends GuardPartKind>(
  kind: Kind,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<GuardParts[Kind]['listed']>> {
  return request('GET', `/api/guardrails/${kind}`, { query: { cursor, limit: 200 }, signal })
}

export function readGuardPart<Kind extends GuardPartKind>(
  kind: Kind,
  id: string,
  signal?: AbortSignal,
): Promise<GuardParts[Kind]['whole']> {
  return request('GET', `/api/guardrails/${kind}/${segment(id)}`, { signal })
}

export function putGuardPart<Kind extends GuardPartKind>(
  kind: Kind,
  id: string,
  body: GuardParts[Kind]['put'],
  creates = false,
): Promise<GuardParts[Kind]['whole']> {
  return request('PUT', `/api/guardrails/${kind}/${segment(id)}`, { body, creates, ...compiled })
}

export function deleteGuardPart(kind: GuardPartKind, id: string): Promise<void> {
  return request('DELETE', `/api/guardrails/${kind}/${segment(id)}`)
}

export function listGuardProviders(cursor: string | null, signal?: AbortSignal): Promise<Page<GuardProvider>> {
  return request('GET', '/api/guardrails/providers', { query: { cursor, limit: 200 }, signal })
}

export function putGuardProvider(id: string, body: PutGuardProvider, creates = false): Promise<GuardProvider> {
  return request('PUT', `/api/guardrails/providers/${segment(id)}`, { body, creates, ...compiled })
}

export function deleteGuardProvider(id: string): Promise<void> {
  return request('DELETE', `/api/guardrails/providers/${segment(id)}`)
}

export function listGuardrailTemplates(signal?: AbortSignal): Promise<GuardrailTemplates> {
  return request('GET', '/api/guardrails/templates', { signal })
}

export function testGuardrails(body: TestGuardrails): Promise<GuardrailTrial> {
  return request('POST', '/api/guardrails/test', { body, ...compiled })
}

export function listGuardrailOutcomes(query: OutcomeFilters, signal?: AbortSignal): Promise<GuardrailOutcomes> {
  return request('GET', '/api/guardrails/outcomes', { query, signal })
}
