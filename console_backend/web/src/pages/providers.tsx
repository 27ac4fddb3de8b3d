import { Button, Checkbox, PasswordInput, Select, TextInput } from '@mantine/core'
import type { ColumnDef } from '@tanstack/react-table'
import { useState } from 'react'
import { asApiError } from '~/api/error'
import type { Dialect, Provider, PutProvider } from '~/api/types'
import { DataTable } from '~/parts/data_table'
import { Dialog } from '~/parts/dialog'
import { ListView } from '~/parts/list_view'
import { Page } from '~/parts/page'
import { Empty } from '~/parts/states'
import { Status } from '~/parts/status'
import { useDeleteProvider, useProviders, usePutProvider } from '~/state/keys'

const columns: ColumnDef<Provider>[] = [
  { header: 'Provider', accessorKey: 'provider', meta: { opens: 'name', width: 220 } },
  { header: 'Base URL', cell: ({ row }) => <span className="mono">{row.original.base_url}</span> },
  { header: 'Dialect', accessorKey: 'dialect', meta: { width: 130 } },
  {
    header: 'API key',
    cell: ({ row }) => (row.original.has_key ? <Status tone="good">Set</Status> : <Status tone="idle">Not set</Status>),
    meta: { width: 130 },
  },
]

export function ProvidersPage() {
  const list = useProviders()
  const [editing, setEditing] = useState<Provider | 'new' | null>(null)
  const create = (
    <Button variant="default" onClick={() => setEditing('new')}>
      Add provider
    </Button>
  )
  return (
    <Page title="Providers" actions={create}>
      <ListView
        list={list}
        what="providers"
        empty={
          <Empty title="No provider is set up.">
            <p>API clients reach a provider with the key that is kept here. Intercepted apps keep using their own.</p>
          </Empty>
        }
      >
        <DataTable
          label="Providers"
          columns={columns}
          items={list.items}
          idOf={(item) => item.provider}
          minWidth={760}
          onOpen={setEditing}
        />
      </ListView>
      {editing && <ProviderDialog provider={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  )
}

const dialects: Dialect[] = ['openai', 'anthropic', 'gemini']

function ProviderDialog({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const put = usePutProvider()
  const [name, setName] = useState(provider?.provider ?? '')
  const [base_url, setUrl] = useState(provider?.base_url ?? 'https://')
  const [dialect, setDialect] = useState<Dialect>(provider?.dialect ?? 'openai')
  const [api_key, setKey] = useState('')
  const [remove, setRemove] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const wrong = put.error ? asApiError(put.error).field : null
  const body: PutProvider = { base_url, dialect, ...(remove ? { api_key: null } : api_key === '' ? {} : { api_key }) }
  if (leaving && provider) return <DeleteProvider provider={provider} onClose={onClose} />
  return (
    <Dialog
      title={provider ? `Provider ${provider.provider}` : 'New provider'}
      submit="Save"
      busy={put.isPending}
      error={put.error}
      disabled={name === ''}
      onSubmit={() => put.mutate({ name, body }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="Lower-case letters, digits and dashes, as in “openai/gpt-5-mini”."
        disabled={provider !== null}
        data-autofocus={provider === null || undefined}
        error={wrong === 'provider'}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Base URL"
        data-autofocus={provider !== null || undefined}
        error={wrong === 'base_url'}
        value={base_url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Select
        label="Dialect"
        allowDeselect={false}
        data={dialects}
        error={wrong === 'dialect'}
        value={dialect}
        onChange={(value) => setDialect(dialects.find((known) => known === value) ?? dialect)}
      />
      <PasswordInput
        label="API key"
        size="xs"
        description={provider?.has_key ? 'A key is set. Leave empty to keep it.' : 'Encrypted at rest, never shown again.'}
        autoComplete="off"
        disabled={remove}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the API key' }}
        error={wrong === 'api_key'}
        value={api_key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      {provider?.has_key && (
        <Checkbox
          size="xs"
          label="Remove the key"
          checked={remove}
          onChange={(event) => setRemove(event.currentTarget.checked)}
        />
      )}
      {provider && (
        <div>
          <Button variant="subtle" color="red" size="compact-xs" onClick={() => setLeaving(true)}>
            Delete provider…
          </Button>
        </div>
      )}
    </Dialog>
  )
}

function DeleteProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const remove = useDeleteProvider()
  return (
    <Dialog
      title={`Delete ${provider.provider}`}
      submit="Delete"
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate(provider.provider, { onSuccess: onClose })}
    >
      <span>Its key is deleted too. Virtual keys that list it have to let go of it first.</span>
    </Dialog>
  )
}
