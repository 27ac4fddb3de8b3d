import { describe, expect, it } from 'vitest'
import type { App } from '~/api/types'
import { undoOf } from './decisions'

function app(name: string, part: Partial<App> = {}): App {
  return {
    app: name,
    name,
    vendor: null,
    decision: 'pending',
    note: null,
    reference: null,
    decided_by: null,
    decided_at: null,
    devices: 0,
    versions: [],
    first_seen: null,
    last_seen: null,
    requests_24h: 0,
    device_decisions: [],
    ...part,
  }
}

const exception = {
  device_id: 'dev_1',
  device_name: 'build-07',
  decision: 'denied',
  note: 'no',
  reference: null,
  decided_by: 'a',
  decided_at: '2026-01-01T00:00:00.000Z',
} as const

describe('taking a decision back', () => {
  it('restores the former decision with its note', () => {
    const before = [app('codex', { decision: 'approved', note: 'fine' })]
    expect(undoOf({ kind: 'everywhere', apps: ['codex'], decision: 'denied', note: 'x' }, before)).toEqual([
      { kind: 'everywhere', apps: ['codex'], decision: 'approved', note: 'fine' },
    ])
  })

  it('restores apps that were alike in one change and others in their own', () => {
    const before = [app('a'), app('b', { decision: 'approved' }), app('c'), app('untouched')]
    expect(undoOf({ kind: 'everywhere', apps: ['a', 'b', 'c'], decision: 'denied', note: null }, before)).toEqual([
      { kind: 'everywhere', apps: ['a', 'c'], decision: 'pending', note: null },
      { kind: 'everywhere', apps: ['b'], decision: 'approved', note: null },
    ])
  })

  it('removes a decision for a device that had none', () => {
    const change = { kind: 'device', app: 'codex', device_id: 'dev_1', decision: 'denied', note: null } as const
    expect(undoOf(change, [app('codex')])).toEqual([{ kind: 'remove_device', app: 'codex', device_id: 'dev_1' }])
  })

  it('puts a removed decision for a device back', () => {
    const change = { kind: 'remove_device', app: 'codex', device_id: 'dev_1' } as const
    expect(undoOf(change, [app('codex', { device_decisions: [exception] })])).toEqual([
      { kind: 'device', app: 'codex', device_id: 'dev_1', decision: 'denied', note: 'no' },
    ])
  })
})
