import { Button, TextInput } from '@mantine/core'
import type { ColumnDef } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import type { ApiToken } from '~/api/types'
import { CopyText } from '~/parts/copy_text'
import { DataTable } from '~/parts/data_table'
import { Dialog, Told } from '~/parts/dialog'
import { ListView } from '~/parts/list_view'
import { Page } from '~/parts/page'
import { Empty } from '~/parts/states'
import { Ago } from '~/parts/times'
import { useApiTokens, useCreateApiToken, useDeleteApiToken } from '~/state/keys'

function columnsOf(revoke: (token: ApiToken) => void): ColumnDef<ApiToken>[] {
  return [
    { header: 'Name', accessorKey: 'name' },
    { header: 'Id', cell: ({ row }) => <span className="mono">{row.original.id}</span>, meta: { width: 260 } },
    { header: 'Created by', accessorKey: 'created_by', meta: { width: 220 } },
    { header: 'Created', cell: ({ row }) => <Ago time={row.original.created_at} />, meta: { width: 120 } },
    { header: 'Last used', cell: ({ row }) => <Ago time={row.original.last_used_at} />, meta: { width: 120 } },
    {
      header: 'Actions',
      cell: ({ row }) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Revoke ${row.original.name}`}
          onClick={() => revoke(row.original)}
        >
          Revoke
        </Button>
      ),
      meta: { width: 120, align: 'right' },
    },
  ]
}

export function ApiTokensPage() {
  const list = useApiTokens()
  const [creating, setCreating] = useState(false)
  const [leaving, setLeaving] = useState<ApiToken | null>(null)
  const remove = useDeleteApiToken()
  const columns = useMemo(() => columnsOf(setLeaving), [])
  const close = () => {
    setLeaving(null)
    remove.reset()
  }
  return (
    <Page
      title="API tokens"
      actions={
        <Button variant="default" onClick={() => setCreating(true)}>
          New API token
        </Button>
      }
    >
      <ListView
        list={list}
        what="API tokens"
        empty={
          <Empty title="There is no API token.">
            <p>Scripts use one to administer Sluice: “Authorization: Bearer slc_api_…”.</p>
          </Empty>
        }
      >
        <DataTable label="API tokens" columns={columns} items={list.items} idOf={(item) => item.id} minWidth={940} />
      </ListView>
      {creating && <NewApiToken onClose={() => setCreating(false)} />}
      {leaving && (
        <Dialog
          title={`Revoke ${leaving.name}`}
          submit="Revoke"
          danger
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onSubmit={() => remove.mutate(leaving.id, { onSuccess: close })}
        >
          <span>Scripts that use it are refused from their next request on.</span>
        </Dialog>
      )}
    </Page>
  )
}

function NewApiToken({ onClose }: { onClose: () => void }) {
  const create = useCreateApiToken()
  const [name, setName] = useState('')
  if (create.data)
    return (
      <Told title={`API token ${name}`} onClose={onClose}>
        <span>Shown only now. It may do everything that an administrator may.</span>
        <CopyText label="API token" text={create.data.token} />
      </Told>
    )
  return (
    <Dialog
      title="New API token"
      submit="Create token"
      busy={create.isPending}
      error={create.error}
      disabled={name.trim() === ''}
      onClose={onClose}
      onSubmit={() => create.mutate(name.trim())}
    >
      <TextInput
        label="Name"
        description="What uses it. Stands in the record of administrator actions."
        data-autofocus
        maxLength={128}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Dialog>
  )
}
