import { Button, Menu } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ColumnDef } from '@tanstack/react-table'
import { useState } from 'react'
import type { GuardrailOutcome, LogRow } from '~/api/types'
import { readLogPageSearch, type LogPageSearch } from '~/app/search'
import { DataTable } from '~/parts/data_table'
import { Icon } from '~/parts/icon'
import { ListView } from '~/parts/list_view'
import { Page } from '~/parts/page'
import { Empty } from '~/parts/states'
import { GuardStatus, LogStatus } from '~/parts/status'
import { usePausedTopic } from '~/state/live'
import { logExportUrl, useLogs } from '~/state/logs'
import { count, duration, when } from '~/words/format'
import { all_done } from '~/words/guardrails'
import { isFiltered, type LogSearch } from '~/words/log_search'
import { LogFilterBar } from './log_filters'
import { LogPanel } from './log_panel'
import classes from './logs.module.css'

const columns: ColumnDef<LogRow>[] = [
  {
    header: 'Time',
    cell: ({ row }) => <span title={when(row.original.time)}>{when(row.original.time, 'milliseconds').slice(5)}</span>,
    meta: { width: 170, opens: 'plain' },
  },
  {
    header: 'App',
    cell: ({ row }) => <Pair main={row.original.app} side={row.original.app_version} />,
    meta: { width: 160 },
  },
  {
    header: 'User and device',
    cell: ({ row }) => <Pair main={row.original.user} side={row.original.device_name ?? row.original.virtual_key} />,
  },
  { header: 'Model', cell: ({ row }) => <Pair main={row.original.model} side={row.original.provider} /> },
  {
    header: 'Decision',
    cell: ({ row }) => (
      <span title={row.original.reason ?? undefined}>
        <LogStatus decision={row.original.decision} />
      </span>
    ),
    meta: { width: 116 },
  },
  {
    header: 'Guardrails',
    cell: ({ row }) => <Strongest outcomes={row.original.guardrails} />,
    meta: { width: 116 },
  },
  { header: 'Status', cell: ({ row }) => row.original.status ?? '–', meta: { width: 60, align: 'right' } },
  {
    header: 'Tokens in / out',
    cell: ({ row }) => `${count(row.original.tokens.input)} / ${count(row.original.tokens.output)}`,
    meta: { width: 118, align: 'right' },
  },
  { header: 'Latency', cell: ({ row }) => duration(row.original.latency_us), meta: { width: 82, align: 'right' } },
  { header: 'Overhead', cell: ({ row }) => duration(row.original.overhead_us), meta: { width: 92, align: 'right' } },
]

// The strongest thing that a guardrail did with the request; all of it stands in the details.
function Strongest({ outcomes }: { outcomes: GuardrailOutcome[] }) {
  const done = all_done.find((one) => outcomes.some((outcome) => outcome.action === one))
  if (done === undefined) return <>–</>
  return (
    <span title={[...new Set(outcomes.map((one) => one.rule))].join(', ')}>
      <GuardStatus done={done} />
    </span>
  )
}

function Pair({ main, side }: { main: string | null; side: string | null }) {
  return (
    <span title={[main, side].filter((part) => part !== null).join(' · ')}>
      {main ?? '–'}
      {side !== null && <span className={classes.side}>{side}</span>}
    </span>
  )
}

export function LogsPage() {
  const { request, ...search } = readLogPageSearch(useSearch({ from: '/signed-in/logs' }))
  const navigate = useNavigate({ from: '/logs' })
  const [paused, setPaused] = useState(false)
  usePausedTopic('logs', paused)
  const list = useLogs(search)
  const show = (next: LogPageSearch) => void navigate({ search: readLogPageSearch(next), replace: true })
  const open = list.items.find((row) => row.request_id === request)

  return (
    <Page
      title="Logs"
      actions={
        <>
          <PauseSwitch paused={paused} onChange={setPaused} />
          <Export search={search} />
        </>
      }
      filters={<LogFilterBar search={search} onChange={show} />}
    >
      <ListView list={list} what="audit rows" empty={isFiltered(search) ? <NoMatch /> : <NoRequest />}>
        <DataTable
          label="Audit rows"
          columns={columns}
          items={list.items}
          idOf={(row) => row.request_id}
          minWidth={1280}
          openId={request}
          onOpen={(row) => show({ ...search, request: row.request_id })}
        />
      </ListView>
      {request !== undefined && !list.loading && (
        <LogPanel key={request} id={request} row={open} onClose={() => show(search)} />
      )}
    </Page>
  )
}

function PauseSwitch({ paused, onChange }: { paused: boolean; onChange: (paused: boolean) => void }) {
  return (
    <Button
      variant={paused ? 'light' : 'default'}
      aria-pressed={paused}
      leftSection={<Icon name={paused ? 'play' : 'pause'} size={14} />}
      onClick={() => onChange(!paused)}
    >
      {paused ? 'Paused' : 'Pause'}
    </Button>
  )
}

// The links are made when the menu opens, because a relative range is resolved then.
function Export({ search }: { search: LogSearch }) {
  const [urls, setUrls] = useState({ csv: '', json: '' })
  const renew = () => setUrls({ csv: logExportUrl(search, 'csv'), json: logExportUrl(search, 'json') })
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 0 }} onOpen={renew}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={urls.csv} download="sluice-logs.csv">
          CSV
        </Menu.Item>
        <Menu.Item component="a" href={urls.json} download="sluice-logs.jsonl">
          JSON, one row per line
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function NoMatch() {
  return (
    <Empty title="No request matches these filters.">
      <Link to="/logs">Clear the filters</Link>
    </Empty>
  )
}

function NoRequest() {
  return (
    <Empty title="No request has been recorded yet.">
      <p>
        Requests of AI apps on enrolled devices, and of API clients with a virtual key, appear here the moment the gateway
        decides on them.
      </p>
      <Link to="/devices">Go to Devices</Link>
    </Empty>
  )
}
