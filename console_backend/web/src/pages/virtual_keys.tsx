import { Button } from '@mantine/core'
import type { ColumnDef } from '@tanstack/react-table'
import { useState } from 'react'
import type { ProviderConfig, VirtualKey } from '~/api/types'
import { DataTable } from '~/parts/data_table'
import { ListView } from '~/parts/list_view'
import { Page } from '~/parts/page'
import { Empty } from '~/parts/states'
import { Status } from '~/parts/status'
import { Ago } from '~/parts/times'
import { useVirtualKeys } from '~/state/keys'
import { VirtualKeyDialog } from './virtual_key_dialog'

function allowed(configs: ProviderConfig[]): string {
  if (configs.length === 0) return 'none'
  return configs
    .map(({ provider, allowed_models: models }) =>
      models.includes('*') ? `${provider}: all` : `${provider}: ${models.length === 0 ? 'none' : models.join(', ')}`,
    )
    .join(' · ')
}

const columns: ColumnDef<VirtualKey>[] = [
  { header: 'Name', accessorKey: 'name', meta: { opens: 'name', width: 220 } },
  { header: 'Id', cell: ({ row }) => <span className="mono">{row.original.id}</span>, meta: { width: 180 } },
  {
    header: 'State',
    cell: ({ row }) => (row.original.enabled ? <Status tone="good">Enabled</Status> : <Status tone="idle">Disabled</Status>),
    meta: { width: 110 },
  },
  { header: 'Team', cell: ({ row }) => row.original.team_id ?? '–', meta: { width: 120 } },
  { header: 'Fleet default', cell: ({ row }) => (row.original.fleet_default ? 'yes' : ''), meta: { width: 110 } },
  {
    header: 'Allowed models',
    cell: ({ row }) => {
      const text = allowed(row.original.provider_configs)
      return <span title={text}>{text}</span>
    },
  },
  { header: 'Changed', cell: ({ row }) => <Ago time={row.original.updated_at} />, meta: { width: 110 } },
]

export function VirtualKeysPage() {
  const list = useVirtualKeys()
  const [editing, setEditing] = useState<VirtualKey | 'new' | null>(null)
  const create = (
    <Button variant="default" onClick={() => setEditing('new')}>
      New virtual key
    </Button>
  )
  return (
    <Page title="Virtual keys" actions={create}>
      <ListView
        list={list}
        what="virtual keys"
        empty={
          <Empty title="There is no virtual key.">
            <p>
              An API client needs one to use the gateway. The key marked as fleet default serves the intercepted apps of
              enrolled devices.
            </p>
          </Empty>
        }
      >
        <DataTable
          label="Virtual keys"
          columns={columns}
          items={list.items}
          idOf={(item) => item.id}
          minWidth={1080}
          onOpen={setEditing}
        />
      </ListView>
      {editing && (
        <VirtualKeyDialog virtual_key={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </Page>
  )
}
