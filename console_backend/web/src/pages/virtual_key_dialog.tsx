import { ActionIcon, Button, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { asApiError } from '~/api/error'
import type { ProviderConfig, VirtualKey } from '~/api/types'
import { CopyText } from '~/parts/copy_text'
import { Dialog, Told } from '~/parts/dialog'
import { Icon } from '~/parts/icon'
import { useDeleteVirtualKey, useProviderNames, usePutVirtualKey } from '~/state/keys'
import classes from './virtual_key_dialog.module.css'

// Creates a virtual key (null) or changes one.
export function VirtualKeyDialog({ virtual_key, onClose }: { virtual_key: VirtualKey | null; onClose: () => void }) {
  const put = usePutVirtualKey()
  const [id, setId] = useState(virtual_key?.id ?? '')
  const [name, setName] = useState(virtual_key?.name ?? '')
  const [enabled, setEnabled] = useState(virtual_key?.enabled ?? true)
  const [fleet_default, setDefault] = useState(virtual_key?.fleet_default ?? false)
  const [team_id, setTeam] = useState(virtual_key?.team_id ?? '')
  const [provider_configs, setConfigs] = useState<ProviderConfig[]>(virtual_key?.provider_configs ?? [])
  const [leaving, setLeaving] = useState(false)
  const wrong = put.error ? asApiError(put.error).field : null

  if (leaving && virtual_key) return <DeleteKey virtual_key={virtual_key} onClose={onClose} />
  if (put.data?.key !== undefined) return <NewKey virtual_key={put.data} secret={put.data.key} onClose={onClose} />
  const send = () =>
    put.mutate(
      { id, body: { ...(name === '' ? {} : { name }), enabled, fleet_default, team_id: team_id === '' ? null : team_id, provider_configs } },
      { onSuccess: (answer) => answer.key === undefined && onClose() },
    )
  return (
    <Dialog
      title={virtual_key ? `Virtual key ${virtual_key.name}` : 'New virtual key'}
      submit={virtual_key ? 'Save' : 'Create key'}
      busy={put.isPending}
      error={put.error}
      disabled={id === ''}
      onSubmit={send}
      onClose={onClose}
    >
      <TextInput
        label="Id"
        description="Stable; letters, digits, dot, dash, underscore. Stands in audit rows."
        disabled={virtual_key !== null}
        data-autofocus={virtual_key === null || undefined}
        error={wrong === 'id'}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        data-autofocus={virtual_key !== null || undefined}
        error={wrong === 'name'}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Team"
        description="Free text; guardrails may name it."
        maxLength={128}
        error={wrong === 'team_id'}
        value={team_id}
        onChange={(event) => setTeam(event.currentTarget.value)}
      />
      <Models configs={provider_configs} onChange={setConfigs} wrong={wrong} />
      <Switch
        size="xs"
        label="Enabled"
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <Switch
        size="xs"
        label="Fleet default"
        description="Serves intercepted apps; only one key can be it."
        checked={fleet_default}
        onChange={(event) => setDefault(event.currentTarget.checked)}
      />
      {virtual_key?.warnings.map((warning) => (
        <p key={warning.path} className={classes.none}>{`${warning.message}.`}</p>
      ))}
      {virtual_key && (
        <div>
          <Button variant="subtle" color="red" size="compact-xs" onClick={() => setLeaving(true)}>
            Delete virtual key…
          </Button>
        </div>
      )}
    </Dialog>
  )
}

function DeleteKey({ virtual_key, onClose }: { virtual_key: VirtualKey; onClose: () => void }) {
  const remove = useDeleteVirtualKey()
  return (
    <Dialog
      title={`Delete ${virtual_key.name}`}
      submit="Delete"
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate(virtual_key.id, { onSuccess: onClose })}
    >
      <span>Whoever uses it is refused within a second. Its requests stay in the logs.</span>
    </Dialog>
  )
}

function Models({
  configs,
  onChange,
  wrong,
}: {
  configs: ProviderConfig[]
  onChange: (configs: ProviderConfig[]) => void
  wrong: string | null
}) {
  const names = useProviderNames()
  const change = (index: number, part: Partial<ProviderConfig>) =>
    onChange(configs.map((config, at) => (at === index ? { ...config, ...part } : config)))
  const unused = names.find((name) => !configs.some((config) => config.provider === name))
  return (
    <fieldset className={classes.models}>
      <legend>Allowed models</legend>
      {configs.map((config, index) => (
        <div key={index} className={classes.config}>
          <Select
            w={120}
            aria-label="Provider"
            allowDeselect={false}
            data={[...new Set([...names, config.provider])]}
            error={wrong === `provider_configs[${index}].provider`}
            value={config.provider}
            onChange={(provider) => change(index, { provider: provider ?? config.provider })}
          />
          <TagsInput
            className={classes.tags}
            size="xs"
            aria-label={`Models of ${config.provider}`}
            placeholder={config.allowed_models.length === 0 ? 'A model, or * for all' : ''}
            splitChars={[',', ' ']}
            error={wrong?.startsWith(`provider_configs[${index}].allowed_models`) ?? false}
            value={config.allowed_models}
            onChange={(allowed_models) => change(index, { allowed_models })}
          />
          <ActionIcon
            aria-label={`Remove ${config.provider}`}
            onClick={() => onChange(configs.filter((_, at) => at !== index))}
          >
            <Icon name="close" size={14} />
          </ActionIcon>
        </div>
      ))}
      {configs.length === 0 && <p className={classes.none}>None: the key can use no model.</p>}
      {configs.length > 1 && (
        <p className={classes.none}>A model named without a provider goes to the first of these that serves it.</p>
      )}
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<Icon name="plus" size={12} />}
        disabled={unused === undefined}
        onClick={() => unused !== undefined && onChange([...configs, { provider: unused, allowed_models: ['*'] }])}
      >
        Add provider
      </Button>
    </fieldset>
  )
}

function NewKey({ virtual_key, secret, onClose }: { virtual_key: VirtualKey; secret: string; onClose: () => void }) {
  return (
    <Told title={`Virtual key ${virtual_key.name}`} onClose={onClose}>
      <span>Shown only now; the console keeps a hash. Clients send it as “Authorization: Bearer” or “x-api-key”.</span>
      <CopyText label="Virtual key" text={secret} />
    </Told>
  )
}
