import type { ReactNode } from 'react'
import classes from './details.module.css'

// Pairs of name and value, as in a drawer. Null is drawn as a dash: "not known" is an answer too.
export function Details({ children }: { children: ReactNode }) {
  return <dl className={classes.details}>{children}</dl>
}

export function Detail({ name, children, mono = false }: { name: string; children: ReactNode; mono?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={mono ? 'mono' : undefined}>{children === null || children === '' ? '–' : children}</dd>
    </>
  )
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}
