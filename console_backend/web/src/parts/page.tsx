import type { ReactNode } from 'react'
import { useDocumentTitle } from '@mantine/hooks'
import classes from './page.module.css'

// The frame of a page: a title with actions, filters, and a body that scrolls by itself.
export function Page({
  title,
  actions,
  filters,
  children,
}: {
  title: string
  actions?: ReactNode
  filters?: ReactNode
  children: ReactNode
}) {
  useDocumentTitle(`${title} · Sluice`)
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        <div className={classes.actions}>{actions}</div>
      </header>
      {filters && <div className={classes.filters}>{filters}</div>}
      <div className={classes.body}>{children}</div>
    </>
  )
}
