import { Group, Radio, Select, Textarea } from '@mantine/core'
import { useState } from 'react'
import { asApiError } from '~/api/error'
import type { App, AppDecision } from '~/api/types'
import { Dialog } from '~/parts/dialog'
import { useDecide } from '~/state/apps'
import { useDevices } from '~/state/devices'
import type { Change } from '~/words/decisions'
import classes from './approvals.module.css'
import { offerUndo } from './undo_notice'

export type Deciding = { apps: App[]; decision: AppDecision; device_id?: string | undefined }

const verbs: Record<AppDecision, { verb: string; done: string; effect: string }> = {
  approved: {
    verb: 'Approve',
    done: 'approved',
    effect: 'Requests of the app are let through, within the limits of the virtual key.',
  },
  denied: {
    verb: 'Deny',
    done: 'denied',
    effect: 'Connected devices refuse its requests within a second, open connections included. The person sees the note.',
  },
  pending: {
    verb: 'Reset',
    done: 'pending again',
    effect: 'The app waits for a decision again; until then the setting for pending apps holds.',
  },
}

// Asks for the note and the scope of a decision, applies it and offers to take it back.
export function DecideDialog({
  deciding,
  onClose,
  onDone,
}: {
  deciding: Deciding
  onClose: () => void
  onDone: () => void
}) {
  const { apps, decision } = deciding
  const [only] = apps
  const single = apps.length === 1 ? only : undefined
  const [note, setNote] = useState('')
  const [scope, setScope] = useState<'global' | 'device'>(deciding.device_id === undefined ? 'global' : 'device')
  const [device_id, setDevice] = useState<string | null>(deciding.device_id ?? null)
  const decide = useDecide()
  const words = verbs[decision]
  const subject = single?.name ?? `${apps.length} apps`
  const failed_field = decide.error ? asApiError(decide.error).field : null

  const apply = () => {
    const said = note.trim() === '' ? null : note.trim()
    const change: Change =
      single !== undefined && scope === 'device' && device_id !== null
        ? { kind: 'device', app: single.app, device_id, decision, note: said }
        : { kind: 'everywhere', apps: apps.map((app) => app.app), decision, note: said }
    decide.mutate(
      { change, before: apps },
      {
        onSuccess: (undo) => {
          const where = change.kind === 'device' ? ' on one device' : ''
          offerUndo(`${subject} ${words.done}${where}.`, undo)
          onDone()
        },
      },
    )
  }

  return (
    <Dialog
      title={`${words.verb} ${subject}`}
      submit={words.verb}
      danger={decision === 'denied'}
      busy={decide.isPending}
      error={decide.error}
      disabled={scope === 'device' && device_id === null}
      onClose={onClose}
      onSubmit={apply}
    >
      <p className={classes.text}>{words.effect}</p>
      <Textarea
        label="Note"
        placeholder={decision === 'denied' ? 'Why, and what to use instead' : 'Optional'}
        data-autofocus
        autosize
        minRows={2}
        maxRows={6}
        maxLength={500}
        error={failed_field === 'note'}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {single && (
        <Radio.Group
          label="Where"
          size="xs"
          value={scope}
          onChange={(value) => setScope(value === 'device' ? 'device' : 'global')}
        >
          <Group gap="lg" mt={6}>
            <Radio size="xs" value="global" label="Everywhere" />
            <Radio size="xs" value="device" label="One device" />
          </Group>
        </Radio.Group>
      )}
      {single && scope === 'device' && (
        <DeviceSelect value={device_id} onChange={setDevice} wrong={failed_field === 'device_id'} />
      )}
    </Dialog>
  )
}

function DeviceSelect({
  value,
  onChange,
  wrong,
}: {
  value: string | null
  onChange: (id: string | null) => void
  wrong: boolean
}) {
  const devices = useDevices({})
  return (
    <Select
      label="Device"
      placeholder={devices.loading ? 'Loading…' : 'Choose a device'}
      searchable
      nothingFoundMessage="No such device"
      data={devices.items
        .filter((device) => device.state !== 'revoked')
        .map((device) => ({ value: device.id, label: device.hostname }))}
      error={wrong || (devices.error ? 'The devices could not be read' : false)}
      value={value}
      onChange={onChange}
    />
  )
}
