// What guardrails are in words, and the logic of their forms, test bench and chart. All pure.
import type {
  DetectorKind,
  DetectorUse,
  GuardAction,
  GuardrailCount,
  GuardrailDone,
  GuardrailOutcomes,
  GuardrailReplacement,
  GuardrailTrial,
  GuardRule,
  GuardScope,
  OutcomeFilters,
  PutGuardRule,
  Surface,
} from '~/api/types'

export const surfaces: Record<Surface, string> = {
  input: 'Prompts',
  tool_results: 'Tool results',
  output: 'Answers',
  tool_arguments: 'Tool calls',
}

export const detectors: Record<DetectorKind, string> = {
  secrets: 'Credentials',
  pii: 'Personal data',
  injection: 'Injected orders',
  custom: 'Own patterns, words and topics',
  limits: 'Uploads and size',
  external: 'External check',
}

export const actions: Record<GuardAction, { label: string; effect: string }> = {
  shadow: { label: 'Shadow', effect: 'Recorded as what would have been found. Nobody notices.' },
  flag: { label: 'Flag', effect: 'Recorded and counted. The request goes on.' },
  redact: { label: 'Redact', effect: 'What is found is replaced, everything else stays as it is.' },
  block: { label: 'Block', effect: 'The request is refused; an answer ends with an error.' },
}

export const done_words: Record<GuardrailDone, string> = {
  shadow: 'Shadow',
  flag: 'Flagged',
  redact: 'Redacted',
  block: 'Blocked',
  not_checked: 'Not checked',
}
// In the order of the chart, the strongest first.
export const all_done = ['block', 'redact', 'flag', 'not_checked', 'shadow'] as const satisfies GuardrailDone[]

export const redactions = [
  { value: 'replace', label: 'Name of the type: [EMAIL]' },
  { value: 'mask', label: 'One * for each character' },
  { value: 'hash', label: 'Keyed hash: equal texts stay recognisable' },
  { value: 'token', label: 'Token that is restored in the answer' },
] as const

export type RuleDraft = Required<Omit<PutGuardRule, 'scope' | 'position' | 'parts'>> & { scope: Required<GuardScope> }

// A rule as the form holds it: every field has a value.
export function draftOf(rule: PutGuardRule | GuardRule | null): RuleDraft {
  return {
    id: rule?.id ?? '',
    name: rule?.name ?? '',
    enabled: rule?.enabled ?? true,
    scope: { users: [], teams: [], keys: [], apps: [], ...rule?.scope },
    on: rule?.on ?? ['input'],
    detectors: rule?.detectors ?? [{ kind: 'secrets' }],
    action: rule?.action ?? 'flag',
    redaction: rule?.redaction ?? 'replace',
    on_failure: rule?.on_failure ?? 'block',
    stream_cap_bytes: rule?.stream_cap_bytes ?? 4096,
    over_cap: rule?.over_cap ?? 'block',
    allow: rule?.allow ?? [],
    message: rule?.message ?? '',
  }
}

// Only the fields that belong to the kind: the console refuses the others.
export function cleanUse(use: DetectorUse): DetectorUse {
  const types = use.types?.length ? { types: use.types } : {}
  const names = use.names?.length ? { names: use.names } : {}
  const threshold = use.threshold == null ? {} : { threshold: use.threshold }
  switch (use.kind) {
    case 'secrets':
      return { kind: use.kind, ...names, ...threshold }
    case 'pii':
    case 'injection':
      return { kind: use.kind, ...types, ...threshold }
    case 'custom':
      return { kind: use.kind, ...names }
    case 'external':
      return { kind: use.kind, ...names, ...threshold }
    case 'limits':
      return {
        kind: use.kind,
        ...(use.modalities?.length ? { modalities: use.modalities } : {}),
        ...(use.max_bytes == null ? {} : { max_bytes: use.max_bytes }),
      }
  }
}

export function bodyOf(draft: RuleDraft): PutGuardRule {
  return { ...draft, detectors: draft.detectors.map(cleanUse) }
}

// "redact-secrets" from "Redact secrets": what stands in audit rows and placeholders.
export function idFrom(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
}

export function scopeWords(scope: GuardScope): string {
  const parts = Object.entries(scope)
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what.slice(0, -1)} ${names.join(', ')}`)
  return parts.length === 0 ? 'everybody' : parts.join(' · ')
}

// What the console warned about names that the scope still holds, by list: a name that was taken out is none any more.
export function scopeWarnings(rule: GuardRule | null, scope: GuardScope): Record<keyof GuardScope, string[]> {
  const found: Record<keyof GuardScope, string[]> = { users: [], teams: [], keys: [], apps: [] }
  for (const { path, message } of rule?.warnings ?? []) {
    const [, list, index] = /^scope\.(users|teams|keys|apps)\[(\d+)\]$/.exec(path) ?? []
    if (list === undefined) continue
    const name = rule?.scope[list as keyof GuardScope]?.[Number(index)]
    if (name !== undefined && scope[list as keyof GuardScope]?.includes(name)) found[list as keyof GuardScope].push(message)
  }
  return found
}

export function detectorWords(use: DetectorUse): string {
  const details = [...(use.types ?? []), ...(use.names ?? []), ...(use.modalities ?? [])]
  if (use.max_bytes != null) details.push(`over ${use.max_bytes.toLocaleString('en-US')} bytes`)
  return details.length === 0 ? detectors[use.kind] : `${detectors[use.kind]}: ${details.join(', ')}`
}

// The sentence about a field of the form, for the field itself: "must not be empty" of "A value is not allowed: on: must
// not be empty". `path` also takes errors of what stands below it.
export function wrongAt(error: { field: string | null; message: string } | null, path: string): string | null {
  const field = error?.field ?? null
  if (error === null || field === null) return null
  if (field !== path && !field.startsWith(`${path}.`) && !field.startsWith(`${path}[`)) return null
  const at = error.message.indexOf(`${field}: `)
  return at < 0 ? error.message : error.message.slice(at + field.length + 2)
}

export const part_words: Record<GuardrailReplacement['changes'][number]['part'], string> = {
  rule: 'rule',
  pattern: 'pattern',
  word_list: 'word list',
  topic: 'topic',
  allow_list: 'allow-list',
  gitleaks: 'gitleaks file',
}

// "2 added, 1 removed"
export function changeWords(changes: GuardrailReplacement['changes']): string {
  return (['added', 'changed', 'moved', 'removed'] as const)
    .map((what) => ({ what, number: changes.filter(({ change }) => change === what).length }))
    .filter(({ number }) => number > 0)
    .map(({ what, number }) => `${number} ${what}`)
    .join(', ')
}

// Holds things that detectors find; the key has only the form of one.
export const sample_text =
  'Write to ada@example.com. The new key is DATADOG_API_KEY=9f3c1ae07b52d86431fe0ac5972db84e'

export type Span = { start: number; end: number; done: GuardAction | 'found' }
export type Piece = { text: string; done: GuardAction | 'found' | null }

const strength: Record<Span['done'], number> = { found: 0, shadow: 1, flag: 2, redact: 3, block: 4 }

// Cuts a text at the edges of the spans, which count bytes of UTF-8. Where spans overlap, the strongest shows.
export function piecesOf(text: string, spans: Span[]): Piece[] {
  const bytes = new TextEncoder().encode(text)
  const decoder = new TextDecoder()
  const inside = spans.filter(({ start, end }) => start < end && start < bytes.length)
  const edges = [...new Set([0, bytes.length, ...inside.flatMap(({ start, end }) => [start, Math.min(end, bytes.length)])])]
  edges.sort((a, b) => a - b)
  const pieces: Piece[] = []
  edges.slice(0, -1).forEach((start, at) => {
    const end = edges[at + 1] ?? bytes.length
    const covering = inside.filter((span) => span.start <= start && span.end >= end).map((span) => span.done)
    const done = covering.sort((a, b) => strength[b] - strength[a])[0] ?? null
    pieces.push({ text: decoder.decode(bytes.slice(start, end)), done })
  })
  return pieces
}

// What the test bench shows in the text. Limits are about it as a whole.
export function spansOf(trial: GuardrailTrial): Span[] {
  const found = trial.findings.filter(({ hit }) => hit).map(({ start, end }) => ({ start, end, done: 'found' as const }))
  const matched = trial.matches
    .filter(({ detector }) => detector !== 'limits')
    .map(({ start, end, action }) => ({ start, end, done: action }))
  return [...found, ...matched]
}

export function sliceOf(text: string, start: number, end: number): string {
  return new TextDecoder().decode(new TextEncoder().encode(text).slice(start, end))
}

export function verdictOf(trial: GuardrailTrial): { tone: 'good' | 'wait' | 'bad'; words: string } {
  if (trial.blocked_by !== null) return { tone: 'bad', words: `Blocked by ${trial.blocked_by}` }
  const redactions = trial.matches.filter(({ action }) => action === 'redact').length
  if (redactions > 0) return { tone: 'wait', words: `Goes on with ${redactions === 1 ? '1 redaction' : `${redactions} redactions`}` }
  if (trial.matches.length > 0) return { tone: 'wait', words: 'Goes on unchanged, and is recorded' }
  return { tone: 'good', words: 'Goes on unchanged' }
}

export const outcome_ranges = {
  '1h': { label: 'Last hour', minutes: 60, bucket: '5m' },
  '24h': { label: 'Last 24 hours', minutes: 24 * 60, bucket: '1h' },
  '7d': { label: 'Last 7 days', minutes: 7 * 24 * 60, bucket: '1h' },
  '30d': { label: 'Last 30 days', minutes: 30 * 24 * 60, bucket: '1d' },
} as const
export type OutcomeRange = keyof typeof outcome_ranges

export function outcomeFilters(range: OutcomeRange, rule: string | undefined, now: number): OutcomeFilters {
  const { minutes, bucket } = outcome_ranges[range]
  const from = new Date(now - minutes * 60_000).toISOString()
  return { from, to: new Date(now).toISOString(), bucket, ...(rule === undefined ? {} : { rule }) }
}

const step_ms = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 }

export type Column = { time: string; parts: { done: GuardrailDone; requests: number }[]; total: number }

// One column for each step, steps without outcomes included.
export function columnsOf({ from, to, bucket, items }: GuardrailOutcomes): Column[] {
  const step = step_ms[bucket]
  const first = Math.floor(Date.parse(from) / step) * step
  const columns: Column[] = []
  for (let at = first; at < Date.parse(to); at += step) {
    const here = items.filter((one) => Date.parse(one.time) === at)
    const parts = all_done
      .map((done) => ({ done, requests: sum(here.filter((one) => one.action === done)) }))
      .filter((part) => part.requests > 0)
    columns.push({ time: new Date(at).toISOString(), parts, total: sum(here) })
  }
  return columns
}

function sum(counts: GuardrailCount[]): number {
  return counts.reduce((all, one) => all + one.requests, 0)
}

export type OutcomeTotal = Omit<GuardrailCount, 'time'>

// The whole time by rule, action and surface, the most frequent first.
export function totalsOf(items: GuardrailCount[]): OutcomeTotal[] {
  const totals = new Map<string, OutcomeTotal>()
  for (const { rule, action, phase, requests, findings } of items) {
    const key = JSON.stringify([rule, action, phase])
    const total = totals.get(key) ?? { rule, action, phase, requests: 0, findings: 0 }
    total.requests += requests
    total.findings += findings
    totals.set(key, total)
  }
  return [...totals.values()].sort((a, b) => b.requests - a.requests || a.rule.localeCompare(b.rule))
}

type Parts = { patterns?: { id?: string }[]; word_lists?: { id?: string }[]; topics?: { id?: string }[]; allow_lists?: { id?: string }[] }

// What a template brings along without what is there already: a list that was filled is not emptied by starting anew.
export function withoutSaved<Given extends Parts>(parts: Given, saved: Record<keyof Parts, string[]>): Given {
  const left = Object.entries(parts).map(([member, items]) => [
    member,
    items.filter((one) => one.id === undefined || !saved[member as keyof Parts].includes(one.id)),
  ])
  return Object.fromEntries(left) as Given
}
