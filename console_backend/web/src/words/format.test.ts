import { describe, expect, it } from 'vitest'
import { ago, count, duration, left, money, shortFingerprint } from './format'

describe('values for people', () => {
  it('writes durations with three digits and the fitting unit', () => {
    expect([0, 412, 1_500, 31_000, 999_400, 2_841_022, 64_000_000].map(duration)).toEqual([
      '0 µs',
      '412 µs',
      '1.50 ms',
      '31.0 ms',
      '999 ms',
      '2.84 s',
      '1 min 4 s',
    ])
  })

  it('keeps the digits of small amounts of money', () => {
    expect([0, 320_000, 12_196_800, 1_234_500_000_000].map(money)).toEqual(['$0', '$0.000320', '$0.0122', '$1,234.50'])
  })

  it('draws what is not known as a dash and not as zero', () => {
    expect([count(null), duration(null), money(null)]).toEqual(['–', '–', '–'])
  })

  it('tells distances in time in the largest unit that fits', () => {
    const now = Date.parse('2026-01-31T12:00:00Z')
    expect(ago('2026-01-31T11:59:48Z', now)).toBe('12 s ago')
    expect(ago('2026-01-27T03:21:00Z', now)).toBe('4 d ago')
    expect(ago('2026-01-31T12:00:09Z', now)).toBe('now')
    expect(ago('2025-11-02T12:00:00Z', now)).toBe('2025-11-02')
    expect(ago(null, now)).toBe('never')
    expect(left('2026-02-01T09:00:00Z', now)).toBe('in 21 h')
    expect(left('2026-01-31T11:00:00Z', now)).toBe('expired')
  })

  it('groups a fingerprint by bytes', () => {
    expect(shortFingerprint('9f86d0')).toBe('9F:86:D0')
  })
})
