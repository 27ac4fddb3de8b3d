import { Button } from '@mantine/core'
import type { ColumnDef } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import type { EnrolmentToken } from '~/api/types'
import { DataTable } from '~/parts/data_table'
import { Dialog } from '~/parts/dialog'
import { EnrolCommand } from '~/parts/enrol_command'
import { ListView } from '~/parts/list_view'
import { Page } from '~/parts/page'
import { Empty } from '~/parts/states'
import { Ago, Left } from '~/parts/times'
import { useDeleteEnrolmentToken, useEnrolmentTokens } from '~/state/keys'
import { NewEnrolmentToken } from './new_enrolment_token'

function columnsOf(withdraw: (token: EnrolmentToken) => void): ColumnDef<EnrolmentToken>[] {
  return [
    { header: 'Id', cell: ({ row }) => <span className="mono">{row.original.id}</span>, meta: { width: 260 } },
    { header: 'For', accessorKey: 'for', meta: { width: 100 } },
    { header: 'Used', cell: ({ row }) => `${row.original.used} of ${row.original.uses}`, meta: { width: 110 } },
    { header: 'Expires', cell: ({ row }) => <Left time={row.original.expires_at} />, meta: { width: 120 } },
    { header: 'Created by', accessorKey: 'created_by' },
    { header: 'Created', cell: ({ row }) => <Ago time={row.original.created_at} />, meta: { width: 120 } },
    {
      header: 'Actions',
      cell: ({ row }) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Withdraw ${row.original.id}`}
          onClick={() => withdraw(row.original)}
        >
          Withdraw
        </Button>
      ),
      meta: { width: 120, align: 'right' },
    },
  ]
}

export function EnrolmentPage() {
  const list = useEnrolmentTokens()
  const [creating, setCreating] = useState(false)
  const [leaving, setLeaving] = useState<EnrolmentToken | null>(null)
  const remove = useDeleteEnrolmentToken()
  const columns = useMemo(() => columnsOf(setLeaving), [])
  const close = () => {
    setLeaving(null)
    remove.reset()
  }
  return (
    <Page
      title="Enrolment"
      actions={
        <Button variant="default" onClick={() => setCreating(true)}>
          New enrolment token
        </Button>
      }
    >
      <ListView
        list={list}
        what="enrolment tokens"
        empty={
          <Empty title="There is no enrolment token.">
            <p>A device or gateway proves with a token that it may join. On the console's machine one is also made by:</p>
            <EnrolCommand.Console />
          </Empty>
        }
      >
        <DataTable label="Enrolment tokens" columns={columns} items={list.items} idOf={(item) => item.id} minWidth={960} />
      </ListView>
      {creating && <NewEnrolmentToken kind="device" onClose={() => setCreating(false)} />}
      {leaving && (
        <Dialog
          title={`Withdraw ${leaving.id}`}
          submit="Withdraw"
          danger
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onSubmit={() => remove.mutate(leaving.id, { onSuccess: close })}
        >
          <span>Nothing can enrol with it from now on. What has enrolled stays enrolled.</span>
        </Dialog>
      )}
    </Page>
  )
}
