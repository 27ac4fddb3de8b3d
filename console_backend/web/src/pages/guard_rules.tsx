import { ActionIcon, Button, Switch } from '@mantine/core'
import type { ColumnDef } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import { createPortal } from 'react-dom'
import type { GuardRule } from '~/api/types'
import { DataTable } from '~/parts/data_table'
import { Icon } from '~/parts/icon'
import { ListView } from '~/parts/list_view'
import { Empty, FormFailure } from '~/parts/states'
import { useGuardRules, usePutGuardRule } from '~/state/guardrails'
import { actions as action_words, detectorWords, scopeWords, surfaces } from '~/words/guardrails'
import { DocumentActions } from './guard_document'
import classes from './guardrails.module.css'

type Put = (rule: GuardRule, body: { enabled: boolean } | { position: number }) => void

function columnsOf(put: Put, busy: boolean, last: number): ColumnDef<GuardRule>[] {
  return [
    { header: '#', cell: ({ row }) => row.original.position + 1, meta: { width: 52, align: 'right' } },
    { header: 'Rule', cell: ({ row }) => <RuleName rule={row.original} />, meta: { opens: 'name' } },
    { header: 'For', cell: ({ row }) => <For rule={row.original} />, meta: { width: 165 } },
    { header: 'Looks at', cell: ({ row }) => <Words text={row.original.on.map((one) => surfaces[one]).join(', ')} />, meta: { width: 160 } },
    { header: 'For what', cell: ({ row }) => <Words text={row.original.detectors.map(detectorWords).join(' · ')} /> },
    { header: 'Does', cell: ({ row }) => action_words[row.original.action].label, meta: { width: 70 } },
    {
      header: 'Enabled',
      cell: ({ row }) => (
        <Switch
          size="xs"
          aria-label={`${row.original.name || row.original.id} is enabled`}
          checked={row.original.enabled}
          disabled={busy}
          onChange={(event) => put(row.original, { enabled: event.currentTarget.checked })}
        />
      ),
      meta: { width: 76 },
    },
    {
      id: 'order',
      header: () => <span className={classes.hidden}>Order</span>,
      cell: ({ row }) => <Order rule={row.original} put={put} busy={busy} last={last} />,
      meta: { width: 88, align: 'right' },
    },
  ]
}

function Words({ text }: { text: string }) {
  return <span title={text}>{text}</span>
}

function For({ rule }: { rule: GuardRule }) {
  const warnings = rule.warnings.map((one) => one.message).join('. ')
  return (
    <span className={classes.for}>
      {warnings !== '' && (
        <span className={classes.warning} role="img" aria-label={`Warning: ${warnings}`} title={warnings}>
          <Icon name="alert" size={14} />
        </span>
      )}
      <Words text={scopeWords(rule.scope)} />
    </span>
  )
}

function RuleName({ rule }: { rule: GuardRule }) {
  return (
    <span title={rule.name === '' ? rule.id : `${rule.name}, ${rule.id}`}>
      {rule.name || rule.id}
      {rule.name !== '' && <span className={classes.side}>{rule.id}</span>}
    </span>
  )
}

function Order({ rule, put, busy, last }: { rule: GuardRule; put: Put; busy: boolean; last: number }) {
  const name = rule.name || rule.id
  return (
    <span className={classes.buttons}>
      <ActionIcon
        size="sm"
        aria-label={`Move ${name} up`}
        disabled={busy || rule.position === 0}
        onClick={() => put(rule, { position: rule.position - 1 })}
      >
        <Icon name="up" size={14} />
      </ActionIcon>
      <ActionIcon
        size="sm"
        aria-label={`Move ${name} down`}
        disabled={busy || rule.position === last}
        onClick={() => put(rule, { position: rule.position + 1 })}
      >
        <Icon name="down" size={14} />
      </ActionIcon>
    </span>
  )
}

export function GuardRulesTab({
  openId,
  onOpen,
  onNew,
  actions,
}: {
  openId: string | undefined
  onOpen: (id: string) => void
  onNew: () => void
  actions: HTMLElement | null
}) {
  const list = useGuardRules()
  const { mutate, isPending, error } = usePutGuardRule()
  const [unread, setUnread] = useState<Error | null>(null)
  const last = list.more ? Number.MAX_SAFE_INTEGER : list.items.length - 1
  const columns = useMemo(
    () => columnsOf((rule, body) => mutate({ id: rule.id, body }), isPending, last),
    [mutate, isPending, last],
  )
  return (
    <>
      {actions &&
        createPortal(
          <>
            <DocumentActions onFailure={setUnread} />
            <Button variant="default" onClick={onNew}>
              New rule
            </Button>
          </>,
          actions,
        )}
      {(error ?? unread) && (
        <div className={classes.failure}>
          <FormFailure error={error ?? unread} />
        </div>
      )}
      <ListView list={list} what="rules" empty={<NoRule onNew={onNew} />}>
        <DataTable
          label="Guardrail rules"
          columns={columns}
          items={list.items}
          idOf={(rule) => rule.id}
          minWidth={1040}
          openId={openId}
          onOpen={(rule) => onOpen(rule.id)}
        />
      </ListView>
    </>
  )
}

function NoRule({ onNew }: { onNew: () => void }) {
  return (
    <Empty title="There is no guardrail yet.">
      <p>
        A rule looks for credentials, personal data, injected orders or words of your own in prompts, tool results and
        answers, and records, redacts or blocks what it finds. Without one, nothing is looked at and no stream is held back.
      </p>
      <Button variant="default" onClick={onNew}>
        Start from a template
      </Button>
    </Empty>
  )
}
