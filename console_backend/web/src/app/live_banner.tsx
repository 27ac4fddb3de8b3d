import { Button } from '@mantine/core'
import { Icon } from '~/parts/icon'
import { useLiveStatus } from '~/state/live'
import { useNow } from '~/parts/now'
import classes from './shell.module.css'

// Says that what is shown may be old, as long as it may be.
export function LiveBanner() {
  const live = useLiveStatus()
  if (live.kind !== 'lost') return null
  return (
    <div className={classes.banner} role="status">
      <Icon name="alert" />
      <span>
        Connection to the console lost. What you see may be old. <Countdown until={live.retryAt} />
      </span>
      <Button variant="default" onClick={live.retryNow}>
        Retry now
      </Button>
    </div>
  )
}

function Countdown({ until }: { until: number }) {
  const seconds = Math.ceil((until - useNow(500)) / 1000)
  return <span aria-hidden>{seconds > 0 ? `Retrying in ${seconds} s.` : 'Retrying…'}</span>
}
