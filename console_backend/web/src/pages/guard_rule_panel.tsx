import { Button, Checkbox, MultiSelect, NumberInput, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { asApiError } from '~/api/error'
import type { GuardAction, GuardRule, Surface, UnsavedParts } from '~/api/types'
import { Dialog } from '~/parts/dialog'
import { ObjectView, SidePanel } from '~/parts/side_panel'
import { FormFailure } from '~/parts/states'
import { useDeleteGuardRule, useGuardParts, useGuardRule, useSaveGuardRule } from '~/state/guardrails'
import { actions, bodyOf, draftOf, idFrom, redactions, surfaces, wrongAt, type RuleDraft } from '~/words/guardrails'
import { Detectors } from './guard_detectors'
import { ScopeFields } from './guard_scope'
import { UnsavedPartFields } from './guard_unsaved_parts'
import { Bench } from './guardrail_bench'
import type { NewRule } from './guardrails'
import classes from './guardrails.module.css'

export function ReadGuardRulePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useGuardRule(id)
  if (query.data) return <GuardRulePanel rule={query.data} onClose={onClose} />
  return (
    <SidePanel title={<span className="mono">{id}</span>} onClose={onClose}>
      <ObjectView query={query} what="rule">
        {() => null}
      </ObjectView>
    </SidePanel>
  )
}

type Wrong = (path: string) => string | null
type Set = (part: Partial<RuleDraft>) => void

// Every field of one rule, with a place to try it before it is saved. Null creates one.
export function GuardRulePanel({ rule, start, onClose }: { rule: GuardRule | null; start?: NewRule; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(rule ?? start?.rule ?? null))
  const [parts, setParts] = useState<UnsavedParts>(start?.parts ?? {})
  const [leaving, setLeaving] = useState(false)
  const save = useSaveGuardRule()
  const failure = save.error ? asApiError(save.error) : null
  const wrong: Wrong = (path) => wrongAt(failure, path)
  const set: Set = (part) => setDraft((before) => ({ ...before, ...part }))
  const id = draft.id === '' ? idFrom(draft.name) : draft.id
  const body = bodyOf({ ...draft, id })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (!save.isPending && id !== '') save.mutate({ id, body, parts, creates: rule === null }, { onSuccess: onClose })
  }
  return (
    <SidePanel form title={rule ? rule.name || rule.id : 'New rule'} onClose={onClose}>
      <form onSubmit={send} noValidate className={classes.form}>
        <Names draft={draft} id={id} fixed={rule !== null} set={set} wrong={wrong} />
        <Looks draft={draft} set={set} wrong={wrong} />
        <Detectors
          uses={draft.detectors}
          unsaved={parts}
          onChange={(detectors) => set({ detectors })}
          wrong={wrong}
        />
        <UnsavedPartFields parts={parts} onChange={setParts} wrong={wrong} />
        <Does draft={draft} set={set} wrong={wrong} />
        <Exceptions draft={draft} unsaved={parts} set={set} wrong={wrong} />
        <ScopeFields rule={rule} scope={draft.scope} onChange={(scope) => set({ scope })} wrong={wrong} />
        <Failures draft={draft} set={set} wrong={wrong} />
        <fieldset className={classes.group}>
          <legend>Try it</legend>
          <Bench draft={body} parts={parts} surfaces={draft.on} />
        </fieldset>
        <FormFailure error={save.error} />
        {id === '' && <p className={classes.effect}>It needs a name or an id.</p>}
        <div className={classes.foot}>
          <span>
            {rule && (
              <Button variant="subtle" color="red" onClick={() => setLeaving(true)}>
                Delete rule…
              </Button>
            )}
          </span>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={id === ''}>
            {rule ? 'Save' : 'Create rule'}
          </Button>
        </div>
      </form>
      {leaving && rule && <DeleteRule rule={rule} onClose={() => setLeaving(false)} onDone={onClose} />}
    </SidePanel>
  )
}

function DeleteRule({ rule, onClose, onDone }: { rule: GuardRule; onClose: () => void; onDone: () => void }) {
  const remove = useDeleteGuardRule()
  return (
    <Dialog
      title={`Delete ${rule.name || rule.id}`}
      submit="Delete"
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate(rule.id, { onSuccess: onDone })}
    >
      <span>Gateways and devices stop applying it within a second. What it did stays recorded.</span>
    </Dialog>
  )
}

type Fields = { draft: RuleDraft; set: Set; wrong: Wrong }

function Names({ draft, id, fixed, set, wrong }: Fields & { id: string; fixed: boolean }) {
  return (
    <>
      <div className={classes.pair}>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={256}
          error={wrong('name')}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Id"
          placeholder={id === '' ? 'stands in audit rows' : id}
          disabled={fixed}
          maxLength={64}
          error={wrong('id')}
          value={draft.id}
          onChange={(event) => set({ id: event.currentTarget.value })}
        />
      </div>
      <Switch
        size="xs"
        label="Enabled"
        checked={draft.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
    </>
  )
}

function Looks({ draft, set, wrong }: Fields) {
  return (
    <fieldset className={classes.group}>
      <legend>Looks at</legend>
      <div className={classes.choices}>
        {(Object.keys(surfaces) as Surface[]).map((surface) => (
          <Checkbox
            key={surface}
            size="xs"
            label={surfaces[surface]}
            checked={draft.on.includes(surface)}
            onChange={(event) => {
              const rest = draft.on.filter((one) => one !== surface)
              set({ on: event.currentTarget.checked ? [...rest, surface] : rest })
            }}
          />
        ))}
      </div>
      <Wrong text={wrong('on')} />
    </fieldset>
  )
}

function Wrong({ text }: { text: string | null }) {
  return text === null ? null : <p className={classes.wrong}>{text}</p>
}

function Does({ draft, set, wrong }: Fields) {
  return (
    <fieldset className={classes.group}>
      <legend>Does</legend>
      <SegmentedControl
        size="xs"
        aria-label="Action"
        data={(Object.keys(actions) as GuardAction[]).map((value) => ({ value, label: actions[value].label }))}
        value={draft.action}
        onChange={(action) => set({ action: action })}
      />
      <p className={classes.effect}>{actions[draft.action].effect}</p>
      <Wrong text={wrong('action')} />
      {draft.action === 'redact' && (
        <Select
          label="In its place"
          allowDeselect={false}
          data={[...redactions]}
          error={wrong('redaction')}
          value={draft.redaction}
          onChange={(redaction) => redaction && set({ redaction })}
        />
      )}
      {draft.action === 'block' && (
        <Textarea
          label="Message"
          description="Shown to the person. Without one, Sluice says which rule it was."
          autosize
          minRows={1}
          maxRows={4}
          maxLength={1000}
          error={wrong('message')}
          value={draft.message}
          onChange={(event) => set({ message: event.currentTarget.value })}
        />
      )}
    </fieldset>
  )
}

function Exceptions({ draft, unsaved, set, wrong }: Fields & { unsaved: UnsavedParts }) {
  const lists = useGuardParts('allow-lists')
  const ids = [...lists.items, ...(unsaved.allow_lists ?? [])].map((list) => list.id ?? '')
  return (
    <MultiSelect
      label="But not what these allow-lists hold"
      placeholder={draft.allow.length === 0 ? 'None' : ''}
      searchable
      nothingFoundMessage="No such allow-list"
      data={[...new Set([...ids, ...draft.allow])]}
      error={wrong('allow')}
      value={draft.allow}
      onChange={(allow) => set({ allow })}
    />
  )
}

const failures = [
  { value: 'block', label: 'Block' },
  { value: 'pass', label: 'Let it pass, recorded as not checked' },
] as const

function Failures({ draft, set, wrong }: Fields) {
  const answers = draft.on.some((surface) => surface === 'output' || surface === 'tool_arguments')
  return (
    <fieldset className={classes.group}>
      <legend>When it cannot be told</legend>
      <Select
        label="A check cannot run"
        allowDeselect={false}
        data={[...failures]}
        error={wrong('on_failure')}
        value={draft.on_failure}
        onChange={(on_failure) => on_failure && set({ on_failure })}
      />
      {answers && (
        <div className={classes.pair}>
          <NumberInput
            label="Bytes of a stream held back at most"
            description="A match that is still open after so many."
            min={0}
            max={1_048_576}
            thousandSeparator=","
            error={wrong('stream_cap_bytes')}
            value={draft.stream_cap_bytes}
            onChange={(value) => set({ stream_cap_bytes: Number(value) || 0 })}
          />
          <Select
            label="And then"
            description="What happens with a longer one."
            allowDeselect={false}
            data={[...failures]}
            error={wrong('over_cap')}
            value={draft.over_cap}
            onChange={(over_cap) => over_cap && set({ over_cap })}
          />
        </div>
      )}
    </fieldset>
  )
}
