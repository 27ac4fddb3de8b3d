// What is drawn in place of data: the empty, the failed and the unknown page.
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { asApiError } from '~/api/error'
import { Icon } from './icon'
import classes from './states.module.css'

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.state} role="status">
      <p className={classes.title}>{title}</p>
      {children}
    </div>
  )
}

export function Failure({ error, retry, what }: { error: Error | null; retry: () => void; what: string }) {
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{what}</p>
      {error && <p className={classes.reason}>{reasonOf(error)}</p>}
      <Button variant="default" onClick={retry}>
        Try again
      </Button>
    </div>
  )
}

// The server's sentence, with the field it is about.
export function reasonOf(error: Error): string {
  const { message, field } = asApiError(error)
  return field === null || message.includes(field) ? message : `${message} (${field})`
}

// A failure inside a form. Nothing is drawn without one.
export function FormFailure({ error }: { error: Error | null }) {
  if (error === null) return null
  return (
    <div className={classes.inline} role="alert">
      <Icon name="alert" />
      <span>{reasonOf(error)}</span>
    </div>
  )
}

export function Crash({ error }: { error: unknown }) {
  return (
    <Failure error={asApiError(error)} retry={() => window.location.reload()} what="This page failed; that is a bug in the console" />
  )
}

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <Link to="/devices">Go to Devices</Link>
    </Empty>
  )
}
