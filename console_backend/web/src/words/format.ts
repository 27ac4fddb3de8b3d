// How values are written for people. All pure; the clock and the zone are arguments or the browser's.

const dash = '–'

export function count(value: number | null): string {
  return value === null ? dash : value.toLocaleString('en-US')
}

// Microseconds as a person reads them: 412 µs, 31 ms, 2.84 s, 1 min 4 s.
export function duration(us: number | null): string {
  if (us === null) return dash
  if (us < 1_000) return `${us} µs`
  if (us < 1_000_000) return `${trimmed(us / 1_000)} ms`
  if (us < 60_000_000) return `${trimmed(us / 1_000_000)} s`
  const seconds = Math.round(us / 1_000_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

// Three significant digits.
function trimmed(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

// Whole nano-dollars; small amounts keep the digits that tell them apart.
export function money(nanodollars: number | null): string {
  if (nanodollars === null) return dash
  if (nanodollars === 0) return '$0'
  const dollars = nanodollars / 1e9
  if (dollars >= 1) return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
  return `$${dollars.toFixed(dollars >= 0.01 ? 4 : 6)}`
}

// How long ago, for a column that is read down: "now", "12 s", "5 min", "3 h", "4 d", then the day.
export function ago(time: string | null, now: number): string {
  if (time === null) return 'never'
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1000))
  if (seconds < 5) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  if (seconds < 60 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`
  return dayOf(new Date(time))
}

// What is left until `time`: "expired", "23 h", "6 d".
export function left(time: string, now: number): string {
  const seconds = Math.floor((Date.parse(time) - now) / 1000)
  if (seconds <= 0) return 'expired'
  if (seconds < 3600) return `in ${Math.max(1, Math.floor(seconds / 60))} min`
  if (seconds < 172_800) return `in ${Math.floor(seconds / 3600)} h`
  return `in ${Math.floor(seconds / 86_400)} d`
}

const two = (value: number) => String(value).padStart(2, '0')

function dayOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

// Local time to the second, for tables; `precise` adds milliseconds.
export function when(time: string | null, precise: 'seconds' | 'milliseconds' = 'seconds'): string {
  if (time === null) return dash
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return time
  const day = dayOf(at)
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  return precise === 'seconds' ? `${day} ${clock}` : `${day} ${clock}.${String(at.getMilliseconds()).padStart(3, '0')}`
}

export function shortFingerprint(hex: string): string {
  return (hex.match(/.{1,2}/g) ?? []).join(':').toUpperCase()
}
