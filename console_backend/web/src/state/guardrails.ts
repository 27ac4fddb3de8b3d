import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  deleteGuardPart,
  deleteGuardProvider,
  deleteGuardRule,
  listGuardParts,
  listGuardProviders,
  listGuardrailOutcomes,
  listGuardrailTemplates,
  listGuardRules,
  putGuardPart,
  putGuardProvider,
  putGuardrailDocument,
  putGuardRule,
  readGuardrailDocument,
  readGuardPart,
  readGuardRule,
  testGuardrails,
  tryGuardrailDocument,
} from '~/api/guardrails'
import type {
  GuardPartKind,
  GuardParts,
  GuardProvider,
  GuardRule,
  PutGuardProvider,
  PutGuardRule,
  UnsavedParts,
} from '~/api/types'
import { outcomeFilters, type OutcomeRange } from '~/words/guardrails'
import { usePages } from './pages'

function useChange<Input, Answer>(change: (input: Input) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: ['guardrails'] }) })
}

export function useGuardRules() {
  return usePages<GuardRule>(['guardrails', 'rules'], listGuardRules)
}

export function useGuardRule(id: string) {
  return useQuery({ queryKey: ['guardrails', 'rule', id], queryFn: ({ signal }) => readGuardRule(id, signal) })
}

export function usePutGuardRule() {
  return useChange(({ id, body }: { id: string; body: PutGuardRule }) => putGuardRule(id, body))
}

// Saves a rule together with what it names that is not saved yet.
export function useSaveGuardRule() {
  return useChange(({ id, body, parts, creates }: { id: string; body: PutGuardRule; parts: UnsavedParts; creates: boolean }) => {
    const brings = Object.values(parts).some((items) => items.length > 0)
    return putGuardRule(id, brings ? { ...body, parts } : body, creates)
  })
}

export function useExportGuardrails() {
  return useMutation({ mutationFn: readGuardrailDocument })
}

// What a file would change. Asked again when somebody changes guardrails while it is looked at, but not for its own doing.
export function useGuardrailPreview(body: unknown, replacing: boolean) {
  return useQuery({
    queryKey: ['guardrails', 'preview', body],
    queryFn: ({ signal }) => tryGuardrailDocument(body, signal),
    enabled: body !== undefined && !replacing,
    gcTime: 0,
    retry: false,
  })
}

export function useImportGuardrails() {
  return useChange(({ body, etag }: { body: unknown; etag: string }) => putGuardrailDocument(body, etag))
}

export function useDeleteGuardRule() {
  return useChange(deleteGuardRule)
}

export function useGuardParts<Kind extends GuardPartKind>(kind: Kind) {
  return usePages<GuardParts[Kind]['listed']>(['guardrails', kind], (cursor, signal) => listGuardParts(kind, cursor, signal))
}

export function useGuardPart<Kind extends GuardPartKind>(kind: Kind, id: string) {
  return useQuery({ queryKey: ['guardrails', kind, id], queryFn: ({ signal }) => readGuardPart(kind, id, signal) })
}

export function usePutGuardPart<Kind extends GuardPartKind>(kind: Kind) {
  return useChange(({ id, body, creates }: { id: string; body: GuardParts[Kind]['put']; creates: boolean }) =>
    putGuardPart(kind, id, body, creates),
  )
}

export function useDeleteGuardPart(kind: GuardPartKind) {
  return useChange((id: string) => deleteGuardPart(kind, id))
}

export function useGuardProviders() {
  return usePages<GuardProvider>(['guardrails', 'providers'], listGuardProviders)
}

export function usePutGuardProvider() {
  return useChange(({ id, body, creates }: { id: string; body: PutGuardProvider; creates: boolean }) =>
    putGuardProvider(id, body, creates),
  )
}

export function useDeleteGuardProvider() {
  return useChange(deleteGuardProvider)
}

// Does not change while the console runs.
export function useGuardrailTemplates() {
  return useQuery({
    queryKey: ['guardrails', 'templates'],
    queryFn: ({ signal }) => listGuardrailTemplates(signal),
    staleTime: Infinity,
  })
}

// Nothing is stored, so no list becomes old.
export function useTestGuardrails() {
  return useMutation({ mutationFn: testGuardrails })
}

// Outcomes come with the rows of the logs. The range is resolved at each request and moves on with the clock.
export function useGuardrailOutcomes(range: OutcomeRange, rule: string | undefined) {
  return useQuery({
    queryKey: ['logs', 'guardrails', range, rule],
    queryFn: ({ signal }) => listGuardrailOutcomes(outcomeFilters(range, rule, Date.now()), signal),
    placeholderData: (before) => before,
  })
}
