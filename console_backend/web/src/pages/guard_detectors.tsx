import { ActionIcon, Button, MultiSelect, NumberInput, Select, TagsInput } from '@mantine/core'
import type { DetectorKind, DetectorUse, UnsavedParts } from '~/api/types'
import { Icon } from '~/parts/icon'
import { useGuardParts, useGuardProviders, useGuardrailTemplates } from '~/state/guardrails'
import { detectors as detector_words } from '~/words/guardrails'
import classes from './guardrails.module.css'

type Wrong = (path: string) => string | null
type Use = { use: DetectorUse; set: (part: Partial<DetectorUse>) => void; wrong: Wrong }

const kinds = (Object.keys(detector_words) as DetectorKind[]).map((value) => ({ value, label: detector_words[value] }))

// What a rule looks for: one entry for each detector, with the fields that its kind has.
export function Detectors({
  uses,
  unsaved,
  onChange,
  wrong,
}: {
  uses: DetectorUse[]
  unsaved: UnsavedParts
  onChange: (uses: DetectorUse[]) => void
  wrong: Wrong
}) {
  const put = (index: number, part: Partial<DetectorUse>) =>
    onChange(uses.map((use, at) => (at === index ? { ...use, ...part } : use)))
  return (
    <fieldset className={classes.group}>
      <legend>For what</legend>
      {uses.map((use, index) => (
        <div key={index} className={classes.detector}>
          <div className={classes.detectorHead}>
            <Select
              label={`Detector ${index + 1}`}
              allowDeselect={false}
              data={kinds}
              error={wrong(`detectors[${index}].kind`)}
              value={use.kind}
              onChange={(kind) => kind && put(index, { kind, types: [], names: [], modalities: [] })}
            />
            <ActionIcon
              aria-label={`Remove detector ${index + 1}`}
              onClick={() => onChange(uses.filter((_, at) => at !== index))}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          </div>
          <OfKind
            use={use}
            unsaved={unsaved}
            set={(part) => put(index, part)}
            wrong={(path) => wrong(`detectors[${index}].${path}`)}
          />
        </div>
      ))}
      {wrong('detectors') !== null && <p className={classes.wrong}>{wrong('detectors')}</p>}
      <div>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => onChange([...uses, { kind: 'pii' }])}
        >
          Add detector
        </Button>
      </div>
    </fieldset>
  )
}

function OfKind({ unsaved, ...fields }: Use & { unsaved: UnsavedParts }) {
  switch (fields.use.kind) {
    case 'secrets':
      return (
        <>
          <TagsInput
            label="Only these rules of the detector"
            placeholder="All, such as github-pat"
            splitChars={[',', ' ']}
            error={fields.wrong('names')}
            value={fields.use.names ?? []}
            onChange={(names) => fields.set({ names })}
          />
          <Threshold {...fields} />
        </>
      )
    case 'pii':
    case 'injection':
      return (
        <>
          <Types {...fields} />
          <Threshold {...fields} />
        </>
      )
    case 'custom':
      return <CustomNames {...fields} unsaved={unsaved} />
    case 'limits':
      return <Limits {...fields} />
    case 'external':
      return (
        <>
          <ProviderName {...fields} />
          <Threshold {...fields} />
        </>
      )
  }
}

function useVocabulary() {
  return useGuardrailTemplates().data?.vocabulary
}

function Types({ use, set, wrong }: Use) {
  const vocabulary = useVocabulary()
  const known = use.kind === 'injection' ? vocabulary?.injection : vocabulary?.pii
  const types = use.types ?? []
  return (
    <MultiSelect
      label="Types"
      placeholder={types.length === 0 ? 'All of them' : ''}
      searchable
      data={[...new Set([...(known ?? []), ...types])]}
      error={wrong('types')}
      value={types}
      onChange={(next) => set({ types: next })}
    />
  )
}

function Threshold({ use, set, wrong }: Use) {
  return (
    <NumberInput
      label="Score from which it counts"
      description="0 to 1. Empty: the detector's own."
      min={0}
      max={1}
      step={0.05}
      decimalScale={2}
      error={wrong('threshold')}
      value={use.threshold ?? ''}
      onChange={(value) => set({ threshold: value === '' ? null : Number(value) })}
    />
  )
}

function CustomNames({ use, set, wrong, unsaved }: Use & { unsaved: UnsavedParts }) {
  const patterns = useGuardParts('patterns').items
  const words = useGuardParts('word-lists').items
  const topics = useGuardParts('topics').items
  const names = use.names ?? []
  const group = (label: string, saved: { id: string }[], more: { id?: string }[] | undefined) => ({
    group: label,
    items: [...new Set([...saved, ...(more ?? [])].map((one) => one.id ?? ''))],
  })
  const groups = [
    group('Patterns', patterns, unsaved.patterns),
    group('Word lists', words, unsaved.word_lists),
    group('Topics', topics, unsaved.topics),
  ]
  const known = groups.flatMap((one) => one.items)
  const lost = names.filter((name) => !known.includes(name))
  return (
    <MultiSelect
      label="Patterns, word lists and topics"
      placeholder={names.length === 0 ? 'Choose at least one' : ''}
      searchable
      nothingFoundMessage="Make one on the tabs of this page first"
      data={[...groups, { group: 'Not there', items: lost }].filter((one) => one.items.length > 0)}
      error={wrong('names')}
      value={names}
      onChange={(next) => set({ names: next })}
    />
  )
}

function Limits({ use, set, wrong }: Use) {
  const vocabulary = useVocabulary()
  const modalities = use.modalities ?? []
  return (
    <>
      <MultiSelect
        label="What must not be uploaded"
        placeholder={modalities.length === 0 ? 'Nothing' : ''}
        data={[...new Set([...(vocabulary?.modalities ?? []), ...modalities])]}
        error={wrong('modalities')}
        value={modalities}
        onChange={(next) => set({ modalities: next as NonNullable<DetectorUse['modalities']> })}
      />
      <NumberInput
        label="Largest prompt in bytes"
        description="Of all text of a request. Empty: no limit."
        min={1}
        allowDecimal={false}
        thousandSeparator=","
        error={wrong('max_bytes')}
        value={use.max_bytes ?? ''}
        onChange={(value) => set({ max_bytes: value === '' ? null : Number(value) })}
      />
    </>
  )
}

function ProviderName({ use, set, wrong }: Use) {
  const providers = useGuardProviders().items.map((one) => one.id)
  const name = use.names?.[0]
  return (
    <Select
      label="External check"
      placeholder="Choose one"
      nothingFoundMessage="Set one up on the tab External checks first"
      data={[...new Set([...providers, ...(name === undefined ? [] : [name])])]}
      error={wrong('names')}
      value={name ?? null}
      onChange={(next) => set({ names: next === null ? [] : [next] })}
    />
  )
}
