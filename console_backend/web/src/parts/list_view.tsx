import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import type { List } from '~/state/pages'
import table from './data_table.module.css'
import { Icon } from './icon'
import { Failure, reasonOf } from './states'
import classes from './states.module.css'

// Draws a list in each of its states: loading, failed, empty, and `children` when there are rows. Rows that could not be
// renewed stay, with a line that says so.
export function ListView<Item>({
  list,
  what,
  empty,
  children,
}: {
  list: List<Item>
  // In the plural, for sentences: "devices".
  what: string
  empty: ReactNode
  children: ReactNode
}) {
  if (list.loading) return <Loading what={what} />
  if (list.error && !list.stale)
    return <Failure error={list.error} retry={list.retry} what={`The ${what} could not be read`} />
  return (
    <>
      {list.error && (
        <div className={classes.stale} role="alert">
          <Icon name="alert" />
          <span>{`The ${what} could not be renewed: ${reasonOf(list.error)}`}</span>
          <Button variant="default" onClick={list.retry}>
            Try again
          </Button>
        </div>
      )}
      {list.items.length === 0 ? empty : children}
      {list.more && (
        <div className={table.more}>
          <Button variant="default" loading={list.loadingMore} onClick={list.loadMore}>
            Load more
          </Button>
        </div>
      )}
    </>
  )
}

export function Loading({ what, rows = 8 }: { what: string; rows?: number }) {
  return (
    <div className={table.loading} role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={12} width={`${88 - ((row * 17) % 40)}%`} radius="sm" />
      ))}
    </div>
  )
}
