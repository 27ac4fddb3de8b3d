import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { reasonOf } from '~/parts/states'
import { useUndo } from '~/state/apps'
import type { Change } from '~/words/decisions'
import classes from './approvals.module.css'

// Says what was done, with a button that takes it back while the notice stands.
export function offerUndo(message: string, changes: Change[]): void {
  const id = notifications.show({
    message: <Notice message={message} changes={changes} close={() => notifications.hide(id)} />,
    withBorder: true,
    color: 'blue',
    closeButtonProps: { 'aria-label': 'Dismiss' },
  })
}

function Notice({ message, changes, close }: { message: string; changes: Change[]; close: () => void }) {
  const undo = useUndo()
  if (undo.error) return <span role="alert">{`Not undone: ${reasonOf(undo.error)}`}</span>
  return (
    <span className={classes.undo}>
      {message}
      {changes.length > 0 && (
        <Button
          variant="subtle"
          size="compact-xs"
          loading={undo.isPending}
          onClick={() => undo.mutate(changes, { onSuccess: close })}
        >
          Undo
        </Button>
      )}
    </span>
  )
}
