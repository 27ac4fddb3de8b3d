// The filters of the Logs page as they stand in the address, so that a view can be bookmarked and sent to somebody.
import type { LogDecision, LogFilters } from '~/api/types'

export const log_decisions: readonly LogDecision[] = [
  'allowed',
  'denied',
  'refused',
  'failed',
  'interrupted',
  'in_progress',
]

export const ranges = { '15m': 15, '1h': 60, '24h': 24 * 60, '7d': 7 * 24 * 60 } as const
export type Range = keyof typeof ranges

export type LogSearch = {
  q?: string
  app?: string
  decision?: LogDecision
  device?: string
  model?: string
  provider?: string
  guardrail?: string
  virtual_key?: string
  team?: string
  range?: Range
  from?: string
  to?: string
}

type Raw = Record<string, unknown>

export function text(raw: Raw, name: string, longest = 200): string | undefined {
  const value = raw[name]
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined
}

export function oneOf<Name extends string>(raw: Raw, name: string, names: readonly Name[]): Name | undefined {
  return names.find((known) => known === raw[name])
}

function time(raw: Raw, name: string): string | undefined {
  const value = text(raw, name)
  const parsed = value === undefined ? NaN : Date.parse(value)
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString()
}

// Drops what is not given, so that the address holds only filters that are in effect.
export function given<Fields extends object>(fields: {
  [Name in keyof Fields]: Fields[Name] | undefined
}): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>
}

// Anybody can write an address: what is not a valid filter is left out. An absolute time outranks a relative range.
export function readLogSearch(raw: Raw): LogSearch {
  const from = time(raw, 'from')
  const to = time(raw, 'to')
  const absolute = from !== undefined || to !== undefined
  return given<LogSearch>({
    q: text(raw, 'q'),
    app: text(raw, 'app', 64),
    decision: oneOf(raw, 'decision', log_decisions),
    device: text(raw, 'device', 64),
    model: text(raw, 'model', 128),
    provider: text(raw, 'provider', 64),
    guardrail: text(raw, 'guardrail', 64),
    virtual_key: text(raw, 'virtual_key', 64),
    team: text(raw, 'team', 128),
    range: absolute ? undefined : oneOf(raw, 'range', Object.keys(ranges) as Range[]),
    from,
    to,
  })
}

export function filtersOf({ range, ...rest }: LogSearch, now: number): LogFilters {
  if (range === undefined) return rest
  return { ...rest, from: new Date(now - ranges[range] * 60_000).toISOString() }
}

export function isFiltered(search: LogSearch): boolean {
  return Object.keys(search).length > 0
}
