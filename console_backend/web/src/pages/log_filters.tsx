import { Button, Select, TextInput } from '@mantine/core'
import { SearchInput } from '~/parts/search_input'
import { log_words } from '~/parts/status'
import { useApps } from '~/state/apps'
import { useDevices } from '~/state/devices'
import { given, isFiltered, log_decisions, type LogSearch, type Range } from '~/words/log_search'
import { when } from '~/words/format'

type Change = (search: LogSearch) => void

// Whole ids: of a rule, of a virtual key, of a team.
const named_filters = [
  { name: 'guardrail', label: 'Guardrail' },
  { name: 'virtual_key', label: 'Virtual key' },
  { name: 'team', label: 'Team' },
] as const

export function LogFilterBar({ search, onChange }: { search: LogSearch; onChange: Change }) {
  const set = (next: { [Name in keyof LogSearch]?: LogSearch[Name] | undefined }) =>
    onChange(given<LogSearch>({ ...search, ...next }))
  return (
    <>
      <SearchInput hotkey label="Search requests" value={search.q ?? ''} onChange={(q) => set({ q: q || undefined })} />
      <Period search={search} onChange={set} />
      <AppFilter value={search.app} onChange={(app) => set({ app })} />
      <Select
        w={130}
        aria-label="Decision"
        placeholder="Decision"
        clearable
        data={log_decisions.map((value) => ({ value, label: log_words[value][1] }))}
        value={search.decision ?? null}
        onChange={(value) => set({ decision: (value) ?? undefined })}
      />
      <DeviceFilter value={search.device} onChange={(device) => set({ device })} />
      <SearchInput width={140} label="Model" value={search.model ?? ''} onChange={(model) => set({ model: model || undefined })} />
      <SearchInput
        width={110}
        label="Provider"
        value={search.provider ?? ''}
        onChange={(provider) => set({ provider: provider || undefined })}
      />
      {named_filters.map(({ name, label }) => (
        <SearchInput
          key={name}
          width={120}
          label={label}
          value={search[name] ?? ''}
          onChange={(value) => set({ [name]: value || undefined })}
        />
      ))}
      {isFiltered(search) && (
        <Button variant="subtle" color="gray" onClick={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </>
  )
}

const periods: { value: Range; label: string }[] = [
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
]

type PeriodFields = { range: Range | undefined; from: string | undefined; to: string | undefined }

// A period that moves with the clock, or one between two times.
function Period({ search: { range, from, to }, onChange }: { search: LogSearch; onChange: (period: PeriodFields) => void }) {
  const absolute = from !== undefined || to !== undefined
  const choose = (value: Range | 'custom' | null) => {
    if (value !== 'custom') onChange({ range: value ?? undefined, from: undefined, to: undefined })
    else if (!absolute) onChange({ range: undefined, from: startOfDay(), to: undefined })
  }
  return (
    <>
      <Select
        w={150}
        aria-label="Period"
        placeholder="Any time"
        clearable
        data={[...periods, { value: 'custom' as const, label: 'Between…' }]}
        value={absolute ? 'custom' : (range ?? null)}
        onChange={choose}
      />
      {absolute && (
        <>
          <TimeInput label="From" value={from} onChange={(time) => onChange({ range: undefined, from: time, to })} />
          <TimeInput label="To" value={to} onChange={(time) => onChange({ range: undefined, from, to: time })} />
        </>
      )}
    </>
  )
}

function startOfDay(): string {
  const day = new Date()
  day.setHours(0, 0, 0, 0)
  return day.toISOString()
}

// Shows and takes local time; the address holds UTC.
function TimeInput({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  return (
    <TextInput
      w={190}
      type="datetime-local"
      aria-label={label}
      value={value === undefined ? '' : when(value).slice(0, 16).replace(' ', 'T')}
      onChange={(event) => {
        const typed = event.currentTarget.value
        onChange(typed === '' ? undefined : new Date(typed).toISOString())
      }}
    />
  )
}

type Choice = { value: string; label: string }
type Chosen = { value: string | undefined; onChange: (value: string | undefined) => void }

// Whatever the address says stays choosable, though the list does not hold it (yet).
function withValue(choices: Choice[], value: string | undefined): Choice[] {
  if (value === undefined || choices.some((choice) => choice.value === value)) return choices
  return [...choices, { value, label: value }]
}

function AppFilter({ value, onChange }: Chosen) {
  const apps = useApps({})
  return (
    <Select
      w={150}
      aria-label="App"
      placeholder="App"
      clearable
      searchable
      data={withValue(
        apps.items.map((app) => ({ value: app.app, label: app.name })),
        value,
      )}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}

function DeviceFilter({ value, onChange }: Chosen) {
  const devices = useDevices({})
  return (
    <Select
      w={150}
      aria-label="Device"
      placeholder="Device"
      clearable
      searchable
      data={withValue(
        devices.items.map((device) => ({ value: device.id, label: device.hostname })),
        value,
      )}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}
