import { useEffect, useState } from 'react'

// The time, renewed every `ms`: for "12 s ago" and countdowns.
export function useNow(ms = 5_000): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ms)
    return () => clearInterval(timer)
  }, [ms])
  return now
}
