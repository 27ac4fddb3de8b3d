import { Drawer } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Loading } from './list_view'
import { useReturnFocus } from './return_focus'
import { Failure } from './states'

// The details of one row, beside the list. Escape closes it; a click beside it too, but not where a form would be lost.
export function SidePanel({
  title,
  onClose,
  form = false,
  children,
}: {
  title: ReactNode
  onClose: () => void
  form?: boolean
  children: ReactNode
}) {
  useReturnFocus()
  return (
    <Drawer opened onClose={onClose} title={title} closeOnClickOutside={!form} {...(form ? { size: 680 } : {})}>
      {children}
    </Drawer>
  )
}

// Draws one object in each of its states; `children` gets the data.
export function ObjectView<Data>({
  query,
  what,
  children,
}: {
  query: UseQueryResult<Data>
  what: string
  children: (data: Data) => ReactNode
}) {
  if (query.isPending) return <Loading what={what} rows={6} />
  if (query.data === undefined)
    return <Failure error={query.error} retry={() => void query.refetch()} what={`The ${what} could not be read`} />
  return <>{children(query.data)}</>
}
