import { Button, Checkbox, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core'
import type { ColumnDef } from '@tanstack/react-table'
import { useState } from 'react'
import { createPortal } from 'react-dom'
import { asApiError } from '~/api/error'
import type { GuardProvider, GuardProviderKind, PutGuardProvider } from '~/api/types'
import { DataTable } from '~/parts/data_table'
import { Dialog } from '~/parts/dialog'
import { ListView } from '~/parts/list_view'
import { Empty, FormFailure } from '~/parts/states'
import { Status } from '~/parts/status'
import { Ago } from '~/parts/times'
import { useDeleteGuardProvider, useGuardProviders, useGuardrailTemplates, usePutGuardProvider } from '~/state/guardrails'
import { wrongAt } from '~/words/guardrails'
import classes from './guardrails.module.css'

const explained =
  'A service that is asked about texts besides the detectors: a vendor’s, or a webhook of your own. Gateways ask it, within the time and number of calls that are set here; its credential never leaves them.'

const columns: ColumnDef<GuardProvider>[] = [
  { header: 'Id', accessorKey: 'id', meta: { opens: 'name', width: 200 } },
  { header: 'Kind', accessorKey: 'kind', meta: { width: 180 } },
  { header: 'URL', cell: ({ row }) => <span className="mono">{row.original.url}</span> },
  {
    header: 'Credential',
    cell: ({ row }) => (row.original.has_credential ? <Status tone="good">Set</Status> : <Status tone="idle">Not set</Status>),
    meta: { width: 110 },
  },
  { header: 'Changed', cell: ({ row }) => <Ago time={row.original.updated_at} />, meta: { width: 120 } },
]

export function GuardProvidersTab({ actions }: { actions: HTMLElement | null }) {
  const list = useGuardProviders()
  const [editing, setEditing] = useState<GuardProvider | 'new' | null>(null)
  return (
    <>
      {actions &&
        createPortal(
          <Button variant="default" onClick={() => setEditing('new')}>
            New external check
          </Button>,
          actions,
        )}
      <ListView
        list={list}
        what="external checks"
        empty={
          <Empty title="There is no external check.">
            <p>{explained}</p>
          </Empty>
        }
      >
        <p className={classes.note}>{explained}</p>
        <DataTable
          label="external checks"
          columns={columns}
          items={list.items}
          idOf={(one) => one.id}
          minWidth={860}
          onOpen={setEditing}
        />
      </ListView>
      {editing && <ProviderDialog provider={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </>
  )
}

type Numbers = Required<
  Pick<GuardProvider, 'timeout_ms' | 'calls_per_minute' | 'breaker_failures' | 'breaker_open_seconds'>
>
const number_labels: Record<keyof Numbers, string> = {
  timeout_ms: 'Time-out in milliseconds',
  calls_per_minute: 'Calls a minute at most',
  breaker_failures: 'Failures that open the breaker',
  breaker_open_seconds: 'Seconds it stays open',
}
const usual: Numbers = { timeout_ms: 2000, calls_per_minute: 6000, breaker_failures: 5, breaker_open_seconds: 30 }

function ProviderDialog({ provider, onClose }: { provider: GuardProvider | null; onClose: () => void }) {
  const save = usePutGuardProvider()
  const remove = useDeleteGuardProvider()
  const kinds = useGuardrailTemplates().data?.vocabulary.providers 
  const [id, setId] = useState(provider?.id ?? '')
  const [kind, setKind] = useState(provider?.kind ?? 'webhook')
  const [url, setUrl] = useState(provider?.url ?? 'https://')
  const [options, setOptions] = useState<Record<string, string>>(provider?.options ?? {})
  const [numbers, setNumbers] = useState<Numbers>({ ...usual, ...provider })
  const [credential, setCredential] = useState('')
  const [drop, setDrop] = useState(false)
  const failure = save.error ? asApiError(save.error) : null
  const wrong = (path: string) => wrongAt(failure, path)
  const about = kinds?.find((one) => one.name === kind)
  const { timeout_ms, calls_per_minute, breaker_failures, breaker_open_seconds } = numbers
  const body: PutGuardProvider = {
    kind,
    url,
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')),
    timeout_ms,
    calls_per_minute,
    breaker_failures,
    breaker_open_seconds,
    ...(drop ? { credential: null } : credential === '' ? {} : { credential }),
  }
  return (
    <Dialog
      title={provider ? `External check ${provider.id}` : 'New external check'}
      submit="Save"
      busy={save.isPending}
      error={save.error}
      disabled={id === ''}
      onSubmit={() => save.mutate({ id, body, creates: provider === null }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label="Id"
        disabled={provider !== null}
        data-autofocus={provider === null || undefined}
        maxLength={64}
        error={wrong('id')}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <Select
        label="Kind"
        allowDeselect={false}
        data={kinds?.map(({ name, title }) => ({ value: name, label: title })) ?? [kind]}
        error={wrong('kind')}
        value={kind}
        onChange={(value) => {
          if (value === null) return
          setKind(value)
          setOptions({})
        }}
      />
      <TextInput
        label="URL"
        {...(about?.usual_url == null ? {} : { description: `Usually ${about.usual_url}` })}
        error={wrong('url')} value={url} onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <PasswordInput
        label="Credential"
        size="xs"
        description={provider?.has_credential ? 'One is set. Leave empty to keep it.' : credentialWords(about)}
        autoComplete="off"
        disabled={drop}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the credential' }}
        error={wrong('credential')}
        value={credential}
        onChange={(event) => setCredential(event.currentTarget.value)}
      />
      {provider?.has_credential && (
        <Checkbox
          size="xs"
          label="Remove the credential"
          checked={drop}
          onChange={(event) => setDrop(event.currentTarget.checked)}
        />
      )}
      {about?.options.map((option) => (
        <OptionField
          key={option.name}
          option={option}
          wrong={wrong(`options.${option.name}`)}
          value={options[option.name] ?? ''}
          onChange={(value) => setOptions({ ...options, [option.name]: value })}
        />
      ))}
      <div className={classes.pair}>
        {(Object.keys(number_labels) as (keyof Numbers)[]).map((name) => (
          <NumberInput
            key={name}
            label={number_labels[name]}
            min={1}
            allowDecimal={false}
            error={wrong(name)}
            value={numbers[name]}
            onChange={(value) => setNumbers({ ...numbers, [name]: Number(value) || 0 })}
          />
        ))}
      </div>
      {provider && (
        <div>
          <Button
            variant="subtle"
            color="red"
            size="compact-xs"
            loading={remove.isPending}
            onClick={() => remove.mutate(provider.id, { onSuccess: onClose })}
          >
            Delete external check
          </Button>
        </div>
      )}
      <FormFailure error={remove.error} />
    </Dialog>
  )
}

function credentialWords(kind: GuardProviderKind | undefined): string {
  const meaning = kind === undefined || kind.credential_meaning === '' ? '' : `${kind.credential_meaning}. `
  return `${meaning}${kind?.credential === 'optional' ? 'Optional. ' : ''}Encrypted at rest, never shown again.`
}

function OptionField({
  option,
  wrong,
  value,
  onChange,
}: {
  option: GuardProviderKind['options'][number]
  wrong: string | null
  value: string
  onChange: (value: string) => void
}) {
  const about = { label: option.required ? `${option.name} (needed)` : option.name, description: option.meaning, error: wrong }
  if (option.choices.length > 0)
    return (
      <Select
        {...about}
        clearable
        data={option.choices}
        value={value === '' ? null : value}
        onChange={(next) => onChange(next ?? '')}
      />
    )
  return <TextInput {...about} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
}
