// The lists of what rules name: patterns, word lists, topics, allow-lists and gitleaks files. One table and one dialog each.
import { Button, NumberInput, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { ColumnDef } from '@tanstack/react-table'
import { useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { asApiError } from '~/api/error'
import type { GuardPartKind, GuardParts } from '~/api/types'
import { DataTable } from '~/parts/data_table'
import { Dialog } from '~/parts/dialog'
import { ListView, Loading } from '~/parts/list_view'
import { Empty, FormFailure } from '~/parts/states'
import { Ago } from '~/parts/times'
import { useDeleteGuardPart, useGuardPart, useGuardParts, usePutGuardPart } from '~/state/guardrails'
import { count } from '~/words/format'
import { wrongAt } from '~/words/guardrails'
import classes from './guardrails.module.css'

type Actions = { actions: HTMLElement | null }
type Wrong = (path: string) => string | null
type Listed<Kind extends GuardPartKind> = GuardParts[Kind]['listed']
type Put<Kind extends GuardPartKind> = GuardParts[Kind]['put']

type Shape<Kind extends GuardPartKind> = {
  kind: Kind
  noun: string
  nouns: string
  explained: string
  columns: ColumnDef<Listed<Kind>>[]
  fresh: Put<Kind>
  fields: (put: Put<Kind>, set: (part: Put<Kind>) => void, wrong: Wrong) => ReactNode
}

function PartsTab<Kind extends GuardPartKind>({ shape, actions }: Actions & { shape: Shape<Kind> }) {
  const list = useGuardParts(shape.kind)
  const [editing, setEditing] = useState<string | null>(null)
  const [creating, setCreating] = useState(false)
  const columns: ColumnDef<Listed<Kind>>[] = [
    { header: 'Id', accessorFn: (one) => one.id, meta: { opens: 'name', width: 240 } },
    ...shape.columns,
    { header: 'Changed', cell: ({ row }) => <Ago time={row.original.updated_at} />, meta: { width: 120 } },
  ]
  return (
    <>
      {actions &&
        createPortal(
          <Button variant="default" onClick={() => setCreating(true)}>
            {`New ${shape.noun}`}
          </Button>,
          actions,
        )}
      <ListView
        list={list}
        what={shape.nouns}
        empty={
          <Empty title={`There is no ${shape.noun}.`}>
            <p>{shape.explained}</p>
          </Empty>
        }
      >
        <p className={classes.note}>{shape.explained}</p>
        <DataTable
          label={shape.nouns}
          columns={columns}
          items={list.items}
          idOf={(one) => one.id}
          minWidth={760}
          onOpen={(one) => setEditing(one.id)}
        />
      </ListView>
      {creating && <PartDialog shape={shape} part={null} onClose={() => setCreating(false)} />}
      {editing !== null && (
        <ReadPartDialog key={editing} shape={shape} id={editing} onClose={() => setEditing(null)} />
      )}
    </>
  )
}

// Lists may tell less than there is (a file by its size), so what is edited is read whole.
function ReadPartDialog<Kind extends GuardPartKind>({ shape, id, onClose }: { shape: Shape<Kind>; id: string; onClose: () => void }) {
  const part = useGuardPart(shape.kind, id)
  if (part.data) return <PartDialog shape={shape} part={part.data} onClose={onClose} />
  return (
    <Dialog title={id} submit="Save" busy={false} error={part.error} disabled onSubmit={onClose} onClose={onClose}>
      {part.isPending && <Loading what={shape.noun} rows={3} />}
    </Dialog>
  )
}

function PartDialog<Kind extends GuardPartKind>({
  shape,
  part,
  onClose,
}: {
  shape: Shape<Kind>
  part: GuardParts[Kind]['whole'] | null
  onClose: () => void
}) {
  const save = usePutGuardPart(shape.kind)
  const remove = useDeleteGuardPart(shape.kind)
  const [id, setId] = useState(part?.id ?? '')
  const [put, setPut] = useState<Put<Kind>>(() => (part === null ? shape.fresh : bodyOf(part)))
  const failure = save.error ? asApiError(save.error) : null
  const wrong: Wrong = (path) => wrongAt(failure, path)
  return (
    <Dialog
      title={part ? `${capital(shape.noun)} ${part.id}` : `New ${shape.noun}`}
      submit="Save"
      busy={save.isPending}
      error={save.error}
      disabled={id === ''}
      onSubmit={() => save.mutate({ id, body: put, creates: part === null }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label="Id"
        description="Rules name it by this. Letters, digits, dot, dash, underscore."
        disabled={part !== null}
        data-autofocus={part === null || undefined}
        maxLength={64}
        error={wrong('id')}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      {shape.fields(put, (next) => setPut((before) => ({ ...before, ...next })), wrong)}
      {part && (
        <div>
          <Button
            variant="subtle"
            color="red"
            size="compact-xs"
            loading={remove.isPending}
            onClick={() => remove.mutate(part.id, { onSuccess: onClose })}
          >
            {`Delete ${shape.noun}`}
          </Button>
        </div>
      )}
      <FormFailure error={remove.error} />
    </Dialog>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function bodyOf<Kind extends GuardPartKind>(part: GuardParts[Kind]['whole']): Put<Kind> {
  const body: Record<string, unknown> = { ...part }
  delete body.id
  delete body.updated_at
  return body
}

function Lines({ label, description, value, error, onChange }: { label: string; description: string; value: string[]; error: string | null; onChange: (value: string[]) => void }) {
  const [text, setText] = useState(value.join('\n'))
  return (
    <Textarea
      label={label}
      description={description}
      autosize
      minRows={4}
      maxRows={14}
      error={error}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        onChange(event.currentTarget.value.split('\n').map((line) => line.trim()).filter((line) => line !== ''))
      }}
    />
  )
}

const words_column = <Kind extends 'word-lists' | 'topics'>(): ColumnDef<Listed<Kind>> => ({
  header: 'Words',
  cell: ({ row }) => <span title={row.original.words.slice(0, 100).join(', ')}>{`${count(row.original.words.length)}: ${row.original.words.slice(0, 20).join(', ')}`}</span>,
})

const patterns: Shape<'patterns'> = {
  kind: 'patterns',
  noun: 'pattern',
  nouns: 'patterns',
  explained: 'An expression of your own (RE2 syntax), such as the form of customer numbers. The finding is group 1 if there is one, else the whole match.',
  columns: [{ header: 'Expression', cell: ({ row }) => <span className="mono">{row.original.regex}</span> }],
  fresh: { regex: '', caseless: false },
  fields: (put, set, wrong) => (
    <>
      <TextInput
        label="Expression"
        classNames={{ input: 'mono' }}
        error={wrong('regex')}
        value={put.regex ?? ''}
        onChange={(event) => set({ regex: event.currentTarget.value })}
      />
      <Switch size="xs" label="Without regard to case" checked={put.caseless ?? false} onChange={(event) => set({ caseless: event.currentTarget.checked })} />
    </>
  ),
}

const word_lists: Shape<'word-lists'> = {
  kind: 'word-lists',
  noun: 'word list',
  nouns: 'word lists',
  explained: 'Words and phrases as they are written, such as names of projects.',
  columns: [words_column<'word-lists'>()],
  fresh: { words: [], caseless: true, whole_words: true },
  fields: (put, set, wrong) => (
    <>
      <Lines label="Words" description="One a line; phrases are allowed." error={wrong('words')} value={put.words ?? []} onChange={(words) => set({ words })} />
      <Switch size="xs" label="Without regard to case" checked={put.caseless ?? true} onChange={(event) => set({ caseless: event.currentTarget.checked })} />
      <Switch size="xs" label="Whole words only" checked={put.whole_words ?? true} onChange={(event) => set({ whole_words: event.currentTarget.checked })} />
    </>
  ),
}

const topics: Shape<'topics'> = {
  kind: 'topics',
  noun: 'topic',
  nouns: 'topics',
  explained: 'A subject, known by its words: found when enough different ones stand close together.',
  columns: [words_column<'topics'>(), { header: 'Needs', accessorFn: (one) => one.least, meta: { width: 80, align: 'right' } }],
  fresh: { words: [], least: 3, within_bytes: 1000 },
  fields: (put, set, wrong) => (
    <>
      <Lines label="Words" description="One a line; phrases are allowed." error={wrong('words')} value={put.words ?? []} onChange={(words) => set({ words })} />
      <div className={classes.pair}>
        <NumberInput label="Different words needed" min={1} max={500} error={wrong('least')} value={put.least ?? 3} onChange={(value) => set({ least: Number(value) || 1 })} />
        <NumberInput label="Within bytes" min={1} max={100_000} thousandSeparator="," error={wrong('within_bytes')} value={put.within_bytes ?? 1000} onChange={(value) => set({ within_bytes: Number(value) || 1 })} />
      </div>
    </>
  ),
}

const allow_lists: Shape<'allow-lists'> = {
  kind: 'allow-lists',
  noun: 'allow-list',
  nouns: 'allow-lists',
  explained: 'What is found and yet is none, for the rules that name the list: example keys, addresses of your own domain.',
  columns: [
    { header: 'Texts', accessorFn: (one) => count(one.texts.length), meta: { width: 100, align: 'right' } },
    { header: 'Expressions', cell: ({ row }) => <span className="mono">{row.original.regexes.join('  ')}</span> },
  ],
  fresh: { texts: [], regexes: [] },
  fields: (put, set, wrong) => (
    <>
      <Lines label="Texts" description="One a line: the finding, exactly." error={wrong('texts')} value={put.texts ?? []} onChange={(texts) => set({ texts })} />
      <TagsInput
        label="Expressions"
        description="RE2, matching the whole finding. Enter adds one."
        splitChars={['\n']}
        error={wrong('regexes')}
        value={put.regexes ?? []}
        onChange={(regexes) => set({ regexes })}
      />
    </>
  ),
}

const gitleaks: Shape<'gitleaks'> = {
  kind: 'gitleaks',
  noun: 'gitleaks file',
  nouns: 'gitleaks files',
  explained: 'Rules for credentials in the TOML format of gitleaks, as published. They add to the detector of credentials.',
  columns: [{ header: 'Bytes', accessorFn: (one) => count(one.bytes), meta: { width: 120, align: 'right' } }],
  fresh: { toml: '' },
  fields: (put, set, wrong) => (
    <Textarea
      label="File"
      description="Up to 1 MiB. Paste it, or drop its text here."
      classNames={{ input: 'mono' }}
      autosize
      minRows={8}
      maxRows={18}
      error={wrong('toml')}
      value={put.toml ?? ''}
      onChange={(event) => set({ toml: event.currentTarget.value })}
    />
  ),
}

export const PatternsTab = ({ actions }: Actions) => <PartsTab shape={patterns} actions={actions} />
export const WordListsTab = ({ actions }: Actions) => <PartsTab shape={word_lists} actions={actions} />
export const TopicsTab = ({ actions }: Actions) => <PartsTab shape={topics} actions={actions} />
export const AllowListsTab = ({ actions }: Actions) => <PartsTab shape={allow_lists} actions={actions} />
export const GitleaksTab = ({ actions }: Actions) => <PartsTab shape={gitleaks} actions={actions} />
