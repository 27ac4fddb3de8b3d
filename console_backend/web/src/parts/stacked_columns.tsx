import { all_done, done_words, type Column } from '~/words/guardrails'
import { when } from '~/words/format'
import classes from './stacked_columns.module.css'

const height = 160
const width = 1000

// Columns over time, parted by what was done. The numbers stand in a table beside it, so the drawing is one image to a
// screen reader; sizes are attributes and colours classes, which the content security policy allows.
export function StackedColumns({ label, columns, step }: { label: string; columns: Column[]; step: '5m' | '1h' | '1d' }) {
  const most = Math.max(1, ...columns.map((column) => column.total))
  const wide = width / Math.max(1, columns.length)
  const short = (time: string) => (step === '1d' ? when(time).slice(5, 10) : when(time).slice(5, 16))
  const [first, last] = [columns[0], columns.at(-1)]
  return (
    <figure className={classes.chart}>
      <div className={classes.frame}>
        <span className={classes.most}>{most.toLocaleString('en-US')}</span>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {columns.map((column, at) => {
            const bars = stacked(column, most)
            return (
              <g key={column.time}>
                <title>{`${short(column.time)}: ${column.parts.map((part) => `${done_words[part.done]} ${part.requests}`).join(', ') || 'nothing'}`}</title>
                <rect x={at * wide} y={0} width={wide} height={height} className={classes.ground} />
                {bars.map((bar) => (
                  <rect key={bar.done} x={at * wide + wide * 0.1} width={wide * 0.8} y={bar.y} height={bar.size} className={classes[bar.done]} />
                ))}
              </g>
            )
          })}
        </svg>
        <div className={classes.ends} aria-hidden>
          <span>{first && short(first.time)}</span>
          <span>{last && short(last.time)}</span>
        </div>
      </div>
      <figcaption className={classes.legend}>
        {all_done.map((done) => (
          <span key={done} className={classes[`${done}_key`]}>
            {done_words[done]}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

// The strongest at the bottom, where columns are compared best.
function stacked(column: Column, most: number) {
  let top = height
  return column.parts.map(({ done, requests }) => {
    const size = (requests / most) * (height - 4)
    top -= size
    return { done, y: top, size }
  })
}
