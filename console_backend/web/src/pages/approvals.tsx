import { Button, SegmentedControl } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ColumnDef } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import type { App, AppDecision } from '~/api/types'
import { readApprovalSearch, type ApprovalSearch } from '~/app/search'
import { DataTable } from '~/parts/data_table'
import { ListView } from '~/parts/list_view'
import { Page } from '~/parts/page'
import { SearchInput } from '~/parts/search_input'
import { Empty } from '~/parts/states'
import { AppStatus } from '~/parts/status'
import { Ago } from '~/parts/times'
import { useApps } from '~/state/apps'
import { count } from '~/words/format'
import { given } from '~/words/log_search'
import { AppPanel } from './app_panel'
import classes from './approvals.module.css'
import { DecideDialog, type Deciding } from './decide_dialog'

type Decide = (app: App, decision: AppDecision) => void

function columnsOf(decide: Decide): ColumnDef<App>[] {
  return [
    {
      header: 'App',
      cell: ({ row }) => <AppName app={row.original} />,
      meta: { opens: 'name' },
    },
    {
      header: 'Decision',
      cell: ({ row }) => <Decision app={row.original} />,
      meta: { width: 170 },
    },
    { header: 'Note', cell: ({ row }) => <span title={row.original.note ?? undefined}>{row.original.note ?? '–'}</span> },
    { header: 'Devices', accessorKey: 'devices', meta: { width: 74, align: 'right' } },
    {
      header: 'Versions',
      cell: ({ row }) => <Versions versions={row.original.versions} />,
      meta: { width: 110 },
    },
    {
      header: 'Requests, 24 h',
      cell: ({ row }) => count(row.original.requests_24h),
      meta: { width: 110, align: 'right' },
    },
    { header: 'First seen', cell: ({ row }) => <Ago time={row.original.first_seen} />, meta: { width: 96 } },
    { header: 'Last seen', cell: ({ row }) => <Ago time={row.original.last_seen} />, meta: { width: 96 } },
    {
      id: 'actions',
      header: () => <span className={classes.hidden}>Actions</span>,
      cell: ({ row }) => <Actions app={row.original} decide={decide} />,
      meta: { width: 158, align: 'right' },
    },
  ]
}

function AppName({ app }: { app: App }) {
  return (
    <>
      {app.name}
      {app.vendor && <span className={classes.vendor}>{app.vendor}</span>}
    </>
  )
}

function Decision({ app }: { app: App }) {
  const exceptions = app.device_decisions.length
  return (
    <>
      <AppStatus decision={app.decision} />
      {exceptions > 0 && (
        <span className={classes.vendor} title={`${exceptions} devices have a decision of their own`}>
          {`+${exceptions} device`}
        </span>
      )}
    </>
  )
}

function Versions({ versions }: { versions: string[] }) {
  const [newest, ...others] = versions
  if (newest === undefined) return <>–</>
  return (
    <span title={versions.join(', ')}>
      {newest}
      {others.length > 0 && <span className={classes.vendor}>{`+${others.length}`}</span>}
    </span>
  )
}

function Actions({ app, decide }: { app: App; decide: Decide }) {
  return (
    <span className={classes.actions}>
      {app.decision !== 'approved' && (
        <Button size="compact-xs" variant="default" onClick={() => decide(app, 'approved')} aria-label={`Approve ${app.name}`}>
          Approve
        </Button>
      )}
      {app.decision !== 'denied' && (
        <Button size="compact-xs" variant="default" onClick={() => decide(app, 'denied')} aria-label={`Deny ${app.name}`}>
          Deny
        </Button>
      )}
    </span>
  )
}

export function ApprovalsPage() {
  const { q, decision, app: open_app } = readApprovalSearch(useSearch({ from: '/signed-in/approvals' }))
  const navigate = useNavigate({ from: '/approvals' })
  const list = useApps(given<{ q: string; decision: AppDecision }>({ q, decision }))
  const [selected, setSelected] = useState<string[]>([])
  const [deciding, setDeciding] = useState<Deciding | null>(null)
  const columns = useMemo(() => columnsOf((app, to) => setDeciding({ apps: [app], decision: to })), [])
  const change = (next: { [Name in keyof ApprovalSearch]?: ApprovalSearch[Name] | undefined }) =>
    void navigate({ search: (before) => given<ApprovalSearch>({ ...before, ...next }), replace: true })
  // Rows that left the list (decided, or filtered away) are no longer acted upon.
  const chosen = list.items.filter((item) => selected.includes(item.app))
  const open = list.items.find((item) => item.app === open_app)
  const filtered = q !== undefined || decision !== undefined

  return (
    <Page
      title="Approvals"
      actions={
        chosen.length > 0 && (
          <Bulk
            size={chosen.length}
            decide={(to) => setDeciding({ apps: chosen, decision: to })}
            clear={() => setSelected([])}
          />
        )
      }
      filters={
        <>
          <SearchInput hotkey label="Search apps" value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
          <DecisionFilter
            counts={list.pages[0]?.counts}
            value={decision}
            onChange={(value) => {
              setSelected([])
              change({ decision: value })
            }}
          />
        </>
      }
    >
      <ListView list={list} what="apps" empty={filtered ? <NoMatch decision={decision} q={q} /> : <NoApp />}>
        <DataTable
          label="Apps"
          columns={columns}
          items={list.items}
          idOf={(item) => item.app}
          minWidth={1180}
          openId={open_app}
          onOpen={(item) => change({ app: item.app })}
          selection={{
            selected: chosen.map((item) => item.app),
            onSelect: setSelected,
            label: (id) => list.items.find((item) => item.app === id)?.name ?? id,
          }}
        />
      </ListView>
      {open && (
        <AppPanel
          app={open}
          decide={(to, device_id) => setDeciding({ apps: [open], decision: to, device_id })}
          onClose={() => change({ app: undefined })}
        />
      )}
      {deciding && (
        <DecideDialog
          deciding={deciding}
          onClose={() => setDeciding(null)}
          onDone={() => {
            setDeciding(null)
            setSelected([])
          }}
        />
      )}
    </Page>
  )
}

function Bulk({ size, decide, clear }: { size: number; decide: (to: AppDecision) => void; clear: () => void }) {
  return (
    <>
      <span role="status">{`${size} selected`}</span>
      <Button variant="default" onClick={() => decide('approved')}>
        Approve selected
      </Button>
      <Button variant="default" onClick={() => decide('denied')}>
        Deny selected
      </Button>
      <Button variant="subtle" color="gray" onClick={clear}>
        Clear
      </Button>
    </>
  )
}

function DecisionFilter({
  counts,
  value,
  onChange,
}: {
  counts: Record<AppDecision, number> | undefined
  value: AppDecision | undefined
  onChange: (value: AppDecision | undefined) => void
}) {
  const label = (name: string, of: AppDecision) => (counts ? `${name} ${counts[of]}` : name)
  return (
    <SegmentedControl
      size="xs"
      aria-label="Decision"
      data={[
        { value: '', label: 'All' },
        { value: 'pending', label: label('Pending', 'pending') },
        { value: 'approved', label: label('Approved', 'approved') },
        { value: 'denied', label: label('Denied', 'denied') },
      ]}
      value={value ?? ''}
      onChange={(next) => onChange(next === '' ? undefined : (next))}
    />
  )
}

function NoMatch({ decision, q }: { decision: AppDecision | undefined; q: string | undefined }) {
  return (
    <Empty title={decision === 'pending' && q === undefined ? 'Nothing waits for a decision.' : 'No app matches these filters.'}>
      <Link to="/approvals">Show all apps</Link>
    </Empty>
  )
}

function NoApp() {
  return (
    <Empty title="No AI application has been found yet.">
      <p>
        An app appears here when an enrolled device reports it installed or sends a request with it, and waits as “Pending”
        until you decide.
      </p>
      <Link to="/devices">Go to Devices</Link>
    </Empty>
  )
}
