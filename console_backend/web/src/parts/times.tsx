import { ago, left, when } from '~/words/format'
import { useNow } from './now'

// A time as distance from now, with the exact one on hover.
export function Ago({ time }: { time: string | null }) {
  const now = useNow()
  if (time === null) return <span>never</span>
  return (
    <time dateTime={time} title={when(time)}>
      {ago(time, now)}
    </time>
  )
}

export function Left({ time }: { time: string }) {
  const now = useNow()
  return (
    <time dateTime={time} title={when(time)}>
      {left(time, now)}
    </time>
  )
}
