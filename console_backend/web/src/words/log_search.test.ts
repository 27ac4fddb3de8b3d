import { describe, expect, it } from 'vitest'
import { filtersOf, readLogSearch } from './log_search'

describe('filters in the address', () => {
  it('are taken when they are known and left out when they are not', () => {
    expect(readLogSearch({ app: 'codex', decision: 'denied', range: '1h', color: 'red' })).toEqual({
      app: 'codex',
      decision: 'denied',
      range: '1h',
    })
    expect(readLogSearch({ guardrail: 'no-secrets', virtual_key: 'ci', team: 'platform' })).toEqual({
      guardrail: 'no-secrets',
      virtual_key: 'ci',
      team: 'platform',
    })
    expect(readLogSearch({ app: '', decision: 'maybe', range: '2h', device: 'x'.repeat(65), from: 'soon' })).toEqual({})
  })

  it('prefer an absolute time over a relative range and write it in UTC', () => {
    expect(readLogSearch({ range: '1h', from: '2026-01-31T13:00:00+01:00' })).toEqual({
      from: '2026-01-31T12:00:00.000Z',
    })
  })
})

describe('filters for the server', () => {
  it('resolve a relative range at the time of asking', () => {
    expect(filtersOf({ app: 'codex', range: '1h' }, Date.parse('2026-01-31T12:00:00Z'))).toEqual({
      app: 'codex',
      from: '2026-01-31T11:00:00.000Z',
    })
  })
})
