import { Button, SegmentedControl } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ColumnDef } from '@tanstack/react-table'
import { useState } from 'react'
import type { Device, DeviceState } from '~/api/types'
import { readDeviceSearch, type DeviceSearch } from '~/app/search'
import { DataTable } from '~/parts/data_table'
import { EnrolCommand } from '~/parts/enrol_command'
import { ListView } from '~/parts/list_view'
import { Ago } from '~/parts/times'
import { Page } from '~/parts/page'
import { SearchInput } from '~/parts/search_input'
import { Empty } from '~/parts/states'
import { CaptureStatus, DeviceStatus } from '~/parts/status'
import { useDevices } from '~/state/devices'
import { given } from '~/words/log_search'
import { DevicePanel } from './device_panel'
import { NewEnrolmentToken } from './new_enrolment_token'

const columns: ColumnDef<Device>[] = [
  { header: 'Host name', accessorKey: 'hostname', meta: { opens: 'name' } },
  { header: 'User', cell: ({ row }) => row.original.user ?? '–', meta: { width: 120 } },
  {
    header: 'Platform',
    cell: ({ row }) => <span title={row.original.platform}>{row.original.os_version ?? row.original.platform}</span>,
    meta: { width: 190 },
  },
  { header: 'Agent', cell: ({ row }) => row.original.agent_version ?? '–', meta: { width: 80 } },
  { header: 'Apps', accessorKey: 'apps', meta: { width: 64, align: 'right' } },
  { header: 'State', cell: ({ row }) => <DeviceStatus state={row.original.state} />, meta: { width: 110 } },
  {
    header: 'Capture',
    cell: ({ row }) => (
      <span title={row.original.capture.detail ?? undefined}>
        <CaptureStatus state={row.original.capture.state} />
      </span>
    ),
    meta: { width: 120 },
  },
  { header: 'Last check-in', cell: ({ row }) => <Ago time={row.original.last_check_in} />, meta: { width: 130 } },
]

export function DevicesPage() {
  const { q, state, device } = readDeviceSearch(useSearch({ from: '/signed-in/devices' }))
  const navigate = useNavigate({ from: '/devices' })
  const list = useDevices(given<{ q: string; state: DeviceState }>({ q, state }))
  const change = (next: { [Name in keyof DeviceSearch]?: DeviceSearch[Name] | undefined }) =>
    void navigate({ search: (before) => given<DeviceSearch>({ ...before, ...next }), replace: true })

  return (
    <Page
      title="Devices"
      actions={<EnrolButton />}
      filters={
        <>
          <SearchInput hotkey label="Search devices" value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
          <SegmentedControl
            size="xs"
            aria-label="State"
            data={[
              { value: '', label: 'All' },
              { value: 'active', label: 'Active' },
              { value: 'stale', label: 'Stale' },
              { value: 'revoked', label: 'Revoked' },
            ]}
            value={state ?? ''}
            onChange={(value) => change({ state: value === '' ? undefined : (value) })}
          />
        </>
      }
    >
      <ListView
        list={list}
        what="devices"
        empty={q !== undefined || state !== undefined ? <NoMatch /> : <NoDevice />}
      >
        <DataTable
          label="Devices"
          columns={columns}
          items={list.items}
          idOf={(item) => item.id}
          minWidth={980}
          openId={device}
          onOpen={(item) => change({ device: item.id })}
        />
      </ListView>
      {device !== undefined && <DevicePanel key={device} id={device} onClose={() => change({ device: undefined })} />}
    </Page>
  )
}

function NoMatch() {
  return (
    <Empty title="No device matches these filters.">
      <Link to="/devices">Show all devices</Link>
    </Empty>
  )
}

function EnrolButton() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Enrol a device
      </Button>
      {open && <NewEnrolmentToken kind="device" onClose={() => setOpen(false)} />}
    </>
  )
}

function NoDevice() {
  return (
    <Empty title="No device has enrolled yet.">
      <p>
        Create an enrolment token with “Enrol a device”, then run these commands on the device with the token in place of{' '}
        <code>TOKEN</code>. It appears here by itself.
      </p>
      <EnrolCommand token="TOKEN" />
      <p>On the console's machine a token is also made by:</p>
      <EnrolCommand.Console />
    </Empty>
  )
}
