import { describe, expect, it } from 'vitest'
import type { GuardrailTrial } from '~/api/types'
import {
  bodyOf,
  changeWords,
  columnsOf,
  draftOf,
  idFrom,
  outcomeFilters,
  piecesOf,
  scopeWarnings,
  scopeWords,
  spansOf,
  totalsOf,
  verdictOf,
  withoutSaved,
  wrongAt,
} from './guardrails'

describe('the form of a rule', () => {
  it('gives every field a value', () => {
    const draft = draftOf({ on: ['output'], action: 'block', scope: { teams: ['platform'] } })
    expect(draft.scope).toEqual({ users: [], teams: ['platform'], keys: [], apps: [] })
    expect(draft.stream_cap_bytes).toBe(4096)
    expect(draft.on).toEqual(['output'])
  })

  it('sends of a detector only what belongs to its kind', () => {
    const draft = draftOf(null)
    draft.detectors = [
      { kind: 'pii', types: ['email'], names: ['left over'], max_bytes: 3, threshold: 0.5 },
      { kind: 'limits', modalities: [], max_bytes: 100, types: ['email'], threshold: 0.5 },
      { kind: 'custom', names: ['projects'], threshold: null },
    ]
    expect(bodyOf(draft).detectors).toEqual([
      { kind: 'pii', types: ['email'], threshold: 0.5 },
      { kind: 'limits', max_bytes: 100 },
      { kind: 'custom', names: ['projects'] },
    ])
  })

  it('makes an id of a name', () => {
    expect(idFrom('Redact: own Secrets!')).toBe('redact-own-secrets')
  })

  it('tells an error where its field is, or above it', () => {
    const error = { field: 'detectors[0].names[1]', message: 'A value is not allowed: detectors[0].names[1]: there is no such list' }
    expect(wrongAt(error, 'detectors[0].names')).toBe('there is no such list')
    expect(wrongAt(error, 'detectors[0]')).toBe('there is no such list')
    expect(wrongAt(error, 'detectors[1]')).toBeNull()
    expect(wrongAt({ field: 'on', message: 'must not be empty' }, 'on')).toBe('must not be empty')
    expect(wrongAt({ field: 'on_failure', message: 'x' }, 'on')).toBeNull()
    expect(wrongAt(null, 'on')).toBeNull()
  })

  it('names a scope', () => {
    expect(scopeWords({ users: [], apps: [] })).toBe('everybody')
    expect(scopeWords({ teams: ['a', 'b'], apps: ['codex'] })).toBe('team a, b · app codex')
  })
})

describe('what a rule names', () => {
  it('is kept when a template would bring it again', () => {
    const saved = { patterns: ['a'], word_lists: [], topics: [], allow_lists: [] }
    const parts = { patterns: [{ id: 'a' }, { id: 'b' }], word_lists: [{ id: 'a' }] }
    expect(withoutSaved(parts, saved)).toEqual({ patterns: [{ id: 'b' }], word_lists: [{ id: 'a' }] })
  })
})

describe('the test bench', () => {
  it('cuts a text by bytes, not by characters', () => {
    const pieces = piecesOf('Grüße an ada@example.com', [{ start: 11, end: 26, done: 'redact' }])
    expect(pieces).toEqual([
      { text: 'Grüße an ', done: null },
      { text: 'ada@example.com', done: 'redact' },
    ])
  })

  it('shows the strongest where matches overlap', () => {
    const pieces = piecesOf('abcdef', [
      { start: 0, end: 4, done: 'flag' },
      { start: 2, end: 6, done: 'block' },
    ])
    expect(pieces.map(({ text, done }) => [text, done])).toEqual([
      ['ab', 'flag'],
      ['cd', 'block'],
      ['ef', 'block'],
    ])
  })

  it('leaves a text without findings whole', () => {
    expect(piecesOf('abc', [])).toEqual([{ text: 'abc', done: null }])
    expect(piecesOf('', [])).toEqual([])
  })

  const trial: GuardrailTrial = { blocked_by: null, message: null, redacted: '', rules: [], findings: [], matches: [], not_run: [] }
  const match = { rule: 'r', start: 0, end: 3, detector: 'pii', found_by: 'email', type: 'email' } as const

  it('says what would happen', () => {
    expect(verdictOf(trial).words).toBe('Goes on unchanged')
    expect(verdictOf({ ...trial, matches: [{ ...match, action: 'flag' }] }).words).toBe('Goes on unchanged, and is recorded')
    expect(verdictOf({ ...trial, matches: [{ ...match, action: 'redact' }] }).words).toBe('Goes on with 1 redaction')
    expect(verdictOf({ ...trial, blocked_by: 'r' }).words).toBe('Blocked by r')
  })

  it('does not mark a text for its size', () => {
    expect(spansOf({ ...trial, matches: [{ ...match, detector: 'limits', action: 'block' }] })).toEqual([])
  })
})

describe('outcomes over time', () => {
  const count = { rule: 'secrets', action: 'redact', phase: 'input', requests: 2, findings: 5 } as const
  const items = [
    { ...count, time: '2026-01-31T10:00:00.000Z' },
    { ...count, time: '2026-01-31T10:00:00.000Z', action: 'block', requests: 1 } as const,
    { ...count, time: '2026-01-31T12:00:00.000Z' },
  ]

  it('has a column for each step, also for those without outcomes', () => {
    const columns = columnsOf({ from: '2026-01-31T10:20:00.000Z', to: '2026-01-31T12:20:00.000Z', bucket: '1h', items })
    expect(columns.map((column) => column.total)).toEqual([3, 0, 2])
    expect(columns[0]?.parts).toEqual([
      { done: 'block', requests: 1 },
      { done: 'redact', requests: 2 },
    ])
  })

  it('adds up by rule, action and surface', () => {
    expect(totalsOf(items)).toEqual([
      { ...count, requests: 4, findings: 10 },
      { ...count, action: 'block', requests: 1 },
    ])
  })

  it('asks for a range that ends now', () => {
    const filters = outcomeFilters('24h', undefined, Date.parse('2026-01-31T12:00:00.000Z'))
    expect(filters).toEqual({ from: '2026-01-30T12:00:00.000Z', to: '2026-01-31T12:00:00.000Z', bucket: '1h' })
  })
})

it('what an import changes is counted by kind', () => {
  const changes = (['removed', 'added', 'removed', 'moved'] as const).map((change) => ({ part: 'rule' as const, id: 'x', change }))
  expect(changeWords(changes)).toBe('1 added, 1 moved, 2 removed')
  expect(changeWords([])).toBe('')
})

it('a warning stands at its list until the name is taken out', () => {
  const scope = { users: [], teams: ['gone'], keys: ['ci', 'lost'], apps: [] }
  const warnings = [
    { path: 'scope.teams[0]', message: 'No virtual key belongs to the team gone' },
    { path: 'scope.keys[1]', message: 'There is no virtual key lost' },
    { path: 'elsewhere', message: 'Something newer' },
  ]
  const rule = { ...draftOf(null), scope, warnings, position: 0, updated_at: '' }
  expect(scopeWarnings(rule, scope)).toEqual({
    users: [],
    teams: ['No virtual key belongs to the team gone'],
    keys: ['There is no virtual key lost'],
    apps: [],
  })
  expect(scopeWarnings(rule, { ...scope, teams: [], keys: ['ci'] })).toEqual({ users: [], teams: [], keys: [], apps: [] })
  expect(scopeWarnings(null, scope).keys).toEqual([])
})
